package org.ikev2d.daemon.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.daemon.config.ConfigFile;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.ikev2d.daemon.config.DaemonConfig;
import org.ikev2d.daemon.config.DaemonSettings;
import org.ikev2d.daemon.config.DaemonSettings.DataPlaneWish;
import org.ikev2d.daemon.config.DaemonSettings.Steering;
import org.ikev2d.daemon.config.Validity;
import org.ikev2d.daemon.control.Text;
import org.ikev2d.daemon.doctor.Doctor;
import org.ikev2d.daemon.doctor.Finding;
import org.ikev2d.daemon.doctor.Patient;
import org.ikev2d.daemon.doctor.Verdict;

/** {@code ikev2ctl doctor}: looks at this machine, with a configuration file or without; needs no daemon. */
final class Examination {
    static final int FINE = 0;
    static final int TODO = 1;
    static final int UNSEEN = 2;

    private static final String DEFAULT_FILE = "/etc/ikev2d/ikev2d.toml";

    private final PrintStream out;

    Examination(PrintStream out) {
        this.out = out;
    }

    /**
     * @param file empty for the usual one
     * @return the exit status
     */
    int run(String file, boolean json) {
        List<Finding> findings = new ArrayList<>();
        try {
            findings.addAll(examine(file.isEmpty() ? DEFAULT_FILE : file));
        } catch (KernelException e) {
            findings.add(new Finding("machine", "kernel", Verdict.UNKNOWN, e.getMessage(), List.of()));
        }
        if (json) {
            out.println(JsonWriter.string(document(findings)));
        } else {
            out.print(text(findings));
        }
        return status(findings);
    }

    static int status(List<Finding> findings) {
        if (count(findings, Verdict.TODO) > 0) {
            return TODO;
        }
        return count(findings, Verdict.UNKNOWN) > 0 ? UNSEEN : FINE;
    }

    private static List<Finding> examine(String file) throws KernelException {
        Loaded loaded;
        try {
            loaded = ConfigFile.load(Path.of(file));
        } catch (InvalidPathException e) {
            return without(file, "this is no file name: " + e.getReason());
        }
        if (loaded instanceof Loaded.Invalid invalid) {
            return without(file, invalid.problems().get(0).toString());
        }
        try (DaemonConfig config = ((Loaded.Valid) loaded).config()) {
            Map<String, ReqId> reqIds = new HashMap<>();
            config.tunnels().forEach(name -> reqIds.put(name, ReqId.ofTunnel(reqIds.size())));
            DaemonSettings settings = config.settings();
            return Doctor.look(new Patient(
                    config.policy(reqIds),
                    settings.runtimeDir(),
                    settings.dataPlane() != DataPlaneWish.USERSPACE,
                    settings.steering() == Steering.AUTO,
                    config.validities(Instant.now()).stream()
                            .map(Examination::paper)
                            .toList()));
        }
    }

    private static Patient.Paper paper(Validity validity) {
        return new Patient.Paper(
                validity.tunnel(), validity.kind().word(), validity.state() == Validity.State.FINE, validity.text());
    }

    /** The machine alone. */
    private static List<Finding> without(String file, String why) throws KernelException {
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(
                "configuration",
                "tunnels",
                Verdict.UNKNOWN,
                "not looked at: " + why,
                List.of("ikev2ctl check " + file)));
        findings.addAll(
                Doctor.look(new Patient(EnginePolicy.of(List.of()), Path.of("/run/ikev2d"), true, true, List.of())));
        return findings;
    }

    private static long count(List<Finding> findings, Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    static String text(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        int width = findings.stream()
                .mapToInt(finding -> finding.point().length())
                .max()
                .orElse(0);
        String about = "";
        for (Finding finding : findings) {
            if (!finding.about().equals(about)) {
                about = finding.about();
                text.append(about).append('\n');
            }
            text.append(String.format(
                    Locale.ROOT,
                    "  %-7s  %-" + width + "s  %s%n",
                    word(finding.verdict()),
                    finding.point(),
                    Text.visible(finding.text())));
            finding.commands()
                    .forEach(command -> text.append(" ".repeat(13 + width))
                            .append(Text.visible(command))
                            .append('\n'));
        }
        long todo = count(findings, Verdict.TODO);
        long unseen = count(findings, Verdict.UNKNOWN);
        text.append('\n')
                .append(todo == 0 ? "nothing to do" : todo + (todo == 1 ? " thing to do" : " things to do"))
                .append(unseen == 0 ? "" : ", " + unseen + " not seen")
                .append('\n');
        return text.toString();
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    static JsonObject document(List<Finding> findings) {
        JsonArray all = new JsonArray();
        for (Finding finding : findings) {
            JsonObject each = new JsonObject();
            each.put("about", finding.about());
            each.put("point", finding.point());
            each.put("verdict", word(finding.verdict()));
            each.put("text", finding.text());
            each.put("commands", new JsonArray(finding.commands()));
            all.add(each);
        }
        JsonObject document = new JsonObject();
        document.put("v", 1);
        document.put("findings", all);
        return document;
    }
}
