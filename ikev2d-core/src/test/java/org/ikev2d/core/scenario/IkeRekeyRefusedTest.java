package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.Cipher;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.IkeLifetime;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.registry.TransformType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.Transform;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What our end asks to rekey the IKE SA, and what it makes of a peer that will not (RFC 7296 §1.3.2, §2.25.2). */
final class IkeRekeyRefusedTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
    private static final EspSpi THEIRS = new EspSpi(0xd00d_0001);
    private static final Payload GOODBYE = new Payload.Delete(ProtocolId.IKE.code(), List.of());
    private static final IkeProposal PREFERRED = proposal(256, KeyExchangeMethod.CURVE25519, KeyExchangeMethod.ECP_256);
    private static final IkeProposal IN_USE = proposal(128, KeyExchangeMethod.CURVE25519, KeyExchangeMethod.ECP_384);

    private static IkeProposal proposal(int bits, KeyExchangeMethod... methods) {
        return new IkeProposal(
                List.of(new Cipher(EncryptionAlgorithm.AES_GCM_16, bits)),
                List.of(),
                List.of(Prf.HMAC_SHA2_256),
                List.of(methods));
    }

    /** What the peer answers to the wish to rekey the IKE SA. */
    @FunctionalInterface
    private interface ToWish {
        List<Payload> answer(Payloads wish);
    }

    /** Our end, which began, with a fallback and an SA for its one CPU. */
    private static final class Scene {
        private final World world;
        private final HandmadePeer peer;
        private final End end;
        private final List<EspProposal> esp;
        private final List<ChildStatus> children;

        private Scene(World world, HandmadePeer peer, End end, List<EspProposal> esp) {
            this.world = world;
            this.peer = peer;
            this.end = end;
            this.esp = EspChoice.withoutKeyExchange(esp);
            this.children = end.children();
        }

        /** It makes no other IKE SA with our end. */
        Scene answering(ToWish toWish) {
            peer.answering((request, usual) -> switch (request.exchange()) {
                case IKE_SA_INIT -> error(NotifyType.NO_PROPOSAL_CHOSEN);
                case CREATE_CHILD_SA -> isWish(request) ? toWish.answer(request) : withInfo(usual);
                default -> usual;
            });
            return this;
        }

        void rekey() {
            end.gateway().rekeyIke("t");
            world.runFor(Duration.ofMillis(500));
        }

        List<Payloads> wishes() {
            return peer.heard().stream().filter(IkeRekeyRefusedTest::isWish).toList();
        }

        long inits() {
            return peer.heard().stream()
                    .filter(request -> request.exchange() == ExchangeType.IKE_SA_INIT)
                    .count();
        }

        /** The Child SAs are those of before. */
        void expectServing() {
            assertThat(end.children()).isEqualTo(children);
            end.expectKernelAsTold();
        }

        /** The same, and the IKE SA lives. */
        void expectInOrder() {
            expectServing();
            assertThat(peer.ask(ExchangeType.INFORMATIONAL)).isEmpty();
        }
    }

    private static boolean isWish(Payloads request) {
        return request.exchange() == ExchangeType.CREATE_CHILD_SA
                && request.all().stream().noneMatch(Payload.TrafficSelectors.class::isInstance);
    }

    private static List<Payload> withInfo(List<Payload> usual) {
        return Stream.concat(usual.stream(), Stream.of(RESOURCE_INFO)).toList();
    }

    private static List<Payload> error(NotifyType type) {
        return List.of(Payload.Notify.of(type));
    }

    private static void established(IkeLifetime lifetime, Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().ike(PREFERRED, IN_USE);
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right().ike(IN_USE))
                    .answering((request, usual) -> switch (request.exchange()) {
                        case IKE_AUTH, CREATE_CHILD_SA -> withInfo(usual);
                        default -> usual;
                    });
            End end = new End(
                            world,
                            "end",
                            Cpus.firstOnes(1),
                            tunnels.left().ikeLifetime(lifetime).liveness(Duration.ZERO))
                    .start();
            world.runFor(Duration.ofSeconds(3));
            assertThat(end.children()).hasSize(2);
            plot.accept(new Scene(world, peer, end, tunnels.right().policy().espProposals()));
        });
    }

    private static void established(Consumer<Scene> plot) {
        established(IkeLifetime.FOREVER, plot);
    }

    @Holds({"7296-1.3.2-a", "7296-2.18-b"})
    @Test
    void requestHasTheSuiteInUseFirstAndAKeyExchange_rfc7296_1_3_2() {
        established(scene -> {
            scene.answering(wish -> error(NotifyType.TEMPORARY_FAILURE)).rekey();
            List<Payload> wish = scene.wishes().get(0).all();
            assertThat(wish).hasSize(3);
            List<Proposal> proposals =
                    HandmadePeer.only(wish, Payload.SecurityAssociation.class).proposals();
            assertThat(proposals).hasSize(3).allSatisfy(proposal -> {
                assertThat(proposal.protocol()).isEqualTo(ProtocolId.IKE.code());
                assertThat(IkeSpi.of(proposal.spi())).isPresent();
                assertThat(methods(proposal)).isNotEmpty().doesNotContain(KeyExchangeMethod.NONE.code());
            });
            assertThat(methods(proposals.get(0))).containsExactly(KeyExchangeMethod.CURVE25519.code());
            assertThat(proposals.get(0).transforms()).hasSize(3).contains(aes(128));
            assertThat(proposals.get(1).transforms()).contains(aes(256));
            assertThat(HandmadePeer.only(wish, Payload.KeyExchange.class).method())
                    .isEqualTo(KeyExchangeMethod.CURVE25519.code());
            HandmadePeer.only(wish, Payload.Nonce.class);
            scene.expectInOrder();
        });
    }

    private static List<Integer> methods(Proposal proposal) {
        return proposal.transforms().stream()
                .filter(transform -> transform.type() == TransformType.KEY_EXCHANGE_METHOD.code())
                .map(Transform::id)
                .toList();
    }

    private static Transform aes(int bits) {
        return Transform.of(TransformType.ENCRYPTION_ALGORITHM.code(), EncryptionAlgorithm.AES_GCM_16.code(), bits);
    }

    @Test
    void keyExchangeThatThePeerWantsIsTaken_rfc7296_1_3() {
        established(scene -> {
            List<Integer> sent = new ArrayList<>();
            scene.answering(wish -> {
                        sent.add(HandmadePeer.only(wish.all(), Payload.KeyExchange.class)
                                .method());
                        return sent.size() == 1
                                ? List.of(new Payload.Notify(
                                        0, Bytes.empty(), NotifyType.INVALID_KE_PAYLOAD.code(), Bytes.hex("0014")))
                                : error(NotifyType.TEMPORARY_FAILURE);
                    })
                    .rekey();
            assertThat(sent).containsExactly(KeyExchangeMethod.CURVE25519.code(), KeyExchangeMethod.ECP_384.code());
            scene.expectInOrder();
        });
    }

    /** After minutes all is made anew beside it; meanwhile it serves. */
    @Holds({"7296-2.25-b", "7296-2.25-c", "7296-2.25-d"})
    @Test
    void busyPeerIsAskedAgainLaterAndLater_rfc7296_2_25() {
        established(scene -> {
            scene.answering(wish -> error(NotifyType.TEMPORARY_FAILURE)).rekey();
            assertThat(scene.wishes()).hasSize(1);
            scene.world.runFor(Duration.ofSeconds(2));
            assertThat(scene.wishes()).hasSize(2);
            scene.world.runFor(Duration.ofSeconds(170));
            assertThat(scene.wishes()).hasSizeBetween(6, 12);
            assertThat(scene.inits()).isEqualTo(1);
            scene.world.runFor(Duration.ofMinutes(2));
            assertThat(scene.inits()).isGreaterThan(1);
            scene.expectServing();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_ADDITIONAL_SAS", "NO_PROPOSAL_CHOSEN", "INVALID_SYNTAX"})
    void peerThatWillNotIsAskedForAnotherFromTheBeginning_rfc7296_2_8(NotifyType refusal) {
        established(scene -> {
            scene.answering(wish -> error(refusal)).rekey();
            assertThat(scene.inits()).isEqualTo(2);
            assertThat(scene.end.gateway().hasTold("ike-rekey")).isTrue();
            scene.expectServing();
            scene.world.runFor(Duration.ofSeconds(20));
            assertThat(scene.wishes()).hasSize(1);
        });
    }

    @Holds({"7296-2.8-a", "7296-2.8-b"})
    @Test
    void ikeSaThatCannotBeRekeyedEndsWithItsLife_rfc7296_2_8() {
        IkeLifetime life = new IkeLifetime(Duration.ofSeconds(60), Duration.ofSeconds(90), Duration.ZERO);
        established(life, scene -> {
            scene.answering(wish -> error(NotifyType.TEMPORARY_FAILURE));
            scene.world.runFor(Duration.ofSeconds(86));
            assertThat(scene.wishes()).isNotEmpty();
            scene.expectInOrder();
            scene.world.runFor(Duration.ofSeconds(2));
            assertThat(scene.peer.heard()).anyMatch(request -> request.all().contains(GOODBYE));
            assertThat(scene.end.lastError()).startsWith("expired: ");
            assertThat(scene.end.kernel().sas()).isEmpty();
        });
    }

    /** The peer believes in an IKE SA that we cannot have. */
    @Test
    void answerThatCannotBeLivedWithEndsTheIkeSa() {
        established(scene -> {
            scene.answering(wish -> List.of(
                            new Payload.SecurityAssociation(
                                    HandmadePeer.only(wish.all(), Payload.SecurityAssociation.class)
                                            .proposals()),
                            HandmadePeer.only(wish.all(), Payload.Nonce.class),
                            HandmadePeer.only(wish.all(), Payload.KeyExchange.class)))
                    .rekey();
            assertThat(scene.peer.heard()).anyMatch(request -> request.all().contains(GOODBYE));
            assertThat(scene.end.lastError()).startsWith("peer-misbehaved: the peer's answer is not a single choice");
        });
    }

    /** The peer asks while our wish is under way. */
    @Holds({"7296-1.3.2-b", "7296-2.25.2-f", "7296-2.25.2-g"})
    @Test
    void childSasAreDeletedButNotMadeMeanwhile_rfc7296_2_25_2() {
        established(scene -> {
            ChildStatus perCpu = scene.children.get(1);
            List<List<Payload>> answers = new ArrayList<>();
            scene.answering(wish -> {
                scene.peer.asked(
                        ExchangeType.CREATE_CHILD_SA,
                        new Payload.SecurityAssociation(EspChoice.offer(scene.esp, THEIRS)),
                        HandmadePeer.only(wish.all(), Payload.Nonce.class),
                        new Payload.TrafficSelectors(true, List.of(Tunnels.net(2))),
                        new Payload.TrafficSelectors(false, List.of(Tunnels.net(1))));
                scene.world.after(Duration.ofMillis(50), () -> {
                    answers.add(scene.peer.answered().orElseThrow());
                    scene.peer.asked(
                            ExchangeType.INFORMATIONAL,
                            new Payload.Delete(
                                    ProtocolId.ESP.code(),
                                    List.of(perCpu.outbound().spi().toBytes())));
                });
                scene.world.after(
                        Duration.ofMillis(100),
                        () -> answers.add(scene.peer.answered().orElseThrow()));
                return List.of();
            });
            deafen(scene, true);
            scene.end.gateway().rekeyIke("t");
            scene.world.runFor(Duration.ofMillis(900));
            assertThat(answers)
                    .containsExactly(
                            error(NotifyType.TEMPORARY_FAILURE),
                            List.of(new Payload.Delete(
                                    ProtocolId.ESP.code(),
                                    List.of(perCpu.inbound().spi().toBytes()))));
            // The CPU's next SA waits for the end of the rekey.
            scene.answering(wish -> error(NotifyType.TEMPORARY_FAILURE));
            scene.world.runFor(Duration.ofSeconds(8));
            assertThat(made(scene)).isEqualTo(1);
            deafen(scene, false);
            scene.world.runFor(Duration.ofSeconds(12));
            assertThat(made(scene)).isEqualTo(2);
            assertThat(scene.end.children()).hasSize(2);
            scene.end.expectKernelAsTold();
        });
    }

    private static long made(Scene scene) {
        return scene.peer.heard().stream()
                .filter(request -> request.exchange() == ExchangeType.CREATE_CHILD_SA && !isWish(request))
                .count();
    }

    /** The peer's answers get lost, what it asks does not. */
    private static void deafen(Scene scene, boolean deaf) {
        Wiretap.in(scene.world)
                .losing(message -> deaf
                        && message.isFrom(Tunnels.RIGHT)
                        && message.header().response());
    }

    /** What it has put in the place of nothing is gone with it, and nothing is repeated. */
    @Holds("7296-2.25.2-d")
    @Test
    void peerMayDeleteTheIkeSaThatWeRekey_rfc7296_2_25_2() {
        established(scene -> {
            scene.answering(wish -> {
                scene.peer.asked(ExchangeType.INFORMATIONAL, GOODBYE);
                return List.of();
            });
            deafen(scene, true);
            scene.end.gateway().rekeyIke("t");
            scene.world.runFor(Duration.ofMillis(800));
            assertThat(scene.peer.answered()).contains(List.of());
            assertThat(scene.end.lastError()).startsWith("peer-deleted: ");
            scene.world.runFor(Duration.ofSeconds(30));
            assertThat(scene.wishes()).hasSize(1);
        });
    }
}
