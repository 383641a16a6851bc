package org.ikev2d.daemon.cli;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.ikev2d.daemon.config.ConfigFile;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.ikev2d.daemon.config.DaemonConfig;
import org.ikev2d.daemon.config.Problem;

/** Reads a configuration file as the daemon would, and tells all that is wrong with it. */
final class Check {
    private final PrintStream out;

    Check(PrintStream out) {
        this.out = out;
    }

    /** @return the exit status */
    int run(String file) {
        Loaded loaded;
        try {
            loaded = ConfigFile.load(Path.of(file));
        } catch (InvalidPathException e) {
            out.println("this is no file name: " + e.getReason());
            return Ikev2ctl.FAILED;
        }
        if (loaded instanceof Loaded.Valid valid) {
            try (DaemonConfig config = valid.config()) {
                int tunnels = config.tunnels().size();
                out.println(file + ": ok, " + tunnels + (tunnels == 1 ? " tunnel" : " tunnels"));
            }
            return Ikev2ctl.DONE;
        }
        for (Problem problem : ((Loaded.Invalid) loaded).problems()) {
            out.println(problem);
        }
        return Ikev2ctl.FAILED;
    }
}
