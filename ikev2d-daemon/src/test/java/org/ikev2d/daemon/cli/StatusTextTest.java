package org.ikev2d.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Path;
import java.util.Optional;
import org.ikev2d.daemon.cli.ControlClient.Reply;
import org.ikev2d.daemon.control.ControlLimits;
import org.ikev2d.daemon.control.ControlServer;
import org.ikev2d.daemon.control.FakeDaemon;
import org.ikev2d.daemon.control.Recorder;
import org.ikev2d.daemon.control.Warning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see, to the letter, from what a server sent over a socket. */
class StatusTextTest {
    private static final StatusText TEXT = new StatusText(FakeDaemon.STARTED_AT + 7_300);

    @TempDir
    Path folder;

    @Test
    void everyConfiguredTunnelHasARow() throws Exception {
        assertThat(TEXT.overview(ask(FakeDaemon.withTunnels(), ""))).isEqualTo("""
                        NAME    STATE       PEER               CHILDREN       RX       TX  UPTIME  LAST ERROR
                        b       up          198.51.100.2:500        4/5  3.2 GiB  6.5 GiB   2h 1m  -
                        office  connecting  [2001:db8::2]:500       0/5      0 B      0 B       -  no-proposal-chosen 2h 1m ago: the peer takes none of our proposals: \\u001b[2Jcompare
                        """);
    }

    @Test
    void whatTheKernelCannotDoComesFirst() throws Exception {
        FakeDaemon daemon = new FakeDaemon();
        daemon.cannot("no SA_PCPU (Linux 6.13): ordinary Child SAs only");
        assertThat(TEXT.overview(ask(daemon, ""))).isEqualTo("""
                        warning: no SA_PCPU (Linux 6.13): ordinary Child SAs only
                        no tunnel is configured
                        """);
    }

    @Test
    void whatIsAboutToEndComesFirstToo() throws Exception {
        FakeDaemon daemon = FakeDaemon.withTunnels();
        daemon.warns("b", new Warning("own-certificate-expires", "our certificate \"CN=\u001b\" expires"));
        assertThat(TEXT.overview(ask(daemon, "")))
                .startsWith("warning: tunnel b: our certificate \"CN=\\u001b\" expires\nNAME ");
        assertThat(TEXT.detail(ask(daemon, "b").tunnels().getObject(0)))
                .contains("\nwarning     our certificate \"CN=\\u001b\" expires\n");
    }

    @Test
    void oneTunnelHasARowForEachCpu() throws Exception {
        assertThat(TEXT.detail(ask(FakeDaemon.withTunnels(), "b").tunnels().getObject(0)))
                .isEqualTo("""
                        tunnel      b
                        state       up for 2h 1m, we are initiator
                        local       192.0.2.1:500
                        peer        198.51.100.2:500
                        ike         AES_GCM_16-256/PRF_HMAC_SHA2_256/CURVE25519
                        we are      "a.example.org", by ecdsa-sha256, certificate C=XX, CN=a until 2027-01-15T08:00:00Z
                        peer is     "b.example.org", by rsa-pss-sha256, certificate C=XX, CN=b
                        children    4 up, 5 expected
                        traffic     3.2 GiB (41666700 packets) in, 6.5 GiB (83333395 packets) out
                        busiest     the fallback with 100 % in, the fallback with 100 % out

                        CPU  KIND      MADE BY  SPI IN      SPI OUT       BYTES IN  PACKETS IN   BYTES OUT  PACKETS OUT   LAST USE    AGE  REKEYS  NIC QUEUE      SUITE
                          -  fallback  us       0xc0000010  0xd0000010  3500000000    41666666  7000000000     83333333      never  2h 1m       0  -              AES_GCM_16-256/ESN
                          0  per-cpu   us       0xc0000020  0xd0000020        2000          22        3680           40  2h 0m ago  2h 1m       2  eth0/4         AES_GCM_16-256/ESN
                          1  missing   -        -           -                    -           -           -            -          -      -       -  -              -
                          2  per-cpu   us       0xc0000040  0xd0000040          84           1         168            2  2h 0m ago  2h 1m       2  eth0/6 eth1/2  AES_GCM_16-256/ESN
                          3  per-cpu   peer     0xc0000030  0xd0000030           0           0           0            0      never  2h 1m       2  -              AES_GCM_16-256/ESN
                        """);
    }

