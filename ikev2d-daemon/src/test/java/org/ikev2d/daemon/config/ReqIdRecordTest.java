package org.ikev2d.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ikev2d.core.kernel.ReqId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReqIdRecordTest {
    @TempDir
    Path folder;

    @Test
    void aTunnelKeepsItsReqIdAcrossRestarts() throws IOException {
        Map<String, ReqId> before = ReqIdRecord.open(folder).assign(List.of("b", "a"));
        Map<String, ReqId> after = ReqIdRecord.open(folder).assign(List.of("new", "a", "b"));
        assertThat(before).containsExactly(Map.entry("b", ReqId.ofTunnel(0)), Map.entry("a", ReqId.ofTunnel(1)));
        assertThat(after).containsAllEntriesOf(before).containsEntry("new", ReqId.ofTunnel(2));
    }

    @Test
    void aNameThatIsGoneKeepsItsReqIdUntilForgotten() throws IOException {
        ReqIdRecord.open(folder).assign(List.of("old", "b"));
        ReqIdRecord record = ReqIdRecord.open(folder);
        assertThat(record.assign(List.of("c"))).containsEntry("c", ReqId.ofTunnel(2));
        assertThat(record.all()).containsEntry("old", ReqId.ofTunnel(0));
        record.forget(List.of("old"));
        assertThat(ReqIdRecord.open(folder).all()).doesNotContainKey("old");
        assertThat(ReqIdRecord.open(folder).assign(List.of("d"))).containsEntry("d", ReqId.ofTunnel(0));
    }

    @Test
    void theFileIsForPeopleTooAndNothingElseIsLeft() throws IOException {
        ReqIdRecord.open(folder).assign(List.of("b"));
        assertThat(folder.resolve("reqids.json")).hasContent("""
                        {
                          "v":1,
                          "tunnels":{
                            "b":484573184
                          }
                        }
                        """);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("reqids.json"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"v\":2,\"tunnels\":{}}",
                "{\"v\":1}",
                "{\"v\":1,\"tunnels\":[]}",
                "{\"v\":1,\"tunnels\":{\"b\":\"484573184\"}}",
                "{\"v\":1,\"tunnels\":{\"b\":1}}",
                "{\"v\":1,\"tunnels\":{\"b\":484573185}}",
                "{\"v\":1,\"tunnels\":{\"b\":484573184,\"c\":484573184}}",
                "{\"v\":1,\"tunnels\":{\"b\":4845731849999}}",
            })
    void aRecordThatCannotBeUnderstoodIsMovedAside(String content) throws IOException {
        Files.writeString(folder.resolve("reqids.json"), content);
        ReqIdRecord record = ReqIdRecord.open(folder);
        assertThat(record.warning()).isPresent().get().asString().contains("reqids.json.broken");
        assertThat(record.all()).isEmpty();
        assertThat(folder.resolve("reqids.json.broken")).hasContent(content);
        assertThat(record.assign(List.of("b"))).containsEntry("b", ReqId.ofTunnel(0));
        assertThat(ReqIdRecord.open(folder).warning()).isEmpty();
    }

    @Test
    void octetsThatAreNotUtf8AreMovedAside() throws IOException {
        Files.write(folder.resolve("reqids.json"), new byte[] {'{', (byte) 0xff, '}'});
        assertThat(ReqIdRecord.open(folder).warning()).isPresent();
    }

    @Test
    void whenAllReqIdsAreTakenThatIsSaid() throws IOException {
        List<String> names =
                IntStream.range(0, 32_768).mapToObj(Integer::toString).toList();
        ReqIdRecord record = ReqIdRecord.open(folder);
        record.assign(names);
        assertThatThrownBy(() -> record.assign(List.of("more")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("all 32768 reqids are taken");
    }

    @Test
    void aRecordThatCannotBeWrittenIsAnError() throws IOException {
        ReqIdRecord record = ReqIdRecord.open(folder);
        Files.createDirectory(folder.resolve("reqids.json.new"));
        assertThatThrownBy(() -> record.assign(List.of("b"))).isInstanceOf(IOException.class);
    }
}
