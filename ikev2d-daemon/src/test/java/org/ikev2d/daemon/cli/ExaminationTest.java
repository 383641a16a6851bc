package org.ikev2d.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonParser;
import java.util.List;
import org.ikev2d.daemon.doctor.Finding;
import org.ikev2d.daemon.doctor.Verdict;
import org.junit.jupiter.api.Test;

class ExaminationTest {
    private static final Finding FINE = new Finding("machine", "xfrm", Verdict.FINE, "it is there", List.of());
    private static final Finding TODO = new Finding(
            "eth0",
            "interrupts",
            Verdict.TODO,
            "2 of 4 queues have no CPU \u001b[2Jof their own",
            List.of("echo 1 >/proc/irq/41/smp_affinity_list", "echo 3 >/proc/irq/43/smp_affinity_list"));
    private static final Finding UNKNOWN =
            new Finding("eth0", "rps", Verdict.UNKNOWN, "cannot be seen", List.of("sudo ikev2ctl doctor"));

    @Test
    void eachPointHasALineAndWhatToDoStandsBelowIt() {
        assertThat(Examination.text(List.of(FINE, TODO, UNKNOWN))).isEqualTo("""
                        machine
                          fine     xfrm        it is there
                        eth0
                          todo     interrupts  2 of 4 queues have no CPU \\u001b[2Jof their own
                                               echo 1 >/proc/irq/41/smp_affinity_list
                                               echo 3 >/proc/irq/43/smp_affinity_list
                          unknown  rps         cannot be seen
                                               sudo ikev2ctl doctor

                        1 thing to do, 1 not seen
                        """);
        assertThat(Examination.text(List.of(FINE))).endsWith("\n\nnothing to do\n");
    }

    @Test
    void programsGetTheSame() throws Exception {
        assertThat(Examination.document(List.of(FINE, TODO)))
                .isEqualTo(JsonParser.object().from("""
                        {"v":1,"findings":[
                        {"about":"machine","point":"xfrm","verdict":"fine","text":"it is there","commands":[]},
                        {"about":"eth0","point":"interrupts","verdict":"todo",
                         "text":"2 of 4 queues have no CPU \\u001b[2Jof their own",
                         "commands":["echo 1 >/proc/irq/41/smp_affinity_list","echo 3 >/proc/irq/43/smp_affinity_list"]}]}
                        """));
    }

    @Test
    void theExitStatusIsThatOfTheWorst() {
        assertThat(Examination.status(List.of(FINE))).isZero();
        assertThat(Examination.status(List.of(FINE, UNKNOWN))).isEqualTo(2);
        assertThat(Examination.status(List.of(UNKNOWN, TODO, FINE))).isEqualTo(1);
    }
}
