package org.ikev2d.daemon.doctor;

import java.util.OptionalInt;
import org.ikev2d.xfrm.Capabilities;
import org.ikev2d.xfrm.Capabilities.Capability;

/** What the kernel can, how it is set, and what else the daemon needs to be there. */
record KernelPoints(Patient patient, Tree tree, Instruments instruments, Findings findings) {
    private static final String KEEP = "/etc/sysctl.d/ikev2d.conf";

    /** Longer, and a CPU whose question stays unanswered waits too long; shorter, and the peer has no time to answer. */
    private static final int LEAST_ACQUIRE = 5;

    private static final int MOST_ACQUIRE = 60;

    void look() {
        Capabilities kernel = instruments.kernel();
        String release = tree.text("proc/sys/kernel/osrelease").orElse("of an unknown release");
        if (kernel.netAdmin().isThere() || !kernel.xfrm().isThere()) {
            xfrm(kernel);
            perCpu(kernel, release);
        } else {
            findings.unknown(
                    "kernel",
                    "Linux " + release + " does not answer: "
                            + kernel.netAdmin().missing(),
                    "sudo ikev2ctl doctor");
        }
        for (boolean ipv4 : new boolean[] {true, false}) {
            if (patient.outer(ipv4)) {
                esp(
                        ipv4,
                        ipv4 ? kernel.esp4() : kernel.esp6(),
                        kernel.netAdmin().isThere());
            }
        }
        acquireTime();
        larvalDrop();
        perl();
    }

    private void xfrm(Capabilities kernel) {
        if (kernel.xfrm().isThere()) {
            findings.fine("xfrm", "the kernel has it, and we may use it");
        } else {
            findings.todo("xfrm", "the kernel has none: " + kernel.xfrm().missing(), "modprobe xfrm_user");
        }
    }

    private void perCpu(Capabilities kernel, String release) {
        if (!patient.kernelPlane()) {
            findings.fine("kernel", "Linux " + release + "; dataplane = \"userspace\" does not need its ESP");
        } else if (kernel.saDirection().isThere() && kernel.saCpu().isThere()) {
            findings.fine("kernel", "Linux " + release + ", with SAs for single CPUs");
        } else {
            findings.todo(
                    "kernel",
                    "Linux " + release + " has no SAs for single CPUs, so that every tunnel has one ordinary SA:"
                            + " they came with Linux 6.13");
        }
    }

    private void esp(boolean ipv4, Capability esp, boolean askable) {
        String module = ipv4 ? "esp4" : "esp6";
        if (!patient.kernelPlane() || (!esp.isThere() && !askable)) {
            return;
        }
        if (!esp.isThere()) {
            findings.todo(module, "the kernel has no ESP over " + family(ipv4) + ": " + esp.missing(), loading(module));
            return;
        }
        findings.fine(module, "the kernel has ESP over " + family(ipv4));
        String offload = module + "_offload";
        if (hasModule(offload)) {
            findings.fine(offload, "there: packets of a flow go through ESP together (GRO, GSO)");
        } else {
            findings.todo(offload, "not there: each packet goes through ESP alone", loading(offload));
        }
    }

    private static String[] loading(String module) {
        return new String[] {"modprobe " + module, "echo " + module + " >>/etc/modules-load.d/ikev2d.conf"};
    }

    private boolean hasModule(String name) {
        String release = tree.text("proc/sys/kernel/osrelease").orElse("");
        return tree.has("sys/module/" + name)
                || tree.lines("proc/modules").stream().anyMatch(line -> line.startsWith(name + " "))
                || tree.lines("lib/modules/" + release + "/modules.builtin").stream()
                        .anyMatch(line -> line.endsWith("/" + name + ".ko"));
    }

    private static String family(boolean ipv4) {
        return ipv4 ? "IPv4" : "IPv6";
    }

    /** How long the kernel waits for an SA that it asked for, and holds the CPU up meanwhile. */
    private void acquireTime() {
        OptionalInt seconds = number("proc/sys/net/core/xfrm_acq_expires");
        if (seconds.isEmpty()) {
            return;
        }
        String held = "a question of the kernel's for an SA lapses after " + seconds.getAsInt() + " s";
        if (seconds.getAsInt() >= LEAST_ACQUIRE && seconds.getAsInt() <= MOST_ACQUIRE) {
            findings.fine("xfrm-acq-expires", held);
        } else {
            findings.todo(
                    "xfrm-acq-expires",
                    held + ", not " + LEAST_ACQUIRE + " to " + MOST_ACQUIRE + ": set net.core.xfrm_acq_expires",
                    setting("net.core.xfrm_acq_expires", 30));
        }
    }

    private void larvalDrop() {
        OptionalInt drop = number("proc/sys/net/core/xfrm_larval_drop");
        if (drop.isEmpty()) {
            return;
        }
        if (drop.getAsInt() == 0) {
            findings.fine("xfrm-larval-drop", "packets that wait for an SA are queued");
        } else if (!patient.hasOnDemandSets()) {
            findings.fine("xfrm-larval-drop", "packets that wait for an SA are dropped; no tunnel makes SAs on demand");
        } else {
            findings.todo(
                    "xfrm-larval-drop",
                    "packets that wait for an SA made on demand are dropped; the kernel can queue them",
                    setting("net.core.xfrm_larval_drop", 0));
        }
    }

    private void perl() {
        if (tree.runs("usr/bin/perl")) {
            findings.fine("guard", "perl is there for ikev2d-guard, which keeps CPUs from waiting for a dead daemon");
        } else {
            findings.todo(
                    "guard",
                    "no /usr/bin/perl: without ikev2d-guard, CPUs without an SA of their own wait for a dead daemon",
                    "apt-get install perl-base");
        }
    }

    private OptionalInt number(String path) {
        try {
            return OptionalInt.of(Integer.parseInt(tree.text(path).orElse("")));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    static String[] setting(String name, int value) {
        return new String[] {"sysctl -w " + name + "=" + value, "echo " + name + "=" + value + " >>" + KEEP};
    }
}
