package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

/** A peer that takes fragments, and what it sends in them (RFC 7383 §2.6). */
final class FragmentTest {
    private static final Payload SUPPORTED = Payload.Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED);
    private static final Payload LONG = new Payload.VendorId(Bytes.of(new byte[1_000]));
    private static final int FIRST_ID = 2;

    private record Scene(World world, HandmadePeer peer, End end, Wiretap wiretap) {
        /** What our end sends when {@code datagrams} come, in the time of a few round trips. */
        List<Bytes> sentFor(List<Bytes> datagrams) {
            wiretap.forget();
            datagrams.forEach(peer::sendRaw);
            world.runFor(Duration.ofMillis(200));
            return wiretap.from(Tunnels.RIGHT).map(Wiretap.Heard::octets).toList();
        }

        List<Bytes> sentFor(Bytes datagram) {
            return sentFor(List.of(datagram));
        }

        /** A request of about 1000 octets. */
        List<Bytes> cut(int messageId, int most) {
            return peer.cut(ExchangeType.INFORMATIONAL, messageId, most, LONG);
        }

        void expectUnharmed(List<ChildStatus> before) {
            assertThat(end.children()).isEqualTo(before);
            end.expectKernelAsTold();
            assertThat(end.isUp()).isTrue();
        }
    }

    private static void established(Payload more, Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init(more);
            peer.auth();
            world.runFor(Duration.ofSeconds(4));
            plot.accept(new Scene(world, peer, right, Wiretap.in(world)));
        });
    }

    private static void established(Consumer<Scene> plot) {
        established(SUPPORTED, plot);
    }

    @Test
    void requestIsAnsweredOnceItIsThereInWhateverOrder_rfc7383_2_6() {
        established(scene -> {
            List<Bytes> fragments = scene.cut(FIRST_ID, 300);
            assertThat(fragments).hasSize(5);
            for (int at : new int[] {3, 0, 3, 4, 0, 2}) {
                assertThat(scene.sentFor(fragments.get(at))).isEmpty();
            }
            assertThat(scene.sentFor(fragments.get(1))).hasSize(1);
            // What comes late is of no consequence, but for the first.
            assertThat(scene.sentFor(fragments.get(4))).isEmpty();
        });
    }

    /** Whether the peer has it as it was, or has cut it anew and finer. */
    @Holds({"7383-2.6.1-b", "7383-2.6.1-c"})
    @Test
    void onlyTheFirstFragmentOfAnAnsweredRequestHasItAnsweredAgain_rfc7383_2_6_1() {
        established(scene -> {
            List<Bytes> fragments = scene.cut(FIRST_ID, 500);
            List<Bytes> answer = scene.sentFor(fragments);
            assertThat(answer).hasSize(1);
            assertThat(scene.sentFor(fragments)).isEqualTo(answer);
            assertThat(scene.sentFor(fragments.get(0))).isEqualTo(answer);
            assertThat(scene.sentFor(fragments.subList(1, fragments.size()))).isEmpty();
            List<Bytes> finer = scene.cut(FIRST_ID, 300);
            assertThat(scene.sentFor(finer)).isEqualTo(answer);
            assertThat(scene.sentFor(finer.subList(1, finer.size()))).isEmpty();
            assertThat(scene.sentFor(forged(finer.get(0)))).isEmpty();
            assertThat(scene.sentFor(scene.cut(FIRST_ID + 1, 500))).hasSize(1);
            assertThat(scene.sentFor(fragments.get(0)))
                    .as("the one before the last")
                    .isEmpty();
        });
    }

    /** The last octet changed. */
    private static Bytes forged(Bytes datagram) {
        byte[] changed = datagram.toArray();
        changed[changed.length - 1] ^= 1;
        return Bytes.wrap(changed);
    }

    @Holds({"7383-2.6-a", "7383-2.6-b", "7383-2.6-c", "7383-2.6-d"})
    @Test
    void hostileFragmentsDoNoHarm_rfc7383_5() {
        established(scene -> {
            List<ChildStatus> before = scene.end().children();
            List<Bytes> coarse = scene.cut(FIRST_ID, 600);
            List<Bytes> fine = scene.cut(FIRST_ID, 300);
            List<Bytes> noise = Stream.of(coarse, fine)
                    .flatMap(List::stream)
                    .map(FragmentTest::forged)
                    .toList();
            for (int flood = 0; flood < 100; flood++) {
                assertThat(scene.sentFor(noise)).isEmpty();
            }
            assertThat(scene.sentFor(coarse.get(1))).isEmpty();
            assertThat(scene.sentFor(noise)).isEmpty();
            assertThat(scene.sentFor(fine.subList(0, 2))).isEmpty();
            assertThat(scene.sentFor(coarse)).as("an older set").isEmpty();
            assertThat(scene.sentFor(scene.cut(FIRST_ID + 1, 300)))
                    .as("too early")
                    .isEmpty();
            assertThat(scene.sentFor(fine)).hasSize(1);
            scene.expectUnharmed(before);
        });
    }

    @Test
    void fragmentsNobodyAgreedToAreNotTaken_rfc7383_2_4() {
        established(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED), scene -> {
            List<ChildStatus> before = scene.end().children();
            assertThat(scene.sentFor(scene.cut(FIRST_ID, 500))).isEmpty();
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL, LONG)).isEmpty();
            scene.expectUnharmed(before);
        });
    }

    /** As long as its sender would go on: 30 s. */
    @Holds({"7383-2.6-e", "7383-2.6-f"})
    @Test
    void requestThatDoesNotBecomeWholeIsForgotten_rfc7383_2_6() {
        established(scene -> {
            List<ChildStatus> before = scene.end().children();
            List<Bytes> fragments = scene.cut(FIRST_ID, 600);
            assertThat(scene.sentFor(fragments.get(0))).isEmpty();
            scene.world().runFor(Duration.ofSeconds(29));
            assertThat(scene.sentFor(fragments.get(1))).hasSize(1);

            List<Bytes> next = scene.cut(FIRST_ID + 1, 600);
            assertThat(scene.sentFor(next.get(0))).isEmpty();
            scene.world().runFor(Duration.ofSeconds(30));
            assertThat(scene.sentFor(next.get(1))).isEmpty();
            assertThat(scene.sentFor(next.get(0))).hasSize(1);
            scene.expectUnharmed(before);
        });
    }

    @Holds({"7383-5-a", "7383-5-b"})
    @Test
    void peerThatSendsTooManyIsDropped_rfc7383_5() {
        established(scene -> {
            Payload long1 = new Payload.VendorId(Bytes.of(new byte[9_000]));
            List<Bytes> tooMany = scene.peer().cut(ExchangeType.INFORMATIONAL, FIRST_ID, 200, long1);
            assertThat(tooMany).hasSizeGreaterThan(64);
            scene.peer().sendRaw(tooMany.get(3));
            scene.world().runFor(Duration.ofMillis(200));
            assertThat(scene.peer().heard())
                    .anyMatch(request ->
                            request.deletes().anyMatch(delete -> delete.protocol() == ProtocolId.IKE.code()));
            assertThat(scene.end().isUp()).isFalse();
            assertThat(scene.end().kernel().sas()).isEmpty();
            assertThat(scene.end().lastError())
                    .startsWith("peer-misbehaved: a message in " + tooMany.size() + " fragments");
        });
    }

    /** Nobody knows who it is: it is forgotten without a word. */
    @Holds("7383-5-b")
    @Test
    void strangerThatSendsTooManyIsForgotten_rfc7383_5() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init(SUPPORTED);
            Scene scene = new Scene(world, peer, null, Wiretap.in(world));
            Payload huge = new Payload.VendorId(Bytes.of(new byte[60_000]));
            List<Bytes> fragments = peer.cut(ExchangeType.IKE_AUTH, 1, 2_000, huge, huge);
            assertThat(fragments).hasSizeLessThan(64);
            assertThat(scene.sentFor(fragments.subList(0, 34))).isEmpty();
            assertThat(scene.sentFor(fragments.get(34))).hasSize(1);
            assertThat(scene.wiretap().all().get(0).message().payloads())
                    .as("the IKE SA is unknown by now")
                    .containsExactly(Payload.Notify.of(NotifyType.INVALID_IKE_SPI));
        });
    }
}
