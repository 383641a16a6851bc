package org.ikev2d.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ikev2d.daemon.control.Request.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of a real server on a real socket, and what it answers. */
class ControlServerTest extends ServedSocket {
    @Test
    void oneConnectionAsksManyThings() throws IOException {
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask("{\"v\":1,\"id\":1,\"op\":\"version\"}"))
                    .containsExactly(
                            "{\"v\":1,\"id\":1,\"daemon\":{\"version\":\"0.1.0\",\"started_at\":1800000000,"
                                    + "\"dataplane\":\"kernel\",\"dataplane_why\":\"it has ESP\",\"unit\":\"cpu\",\"can\":[\"ESP\",\"SA_PCPU\"],\"cannot\":[],\"dropped\":{\"in-replay\":3}}}",
                            "{\"v\":1,\"id\":1,\"end\":true,\"ok\":true}");
            List<String> status = client.ask("{\"v\":1,\"id\":-2,\"op\":\"status\"}");
            assertThat(status).hasSize(4).allSatisfy(line -> assertThat(line).startsWith("{\"v\":1,\"id\":-2,"));
            assertThat(status.get(1)).contains("\"name\":\"b\"");
            assertThat(status.get(2)).contains("\"name\":\"office\"").doesNotContain("\u001b");
            assertThat(client.ask("{\"v\":1,\"id\":3,\"op\":\"status\",\"tunnel\":\"b\"}"))
                    .hasSize(3);
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"b\"}"))
                    .containsExactly("{\"v\":1,\"id\":7,\"end\":true,\"ok\":true,\"text\":\"b is up\"}");
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"))
                    .containsExactly(OK);
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"office\"}"))
                    .containsExactly("{\"v\":1,\"id\":7,\"end\":true,\"ok\":false,"
                            + "\"error\":{\"code\":\"failed\",\"text\":\"the peer does not answer\"}}");
        }
    }

    @Test
    void changesAreToldWithTheirAuthor() throws Exception {
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            client.ask("{\"v\":1,\"id\":7,\"op\":\"status\"}");
            client.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}");
            client.ask("{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"nowhere\"}");
            client.ask("{\"v\":1,\"id\":7,\"op\":\"stop\",\"keep\":true}");
        }
        int uid = (Integer) Files.getAttribute(socket, "unix:uid");
        int gid = (Integer) Files.getAttribute(socket, "unix:gid");
        Peer us = new Peer((int) ProcessHandle.current().pid(), uid, gid);
        assertThat(told.changes)
                .containsExactly(new Change(Operation.DOWN, "b", false, us), new Change(Operation.STOP, "", true, us));
        assertThat(daemon.stopped().get(1, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello | null | bad-json",
                "[1] | null | bad-json",
                "7 | null | bad-json",
                "{} {} | null | bad-json",
                "{\"v\":1,\"id\":7,\"op\":\"status\" | null | bad-json",
                "{\"v\":1,\"id\":7,\"op\":[[[[[[[[[[]]]]]]]]]]} | null | bad-json",
                "'' | null | bad-json",
                "{} | null | bad-request",
                "{\"v\":1,\"op\":\"status\"} | null | bad-request",
                "{\"v\":1,\"id\":\"7\",\"op\":\"status\"} | null | bad-request",
                "{\"v\":1,\"id\":7.5,\"op\":\"status\"} | null | bad-request",
                "{\"v\":1,\"id\":99999999999999999999,\"op\":\"status\"} | null | bad-request",
                "{\"id\":7,\"op\":\"status\"} | 7 | bad-version",
                "{\"v\":2,\"id\":7,\"op\":\"status\"} | 7 | bad-version",
                "{\"v\":\"1\",\"id\":7,\"op\":\"status\"} | 7 | bad-version",
                "{\"v\":1,\"id\":7} | 7 | unknown-op",
                "{\"v\":1,\"id\":7,\"op\":\"reboot\"} | 7 | unknown-op",
                "{\"v\":1,\"id\":7,\"op\":\"STATUS\"} | 7 | unknown-op",
                "{\"v\":1,\"id\":7,\"op\":8} | 7 | unknown-op",
                "{\"v\":1,\"id\":7,\"op\":\"status\",\"tunel\":\"b\"} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"status\",\"tunnel\":null} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"status\",\"tunnel\":\"\"} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"status\",\"tunnel\":\"nowhere\"} | 7 | unknown-tunnel",
                "{\"v\":1,\"id\":7,\"op\":\"status\",\"keep\":true} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"up\"} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":[\"b\"]} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"nowhere\"} | 7 | unknown-tunnel",
                "{\"v\":1,\"id\":7,\"op\":\"stop\",\"keep\":1} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"b\",\"ike\":true} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"stop\",\"tunnel\":\"b\"} | 7 | bad-request",
                "{\"v\":1,\"id\":7,\"op\":\"version\",\"tunnel\":\"b\"} | 7 | bad-request",
            })
    void aBadLineGetsOneLineAndTheConnectionGoesOn(String line, String id, String code) throws IOException {
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask(line))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("{\"v\":1,\"id\":" + id + ",\"end\":true,\"ok\":false,\"error\":{\"code\":\"" + code
                            + "\",\"text\":\"");
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"))
                    .containsExactly(OK);
        }
        assertThat(told.faults).isEmpty();
    }

    @Test
    void octetsThatAreNotUtf8AreRefused() throws IOException {
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            client.raw(new byte[] {'{', (byte) 0xff, '}', '\n'});
            assertThat(client.line()).contains("\"code\":\"bad-json\"");
        }
    }

    @Test
    void aLineThatIsTooLongIsRefusedAndEndsTheConnection() throws IOException {
        open(ControlLimits.DEFAULT);
        int longest = ControlLimits.DEFAULT.lineLength();
        String request = "{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}";
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask(request + " ".repeat(longest - request.length())))
                    .containsExactly(OK);
            client.raw((request + " ".repeat(longest + 1 - request.length())).getBytes(StandardCharsets.UTF_8));
            assertThat(client.line()).contains("\"code\":\"too-long\"");
            assertThat(client.line()).isNull();
        }
    }

    @Test
    void aLineMayComeInPiecesAndManyAtOnce() throws IOException {
        open(ControlLimits.DEFAULT);
        String request = "{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}\n";
        try (LineClient client = new LineClient(socket)) {
            for (byte octet : request.getBytes(StandardCharsets.UTF_8)) {
                client.raw(new byte[] {octet});
            }
            assertThat(client.line()).isEqualTo(OK);
            client.raw(request.repeat(1000).getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 1000; i++) {
                assertThat(client.line()).isEqualTo(OK);
            }
        }
    }

    @Test
    void halfAClosedConnectionIsAnsweredToTheEnd() throws IOException {
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            client.raw(
                    "{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"office\"}\n{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"
                            .getBytes(StandardCharsets.UTF_8));
            client.endOfInput();
            assertThat(client.line()).contains("\"failed\"");
            assertThat(client.line()).isEqualTo(OK);
            assertThat(client.line()).isNull();
        }
    }

    @Test
    void aFaultOfOursIsToldAsSuch() throws IOException {
        daemon.add("faulty");
        open(ControlLimits.DEFAULT);
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"faulty\"}"))
                    .containsExactly("{\"v\":1,\"id\":7,\"end\":true,\"ok\":false,"
                            + "\"error\":{\"code\":\"internal\",\"text\":\"a fault of ikev2d; its log has more\"}}");
            daemon.breakDown();
            assertThat(client.ask("{\"v\":1,\"id\":8,\"op\":\"status\"}"))
                    .first()
                    .asString()
                    .startsWith("{\"v\":1,\"id\":8,")
                    .contains("\"internal\"");
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"version\"}")).hasSize(2);
        }
        assertThat(told.faults).hasSize(2).allMatch(IllegalStateException.class::isInstance);
    }
}
