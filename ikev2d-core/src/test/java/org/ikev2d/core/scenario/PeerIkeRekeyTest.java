package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.registry.TransformType;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.Transform;
import org.ikev2d.core.world.Parcel;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer that rekeys the IKE SA, the one that we began too. */
final class PeerIkeRekeyTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
    private static final Payload GOODBYE = new Payload.Delete(ProtocolId.IKE.code(), List.of());
    private static final int CPUS = 2;

    /** Our end with a fallback and an SA for each CPU, all made on the IKE SA that {@code peer} has. */
    private record Scene(World world, HandmadePeer peer, End end, List<IkeProposal> proposals, List<ChildStatus> made) {
        /** The peer makes another IKE SA and asks on it from now on; the one before. */
        HandmadeSa rekeyed() {
            HandmadeSa old = peer.sa();
            HandmadeSa heir = old.heir();
            heir.inherits(old, peer.ask(ExchangeType.CREATE_CHILD_SA, heir.asHeir(proposals)), proposals);
            peer.use(heir);
            return old;
        }

        /** It asks for another IKE SA, in words that {@code change} makes of the usual ones, and is refused. */
        void expectRefused(Payload why, UnaryOperator<Payload[]> change) {
            try (HandmadeSa heir = peer.sa().heir()) {
                assertThat(peer.ask(ExchangeType.CREATE_CHILD_SA, change.apply(heir.asHeir(proposals))))
                        .containsExactly(why);
            }
        }

        void expectBusy() {
            expectRefused(Payload.Notify.of(NotifyType.TEMPORARY_FAILURE), UnaryOperator.identity());
        }

        /** The answer to the peer's DELETE of {@code child}. */
        List<Payload> deletes(ChildStatus child) {
            return peer.ask(
                    ExchangeType.INFORMATIONAL,
                    new Payload.Delete(
                            ProtocolId.ESP.code(),
                            List.of(child.outbound().spi().toBytes())));
        }

        /** What the peer answers gets lost from now on, what it asks does not. */
        void deafen() {
            world.network()
                    .censor(parcels -> parcels.stream()
                            .filter(parcel -> parcel.source()
                                    .address()
                                    .equals(end.gateway().address()))
                            .toList());
        }

        /** The kernel loses {@code child}'s inbound half. */
        void expire(ChildStatus child) {
            try {
                end.kernel().remove(child.inbound());
            } catch (KernelException impossible) {
                throw new AssertionError(impossible);
            }
            end.gateway()
                    .hear(new KernelEvent.Expire(
                            child.inbound(), end.kernel().policies().get(0).reqId(), true));
        }

        void undeafen() {
            world.network().censor(UnaryOperator.identity());
        }

        /** The Child SAs are those of before, and the IKE SA that the peer asks on lives. */
        void expectInOrder() {
            assertThat(end.isUp()).isTrue();
            assertThat(end.children()).isEqualTo(made);
            end.expectKernelAsTold();
            assertThat(peer.ask(ExchangeType.INFORMATIONAL)).isEmpty();
        }
    }

    /** @param role ours in the first IKE SA */
    private static String established(Role role, Consumer<Scene> plot) {
        return World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            boolean weBegin = role == Role.INITIATOR;
            TunnelDraft ours = weBegin ? tunnels.left() : tunnels.right();
            TunnelDraft theirs = weBegin ? tunnels.right() : tunnels.left();
            HandmadePeer peer = HandmadePeer.started(world, theirs).answering(PeerIkeRekeyTest::withInfo);
            End end = new End(world, "end", Cpus.firstOnes(CPUS), ours).start();
            if (!weBegin) {
                peer.init();
                peer.auth(RESOURCE_INFO);
                peer.createChild(RESOURCE_INFO);
            }
            world.runFor(Duration.ofSeconds(4));
            assertThat(end.children()).hasSize(1 + CPUS);
            plot.accept(new Scene(world, peer, end, theirs.policy().ikeProposals(), end.children()));
        });
    }

    private static List<Payload> withInfo(Payloads request, List<Payload> usual) {
        return request.exchange() == ExchangeType.IKE_AUTH || request.exchange() == ExchangeType.CREATE_CHILD_SA
                ? Stream.concat(usual.stream(), Stream.of(RESOURCE_INFO)).toList()
                : usual;
    }

    @Holds({"7296-2.18-a", "7296-2.18-d"})
    @ParameterizedTest
    @EnumSource(Role.class)
    void heirHasTheChildSasAndItsOwnKeysAndMessageIds_rfc7296_2_18(Role role) {
        established(role, scene -> {
            scene.rekeyed();
            scene.expectInOrder();
            // Our first request there asks whether the peer lives; a set that has lost an SA is completed there, too.
            List<String> ours = new ArrayList<>();
            scene.world().network().censor(parcels -> {
                parcels.forEach(parcel -> ours.add(header(parcel)));
                return parcels;
            });
            scene.world().runFor(Duration.ofSeconds(31));
            assertThat(ours.get(0)).isEqualTo("INFORMATIONAL request 0 by the responder");
            scene.deletes(scene.made().get(1));
            scene.world().runFor(Duration.ofSeconds(4));
            assertThat(ours).contains("CREATE_CHILD_SA request 1 by the responder");
            scene.world().runFor(Duration.ofSeconds(8));
            assertThat(scene.end().children()).hasSize(1 + CPUS);
            scene.end().expectKernelAsTold();
        });
    }

    private static String header(Parcel parcel) {
        Parcel.Cargo.Ike ike = (Parcel.Cargo.Ike) parcel.cargo();
        try {
            IkeHeader header = MessageCodec.decodeHeader(ike.octets());
            return ExchangeType.of(header.exchangeType()).orElseThrow()
                    + (header.response() ? " response " : " request ")
                    + header.messageId()
                    + (header.fromInitiator() ? " by the initiator" : " by the responder");
        } catch (DecodeException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Holds("7296-2.8.2-c")
    @ParameterizedTest
    @EnumSource(Role.class)
    void oldOneAnswersUntilThePeerDeletesIt_rfc7296_2_8(Role role) {
        String story = established(role, scene -> {
            HandmadeSa old = scene.rekeyed();
            HandmadeSa heir = scene.peer().sa();
            scene.peer().use(old);
            scene.expectBusy();
            assertThat(scene.peer().createChild(RESOURCE_INFO))
                    .containsExactly(Payload.Notify.of(NotifyType.TEMPORARY_FAILURE));
            // The Child SAs are not its own any more.
            assertThat(scene.deletes(scene.made().get(0))).isEmpty();
            scene.expectInOrder();
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL, GOODBYE)).isEmpty();
            scene.peer().use(heir);
            scene.expectInOrder();
        });
        assertThat(story).contains("another has taken its place").doesNotContain("peer-deleted");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void oldOneThatThePeerForgetsIsDeletedInTheEnd(Role role) {
        established(role, scene -> {
            scene.rekeyed();
            scene.world().runFor(Duration.ofMinutes(2));
            assertThat(scene.peer().heard()).noneMatch(request -> request.all().contains(GOODBYE));
            scene.world().runFor(Duration.ofMinutes(2));
            assertThat(scene.peer().heard()).anyMatch(request -> request.all().contains(GOODBYE));
            scene.expectInOrder();
        });
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void heirHasHeirs(Role role) {
        established(role, scene -> {
            for (int i = 0; i < 5; i++) {
                scene.rekeyed();
                scene.expectInOrder();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void oldOneDoesNotOutliveItsHeir(Role role) {
        established(role, scene -> {
            scene.rekeyed();
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL, GOODBYE)).isEmpty();
            assertThat(scene.end().kernel().sas()).isEmpty();
            // Whoever is to begin does so anew.
            assertThat(scene.end().status().state())
                    .isEqualTo(role == Role.INITIATOR ? TunnelStatus.State.CONNECTING : TunnelStatus.State.DOWN);
        });
    }

    @Holds("7296-2.25.1-h")
    @ParameterizedTest
    @EnumSource(Role.class)
    void childSaThatIsMadeOrDeletedComesFirst_rfc7296_2_25_1(Role role) {
        established(role, scene -> {
            ChildStatus gone = scene.made().get(1);
            scene.deafen();
            scene.expire(gone);
            scene.expectBusy();
            scene.undeafen();
            scene.world().runFor(Duration.ofMillis(1500));
            // 2 s after the loss our end asks for another in its place.
            scene.deafen();
            scene.world().runFor(Duration.ofSeconds(1));
            scene.expectBusy();
            scene.undeafen();
            scene.world().runFor(Duration.ofSeconds(2));
            scene.rekeyed();
            assertThat(scene.end().children()).hasSize(1 + CPUS);
            scene.end().expectKernelAsTold();
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL)).isEmpty();
        });
    }

    /** A question about a Child SA waits behind one that may stay on the old IKE SA. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void whatWasStillToBeAskedIsAskedOnTheHeir_rfc7296_2_18(Role role) {
        established(role, scene -> {
            scene.deafen();
            scene.world().runFor(Duration.ofSeconds(31));
            scene.expire(scene.made().get(1));
            scene.world().runFor(Duration.ofSeconds(3));
            HandmadeSa old = scene.rekeyed();
            HandmadeSa heir = scene.peer().sa();
            scene.peer().use(old);
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL, GOODBYE)).isEmpty();
            scene.peer().use(heir);
            scene.undeafen();
            scene.world().runFor(Duration.ofSeconds(5));
            assertThat(scene.end().children()).hasSize(1 + CPUS);
            scene.end().expectKernelAsTold();
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL)).isEmpty();
        });
    }

    @Holds("7296-2.18-c")
    @ParameterizedTest
    @EnumSource(Role.class)
    void heirWithoutKeyExchangeIsRefused_rfc7296_2_18(Role role) {
        established(role, scene -> {
            Payload none = Payload.Notify.of(NotifyType.NO_PROPOSAL_CHOSEN);
            scene.expectRefused(
                    none, usual -> with(usual, 0, proposal -> withMethod(proposal, KeyExchangeMethod.NONE)));
            scene.expectInOrder();
            scene.expectRefused(
                    Payload.Notify.of(NotifyType.INVALID_SYNTAX), usual -> new Payload[] {usual[0], usual[2]});
            scene.expectInOrder();
            scene.rekeyed();
            scene.expectInOrder();
        });
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void heirThatCannotBeIsRefused(Role role) {
        established(role, scene -> {
            Payload syntax = Payload.Notify.of(NotifyType.INVALID_SYNTAX);
            for (String spi : List.of("", "00000001", "0000000000000000", "000000000000000001")) {
                scene.expectRefused(syntax, usual -> with(usual, 0, proposal -> withSpi(proposal, Bytes.hex(spi))));
            }
            Payload ke = new Payload.KeyExchange(KeyExchangeMethod.ECP_256.code(), Bytes.of(new byte[64]));
            scene.expectRefused(
                    new Payload.Notify(0, Bytes.empty(), NotifyType.INVALID_KE_PAYLOAD.code(), Bytes.hex("001f")),
                    usual -> new Payload[] {usual[0], ke, usual[2]});
            Payload zero = new Payload.KeyExchange(KeyExchangeMethod.CURVE25519.code(), Bytes.of(new byte[32]));
            scene.expectRefused(syntax, usual -> new Payload[] {usual[0], zero, usual[2]});
            scene.expectRefused(syntax, usual -> new Payload[] {usual[0], usual[1]});
            scene.expectInOrder();
            scene.rekeyed();
            scene.expectInOrder();
        });
    }

    private static Payload[] with(Payload[] usual, int index, UnaryOperator<Proposal> change) {
        Payload[] changed = usual.clone();
        changed[index] = new Payload.SecurityAssociation(((Payload.SecurityAssociation) usual[index])
                .proposals().stream().map(change).toList());
        return changed;
    }

    private static Proposal withSpi(Proposal proposal, Bytes spi) {
        return new Proposal(proposal.number(), proposal.protocol(), spi, proposal.transforms());
    }

    private static Proposal withMethod(Proposal proposal, KeyExchangeMethod method) {
        int type = TransformType.KEY_EXCHANGE_METHOD.code();
        return new Proposal(
                proposal.number(),
                proposal.protocol(),
                proposal.spi(),
                proposal.transforms().stream()
                        .map(one -> one.type() == type ? Transform.of(type, method.code(), 0) : one)
                        .toList());
    }
}