    @Test
    void aTunnelThatIsDownSaysWhy() throws Exception {
        assertThat(TEXT.detail(ask(FakeDaemon.withTunnels(), "office").tunnels().getObject(0)))
                .isEqualTo("""
                        tunnel      office
                        state       connecting
                        local       192.0.2.1:500
                        peer        [2001:db8::2]:500
                        ike         -
                        children    0 up, 5 expected
                        traffic     0 B (0 packets) in, 0 B (0 packets) out
                        last error  no-proposal-chosen 2h 1m ago: the peer takes none of our proposals: \\u001b[2Jcompare
                        """);
    }

    @Test
    void noCpuIsMissingWhereNoneIsExpected() throws Exception {
        JsonObject tunnel = JsonParser.object()
                .from("{\"name\":\"b\",\"state\":\"up\",\"children_up\":1,\"children_expected\":1,"
                        + "\"cpus\":[0,1],\"note\":\"the peer makes no sets\",\"children\":[{\"cpu\":null,"
                        + "\"kind\":\"ordinary\",\"initiated_here\":false}]}");
        assertThat(TEXT.detail(tunnel))
                .contains("note        the peer makes no sets\n", "ordinary  peer")
                .doesNotContain("missing");
    }

    @Test
    void whereQueuesHaveSasTheyAreCalledThat() throws Exception {
        JsonObject tunnel = JsonParser.object()
                .from("{\"name\":\"b\",\"state\":\"up\",\"children_up\":2,\"children_expected\":3,\"unit\":\"queue\","
                        + "\"cpus\":[0,1],\"children\":[{\"cpu\":null,\"kind\":\"fallback\",\"initiated_here\":true},"
                        + "{\"cpu\":0,\"kind\":\"per-cpu\",\"initiated_here\":true}]}");
        assertThat(TEXT.detail(tunnel))
                .contains("QUEUE  KIND", "    0  per-queue", "    1  missing")
                .doesNotContain("cpu", "CPU");
    }

    @Test
    void theBusiestCpuIsNamed() throws Exception {
        JsonObject tunnel = JsonParser.object()
                .from("{\"name\":\"b\",\"unit\":\"queue\",\"children_up\":1,\"children_expected\":1,"
                        + "\"busiest_in\":{\"cpu\":2,\"percent\":31},\"busiest_out\":null}");
        assertThat(TEXT.detail(tunnel)).contains("busiest     queue 2 with 31 % in, - out\n");
    }

    @Test
    void theDaemonSaysWhatItIs() throws Exception {
        FakeDaemon daemon = new FakeDaemon();
        daemon.cannot("hardware offload");
        assertThat(TEXT.daemon(ask(daemon, "").daemon())).isEqualTo("""
                        ikev2d      0.1.0, up for 2h 1m
                        data plane  kernel: it has ESP
                          can       ESP
                          can       SA_PCPU
                          cannot    hardware offload
                          dropped   3 in-replay
                        """);
    }

    private Reply ask(FakeDaemon daemon, String tunnel) throws Exception {
        Path socket = folder.resolve("control.sock");
        JsonObject request = new JsonObject();
        request.put("op", "status");
        if (!tunnel.isEmpty()) {
            request.put("tunnel", tunnel);
        }
        try (ControlServer server =
                ControlServer.open(socket, Optional.empty(), ControlLimits.DEFAULT, daemon, new Recorder())) {
            assertThat(server).isNotNull();
            Reply reply = new ControlClient(socket.toString()).ask(request);
            assertThat(reply.ok()).isTrue();
            assertThat(reply.tunnels()).isInstanceOf(JsonArray.class);
            return reply;
        }
    }
}
