package org.ikev2d.daemon;

import java.io.PrintStream;
import java.util.List;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.xfrm.XfrmKernel;

/**
 * What the service manager runs after the daemon has ended, however it ended: takes the flag off our policies that makes
 * CPUs wait for a daemon's answer. Knows our policies by their reqids, and so needs neither a daemon nor a configuration
 * that can be read. States and policies stay.
 */
public final class Release {
    private static final String USAGE = "usage: ikev2d-release [--config FILE]";
    private static final int EPROTONOSUPPORT = 93;

    private Release() {}

    public static void main(String[] words) {
        System.exit(run(System.out, System.err, words));
    }

    /** @return the exit status */
    static int run(PrintStream out, PrintStream err, String... words) {
        if (List.of(words).equals(List.of("--help"))) {
            out.println(USAGE);
            return Main.STOPPED;
        }
        boolean understood = words.length == 0 || (words.length == 2 && words[0].equals("--config"));
        if (!understood) {
            err.println(USAGE);
            return Main.MISUSED;
        }
        try (XfrmKernel kernel = XfrmKernel.open()) {
            int cleared = kernel.clearCpuAcquire();
            out.println("ikev2d-release: " + told(cleared));
            return Main.STOPPED;
        } catch (KernelException e) {
            if (e.errno() == EPROTONOSUPPORT) {
                out.println("ikev2d-release: this kernel has no policies, nothing to do");
                return Main.STOPPED;
            }
            err.println("ikev2d-release: " + e.getMessage());
            return Main.FAILED;
        }
    }

    private static String told(int cleared) {
        return cleared == 0
                ? "no policy of ours makes CPUs wait, nothing to do"
                : "took the flag that makes CPUs wait off " + cleared + (cleared == 1 ? " policy" : " policies");
    }
}
