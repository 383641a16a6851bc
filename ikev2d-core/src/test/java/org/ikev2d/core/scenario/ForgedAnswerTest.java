package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.core.registry.KeyExchangeMethod.CURVE25519;
import static org.ikev2d.core.registry.KeyExchangeMethod.ECP_256;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Parcel;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever sees IKE_SA_INIT can answer it before the peer does. */
final class ForgedAnswerTest {
    private static Payload.Notify notify(NotifyType type, String data) {
        return Payload.Notify.of(type, Bytes.hex(data));
    }

    static Stream<Payload.Notify> answers() {
        return Stream.of(
                notify(NotifyType.INVALID_KE_PAYLOAD, ""),
                notify(NotifyType.INVALID_KE_PAYLOAD, "00"),
                notify(NotifyType.INVALID_KE_PAYLOAD, "0000"),
                notify(NotifyType.INVALID_KE_PAYLOAD, "0002"),
                notify(NotifyType.INVALID_KE_PAYLOAD, "001f"),
                notify(NotifyType.INVALID_KE_PAYLOAD, "0013"),
                notify(NotifyType.COOKIE, ""),
                notify(NotifyType.COOKIE, "01"),
                notify(NotifyType.COOKIE, "02".repeat(64)),
                notify(NotifyType.COOKIE, "03".repeat(65)));
    }

    /**
     * Each of {@code forged} arrives just before the peer's first answer.
     *
     * @param patience until both sets must be whole
     */
    private static void answeredFirst(Duration patience, Payload.Notify... forged) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().both(draft -> draft.ike(Proposals.ike(CURVE25519, ECP_256)));
            Pair pair = Pair.of(world, tunnels);
            List<Parcel> seen = new ArrayList<>();
            world.network().censor(parcels -> {
                Parcel parcel = parcels.get(0);
                if (parcel.source().address().equals(Tunnels.RIGHT) && seen.isEmpty()) {
                    seen.add(parcel);
                    return Stream.concat(Arrays.stream(forged).map(notify -> answer(parcel, notify)), Stream.of(parcel))
                            .toList();
                }
                return parcels;
            });
            pair.start();
            world.runUntil("both sets are whole", patience, pair::isWhole);
            assertThat(seen).isNotEmpty();
            world.runFor(Duration.ofSeconds(3));
            pair.expectAgreement();
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    private static Parcel answer(Parcel genuine, Payload.Notify notify) {
        Endpoint source = genuine.source();
        try {
            IkeHeader header = MessageCodec.decodeHeader(((Parcel.Cargo.Ike) genuine.cargo()).octets());
            IkeHeader forged =
                    IkeHeader.of(header.initiatorSpi(), IkeSpi.NONE, ExchangeType.IKE_SA_INIT.code(), false, true, 0);
            return Parcel.ike(source, genuine.destination(), MessageCodec.encode(forged, List.of(notify)), false);
        } catch (DecodeException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @ParameterizedTest
    @EnumSource(NotifyType.class)
    void forgedNotifyOfAnyKindIsAHintAtMost_rfc7296_2_21_1(NotifyType type) {
        answeredFirst(Duration.ofSeconds(3), Payload.Notify.of(type));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void forgedDemandIsMetAndTheTunnelComesUpSoonAllTheSame_rfc7296_2_1(Payload.Notify demand) {
        answeredFirst(Duration.ofSeconds(4), demand);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void demandThatIsForgedOverAndOverEndsNothing(Payload.Notify demand) {
        Payload.Notify[] often = new Payload.Notify[20];
        for (int i = 0; i < often.length; i++) {
            boolean counted = demand.notifyType() == NotifyType.COOKIE.code()
                    && demand.data().size() == 64;
            often[i] =
                    counted ? notify(NotifyType.COOKIE, String.format("%02x", i).repeat(64)) : demand;
        }
        answeredFirst(Duration.ofSeconds(4), often);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void demandIsForgedBesideAnother(Payload.Notify demand) {
        answeredFirst(
                Duration.ofSeconds(4),
                notify(NotifyType.NO_PROPOSAL_CHOSEN, ""),
                demand,
                notify(NotifyType.COOKIE, "0102030405060708"),
                notify(NotifyType.INVALID_KE_PAYLOAD, "0013"));
    }

    /** {@code forged} comes just before the peer's answer number {@code place}, or in its place. */
    private static String cookies(int place, boolean instead, Payload.Notify forged) {
        return World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair());
            pair.right().tune(Tuning.cookieThreshold(0));
            List<Parcel> seen = new ArrayList<>();
            world.network().censor(parcels -> {
                Parcel parcel = parcels.get(0);
                boolean theirs = parcel.source().address().equals(Tunnels.RIGHT);
                if (theirs && seen.size() < place) {
                    seen.add(parcel);
                    if (seen.size() == place) {
                        return instead ? List.of(answer(parcel, forged)) : List.of(answer(parcel, forged), parcel);
                    }
                }
                return parcels;
            });
            pair.start().untilWhole();
        });
    }

    /** A peer may have answered a repetition of the request without a cookie, later and with another cookie. */
    @Test
    void aCookieThatComesLateIsPassedOver_rfc7296_2_6() {
        assertThat(cookies(2, false, notify(NotifyType.COOKIE, "0102030405060708")))
                .doesNotContain("AUTHENTICATION_FAILED");
    }

    @Test
    void aCookieThatThePeerDoesNotTakeIsReplacedAfterARepetition() {
        assertThat(cookies(1, true, notify(NotifyType.COOKIE, "0102030405060708")))
                .doesNotContain("AUTHENTICATION_FAILED");
    }
}
