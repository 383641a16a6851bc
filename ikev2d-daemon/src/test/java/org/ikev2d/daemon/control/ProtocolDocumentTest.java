package org.ikev2d.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import org.ikev2d.daemon.control.Request.Operation;
import org.junit.jupiter.api.Test;

/** docs/control-protocol.md knows every word that is spoken. */
class ProtocolDocumentTest {
    private final String document;

    ProtocolDocumentTest() throws IOException {
        document = Files.readString(Path.of(System.getProperty("ikev2d.root"), "docs", "control-protocol.md"));
    }

    @Test
    void everyMemberIsDescribed() throws Exception {
        Set<String> spoken = new TreeSet<>();
        FakeDaemon daemon = FakeDaemon.withTunnels();
        daemon.warns("b", new Warning("own-certificate-expires", "it expires"));
        RequestDesk desk = new RequestDesk(daemon);
        collect(desk.look(new Request(1, Operation.STATUS, "", false, false)), spoken);
        collect(desk.look(new Request(1, Operation.STATUS, "b", false, false)), spoken);
        spoken.removeAll(Set.of("end", "ok"));
        assertThat(spoken)
                .contains("last_error", "spi_in", "can")
                .allSatisfy(word -> assertThat(document).contains("`" + word + "`"));
    }

    @Test
    void everyOperationIsDescribed() {
        for (Operation operation : Operation.values()) {
            assertThat(document).contains("| `" + operation.word() + "` |");
        }
    }

    @Test
    void everyErrorIsDescribed() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(document.substring(document.indexOf("## Errors"))).contains("`" + code.word() + "`");
        }
    }

    @Test
    void theLimitsAreTheRealOnes() {
        ControlLimits limits = ControlLimits.DEFAULT;
        assertThat(document)
                .contains("at most\n" + limits.lineLength() + " octets")
                .contains("changes (" + limits.waiting() + ") wait")
                .contains(limits.connections() + " clients are waiting")
                .contains("closed after " + limits.idle().toSeconds() + " seconds");
    }

    private static void collect(Iterator<String> lines, Set<String> members) throws JsonParserException {
        while (lines.hasNext()) {
            collect(JsonParser.object().from(lines.next()), members);
        }
    }

    private static void collect(Object value, Set<String> members) {
        if (value instanceof JsonObject object) {
            members.addAll(object.keySet());
            object.values().forEach(inside -> collect(inside, members));
        } else if (value instanceof JsonArray array) {
            array.forEach(inside -> collect(inside, members));
        }
    }
}
