package org.ikev2d.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
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
}
