package org.ikev2d.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.ikev2d.daemon.config.Validity;
import org.ikev2d.xfrm.OuterWay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/doctor.md describes every point there is, and none that there is not. */
class DoctorDocumentTest {
    private static final Pattern ROW = Pattern.compile("^\\| (`[^|]*`) \\|", Pattern.MULTILINE);

    @TempDir
    private Path root;

    @Test
    void everyPointIsDescribed() throws Exception {
        String document = Files.readString(Path.of(System.getProperty("ikev2d.root"), "docs", "doctor.md"));
        String points = document.substring(document.indexOf("## Points"), document.indexOf("## For programs"));
        var described = new TreeSet<String>();
        ROW.matcher(points).results().forEach(row -> {
            for (String word : row.group(1).split(", ", -1)) {
                described.add(word.replace("`", ""));
            }
        });
        FakeMachine machine = new FakeMachine(root);
        var found = new TreeSet<String>();
        machine.examine().forEach(finding -> found.add(finding.point()));
        machine.configure("10.1.0.0/16", "2001:db8:a::/48");
        machine.configure("10.2.0.0/16", "2001:db8:b::/48");
        machine.configure("192.0.2.1", "2001:db8::1");
        machine.configure("198.51.100.2", "2001:db8:1::2");
        machine.way("2001:db8:1::2", new OuterWay("eth0", 1500, false));
        machine.examine().forEach(finding -> found.add(finding.point()));
        found.removeIf(point -> point.startsWith("network-"));
        for (Validity.Kind kind : Validity.Kind.values()) {
            found.add(kind.word());
        }
        found.add("network-...");
        assertThat(found).isEqualTo(described);
    }
}
