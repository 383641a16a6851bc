package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.daemon.Namespace.Outcome;
import org.ikev2d.daemon.Namespace.Running;
import org.ikev2d.xfrm.codec.PolicyState;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/ikev2d-guard} on the running kernel's policies. */
@Tag("kernel")
@Timeout(60)
class GuardProgramTest {
    private static final Pattern POLICY =
            Pattern.compile("nlmsg_type=XFRM_MSG_(NEW|UPD)POLICY[^}]*\\}, \"((?:\\\\x[0-9a-f]{2})+)\"");

    @TempDir
    private Path directory;

    private Namespace namespace;

    @BeforeEach
    void open() throws Exception {
        namespace = Namespace.enter(directory, "192.0.2.1");
    }

    @AfterEach
    void close() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private void policy(String source, String direction, int reqid, String more) throws Exception {
        namespace.look(("ip xfrm policy add src " + source + " dst 10.2.0.0/16 dir " + direction + " priority 364000 "
                        + more + " tmpl src 192.0.2.1 dst 198.51.100.2 proto esp reqid " + reqid + " mode tunnel")
                .split(" +"));
    }

    /** One string for each policy, in an order of our own: the kernel's is that of their last change. */
    private List<String> policies() throws Exception {
        return List.of(namespace.look("ip", "xfrm", "policy").split("(?m)^(?=src )")).stream()
                .sorted()
                .toList();
    }

    private Outcome run(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(words));
        return namespace.start(all.toArray(new String[0])).end();
    }

    @Test
    void theFlagGoesFromOursAndNothingElseChanges() throws Exception {
        policy("10.1.0.0/16", "out", ReqId.FIRST, "flag 0x4");
        policy("10.3.0.0/16", "out", ReqId.LAST, "flag 0x6 mark 5 mask 0xff if_id 9");
        policy("10.4.0.0/16", "out", ReqId.FIRST, "");
        policy("10.5.0.0/16", "in", ReqId.FIRST, "");
        policy("10.6.0.0/16", "out", 7, "flag 0x4");
        policy("10.7.0.0/16", "out", ReqId.FIRST - 1, "flag 0x4");
        policy("10.8.0.0/16", "out", ReqId.LAST + 1, "flag 0x4");
        List<String> before = policies();

        assertThat(run(Namespace.GUARD.toString(), "--now"))
                .isEqualTo(new Outcome(0, "ikev2d-guard: took the flag that makes CPUs wait off 2 policies\n"));

        assertThat(policies())
                .containsExactlyInAnyOrderElementsOf(before.stream()
                        .map(each -> each.matches("(?s)src 10\\.[13]\\..*")
                                ? each.replace(" flag 4", " ").replace(" flag icmp 4", " flag icmp")
                                : each)
                        .toList());
        assertThat(run(Namespace.GUARD.toString(), "--now").output()).contains("nothing to do");
    }

    @Test
    void itSendsTheOctetsThatOurCodecWouldSend() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace shows what the program sends");
        policy("10.1.0.0/16", "out", ReqId.FIRST, "flag 0x4");
        policy("10.3.0.0/16", "out", ReqId.LAST, "flag 0x6 mark 5 mask 0xff if_id 9");
        Path trace = directory.resolve("trace");
        String guard = Namespace.GUARD.toString();
        run("strace", "-o", trace.toString(), "-xx", "-s", "65536", "-e", "trace=sendto,recvfrom", guard, "--now");

        List<String> shown = new ArrayList<>();
        List<String> sent = new ArrayList<>();
        Matcher messages = POLICY.matcher(Files.readString(trace));
        while (messages.find()) {
            Bytes body = Bytes.hex(messages.group(2).replace("\\x", ""));
            if (messages.group(1).equals("NEW")) {
                shown.add(withoutFlag(body).toHex());
            } else {
                sent.add(body.toHex());
            }
        }
        assertThat(sent).hasSize(2).isEqualTo(shown);
    }

    private static Bytes withoutFlag(Bytes shown) throws Exception {
        PolicyState policy = PolicyState.read(NetlinkReader.of(ByteBuffer.wrap(shown.toArray()), "policy"));
        assertThat(policy.info().isCpuAcquire()).isTrue();
        ByteBuffer octets = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
        policy.withoutCpuAcquire().write(new NetlinkWriter(octets));
        byte[] written = new byte[octets.position()];
        octets.flip().get(written);
        return Bytes.wrap(written);
    }

    @Test
    void manyPoliciesAreFoundAcrossDatagrams() throws Exception {
        String batch = IntStream.range(0, 300)
                .mapToObj(i -> String.format(
                        Locale.ROOT,
                        "xfrm policy add src 10.%d.%d.0/24 dst 10.2.0.0/16 dir out flag 0x4"
                                + " tmpl src 192.0.2.1 dst 198.51.100.2 proto esp reqid %d mode tunnel%n",
                        100 + i / 200,
                        i % 200,
                        ReqId.FIRST + i))
                .collect(Collectors.joining());
        namespace.look(
                "ip",
                "-batch",
                Files.writeString(directory.resolve("batch"), batch).toString());
        assertThat(run(Namespace.GUARD.toString(), "--now").output()).contains("off 300 policies");
        assertThat(policies()).hasSize(300).noneMatch(each -> each.contains("flag"));
    }

    @Test
    void itWaitsThroughEverySignalOfAStopForItsInputsEnd() throws Exception {
        policy("10.1.0.0/16", "out", ReqId.FIRST, "flag 0x4");
        Path pipe = directory.resolve("pipe");
        namespace.look("mkfifo", pipe.toString());
        Running daemon = namespace.start("sh", "-c", "exec sleep infinity > " + pipe);
        Running guard = namespace.start("sh", "-c", "exec " + Namespace.GUARD + " --when-over < " + pipe);
        await(() -> guard.told().equals("ready\n"));
        for (String signal : List.of("HUP", "INT", "QUIT", "ABRT", "USR1", "TERM", "TSTP")) {
            guard.signal(signal);
        }
        assertThat(policies()).singleElement().asString().contains("flag 4");
        assertThat(guard.process().isAlive()).isTrue();

        daemon.signal("KILL");

        Outcome end = guard.end();
        assertThat(end.exitCode()).as(end.output()).isZero();
        assertThat(end.output()).contains("the daemon has gone").contains("off 1 policy");
        assertThat(policies()).singleElement().asString().doesNotContain("flag");
    }

    @Test
    void whereTheKernelRefusesItSaysSo() throws Exception {
        Outcome powerless = run("setpriv", "--bounding-set=-net_admin", Namespace.GUARD.toString(), "--now");
        assertThat(powerless.exitCode()).isEqualTo(1);
        assertThat(powerless.output()).contains("Operation not permitted");
    }

    @Test
    void itsArgumentsAreTwo() throws Exception {
        assertThat(run(Namespace.GUARD.toString()).exitCode()).isEqualTo(2);
        assertThat(run(Namespace.GUARD.toString(), "--later").output()).startsWith("usage: ikev2d-guard");
    }

    /** Polls, at most a minute. */
    static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.holds()) {
            assertThat(System.nanoTime() - end).isNegative();
            Thread.onSpinWait();
        }
    }

    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }
}
