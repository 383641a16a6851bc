package org.ikev2d.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** What the doctor finds at a machine, looked at anew each time. */
record Examined(FakeMachine machine) {
    Finding find(String point) throws IOException {
        List<Finding> found = machine.examine().stream()
                .filter(finding -> finding.point().equals(point))
                .toList();
        assertThat(found).as(point).hasSize(1);
        return found.get(0);
    }

    void todo(String point, String text, String... commands) throws IOException {
        Finding finding = find(point);
        assertThat(finding.verdict()).as(finding.text()).isEqualTo(Verdict.TODO);
        assertThat(finding.text()).contains(text);
        assertThat(finding.commands()).containsExactly(commands);
    }

    void fine(String point, String text) throws IOException {
        Finding finding = find(point);
        assertThat(finding.verdict()).as(finding.text()).isEqualTo(Verdict.FINE);
        assertThat(finding.text()).contains(text);
        assertThat(finding.commands()).isEmpty();
    }

    void unknown(String point, String text) throws IOException {
        Finding finding = find(point);
        assertThat(finding.verdict()).as(finding.text()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.text()).contains(text);
    }

    void absent(String point) throws IOException {
        assertThat(machine.examine()).noneMatch(finding -> finding.point().equals(point));
    }
}
