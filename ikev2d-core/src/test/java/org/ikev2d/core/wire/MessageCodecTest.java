package org.ikev2d.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.junit.jupiter.api.Test;

final class MessageCodecTest {
    private static final IkeHeader REQUEST =
            IkeHeader.of(new IkeSpi(0x0102030405060708L), IkeSpi.NONE, ExchangeType.IKE_SA_INIT.code(), true, false, 0);

    @Test
    void messageOfTwoPayloadsIsWhatTheRfcDraws() throws DecodeException {
        List<Payload> payloads = List.of(
                Payload.Notify.of(NotifyType.COOKIE, Bytes.hex("c00c1e")), new Payload.VendorId(Bytes.hex("77")));
        Bytes octets = Bytes.hex("0102030405060708" + "0000000000000000" + "29202208" + "00000000" + "0000002c"
                + "2b00000b" + "00004006" + "c00c1e"
                + "00000005" + "77");

        assertThat(MessageCodec.encode(REQUEST, payloads)).isEqualTo(octets);
        OuterMessage decoded = MessageCodec.decode(octets);
        assertThat(decoded.payloads()).isEqualTo(payloads);
        assertThat(decoded.sealed()).isEmpty();
    }

    @Test
    void frameAndBodyMakeASealedMessage() throws DecodeException {
        Bytes body = Bytes.hex("00112233445566778899");
        Bytes frame = MessageCodec.sealedFrame(REQUEST, 35, body.size());
        OuterMessage decoded = MessageCodec.decode(Bytes.concat(frame, body));

        assertThat(decoded.payloads()).isEmpty();
        assertThat(decoded.sealed()).contains(new Sealed(46, 35, frame, body, 32, 1, 1));
    }

    @Test
    void headerIsReadWhateverItsVersionAndReservedBits_rfc7296_3_1() throws DecodeException {
        Bytes octets = Bytes.hex("0102030405060708" + "1112131415161718" + "003125f7" + "fffffffe" + "0000001c");
        IkeHeader header = MessageCodec.decodeHeader(octets);
        assertThat(header)
                .isEqualTo(new IkeHeader(
                        new IkeSpi(0x0102030405060708L),
                        new IkeSpi(0x1112131415161718L),
                        0,
                        3,
                        1,
                        37,
                        false,
                        true,
                        -2));
        assertThat(MessageCodec.encode(header, List.of()))
                .isEqualTo(Bytes.hex("0102030405060708" + "1112131415161718" + "00312520" + "fffffffe" + "0000001c"));
    }

    @Test
    void unsealedPayloadsMayComeBeforeTheSealedOnes() throws DecodeException {
        Bytes octets = Bytes.hex("0102030405060708" + "1112131415161718" + "29202320" + "00000001" + "00000029"
                + "2e000008" + "00004002"
                + "21000005" + "77");
        OuterMessage message = MessageCodec.decode(octets);
        assertThat(message.payloads()).containsExactly(Payload.Notify.of(NotifyType.ADDITIONAL_TS_POSSIBLE));
        assertThat(message.sealed()).contains(new Sealed(46, 33, octets.slice(0, 40), Bytes.hex("77"), 40, 1, 1));
    }

    @Test
    void fragmentNumbersBelongToTheAssociatedData_rfc7383_2_5() throws DecodeException {
        Bytes octets = Bytes.hex("0102030405060708" + "1112131415161718" + "35202308" + "00000001" + "00000025"
                + "00000009" + "00020003" + "77");
        assertThat(MessageCodec.decode(octets).sealed())
                .contains(new Sealed(53, 0, octets.slice(0, 36), Bytes.hex("77"), 36, 2, 3));
    }

    /** Lengths count plaintext only; a critical flag, reserved bits and what stands in the clear are as they came. */
    @Holds({"9242-3.3.2-b", "9242-3.3.2-d"})
    @Test
    void unsealedMessageIsTheSameInOnePieceAndInFragments_rfc9242_3_3_2() throws DecodeException {
        Bytes inner = Bytes.hex("0000000c" + "0000400211223344");
        String rest = "202b28" + "00000001";
        String clear = "00000005" + "77";
        Bytes spis = Bytes.hex("0102030405060708" + "1112131415161718");
        Bytes whole = Bytes.concat(
                spis, Bytes.hex("2b" + rest + "0000002b" + "2e" + clear.substring(2) + "29d5000a" + "aabbccddeeff"));
        Bytes first = Bytes.concat(
                spis,
                Bytes.hex("2b" + rest + "0000002f" + "35" + clear.substring(2) + "29d5000e" + "00010002"
                        + "aabbccddeeff"));
        Bytes unsealed =
                Bytes.concat(spis, Bytes.hex("2b" + rest + "00000031" + "2e" + clear.substring(2) + "29d50010"), inner);
        for (Bytes datagram : List.of(whole, first)) {
            Sealed sealed = MessageCodec.decode(datagram).sealed().orElseThrow();
            assertThat(MessageCodec.unsealed(sealed, inner)).isEqualTo(unsealed);
        }
    }

    @Holds("9242-3.3.2-a")
    @Test
    void unsealedMessageIsTheSameAtBothEnds_rfc9242_3_3_2() throws DecodeException {
        for (List<Payload> payloads : List.of(
                List.<Payload>of(),
                List.<Payload>of(new Payload.VendorId(Bytes.hex("77")), new Payload.VendorId(Bytes.hex("78"))))) {
            EncodedPayloads inner = MessageCodec.encodePayloads(payloads);
            Bytes body = Bytes.of(new byte[100]);
            Bytes sent = MessageCodec.unsealed(REQUEST, payloads);
            for (Bytes frame : List.of(
                    MessageCodec.sealedFrame(REQUEST, inner.firstPayloadType(), body.size()),
                    MessageCodec.fragmentFrame(REQUEST, inner.firstPayloadType(), 1, 2, body.size()))) {
                Sealed sealed =
                        MessageCodec.decode(Bytes.concat(frame, body)).sealed().orElseThrow();
                assertThat(MessageCodec.unsealed(sealed, inner.octets())).isEqualTo(sent);
            }
        }
    }

    @Test
    void bodyThatFitsNoPayloadIsRefused() {
        assertThatThrownBy(() -> MessageCodec.sealedFrame(REQUEST, 35, 0xfffc))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
