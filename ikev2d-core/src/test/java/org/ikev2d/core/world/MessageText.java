package org.ikev2d.core.world;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.ikev2d.core.bytes.ByteReader;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.PayloadType;

/** A message in one line, as RFC 7296 writes them: {@code IKE_SA_INIT request 0 { SA, KE, N, N(COOKIE) }}. */
final class MessageText {
    private static final int RESPONSE = 0x20;

    private MessageText() {}

    /** @param plaintextOf what a ciphertext was made of, where that is known */
    static String of(Bytes message, Function<Bytes, Optional<Bytes>> plaintextOf) {
        List<String> payloads = new ArrayList<>();
        String start = "";
        try {
            ByteReader in = ByteReader.of(message, "message");
            in.skip(16, "SPIs");
            int first = in.u8("next payload");
            in.skip(1, "version");
            int exchange = in.u8("exchange");
            boolean response = (in.u8("flags") & RESPONSE) != 0;
            int id = in.u32("message ID");
            in.skip(4, "length");
            start = ExchangeType.of(exchange).map(Enum::name).orElse("exchange " + exchange)
                    + (response ? " response " : " request ")
                    + Integer.toUnsignedString(id);
            chain(in, first, payloads, plaintextOf);
        } catch (DecodeException broken) {
            payloads.add("? " + broken.getMessage());
        }
        return start + " { " + String.join(", ", payloads) + " } " + message.size() + " octets "
                + HexFormat.of().toHexDigits((short) message.hashCode());
    }

    private static void chain(
            ByteReader in, int first, List<String> payloads, Function<Bytes, Optional<Bytes>> plaintextOf)
            throws DecodeException {
        int type = first;
        while (type != 0) {
            int next = in.u8("next payload");
            in.skip(1, "flags");
            ByteReader body = in.slice(in.u16("length") - 4, "payload");
            if (type == PayloadType.ENCRYPTED.code()) {
                payloads.add("SK { " + inside(body.rest(), next, plaintextOf) + " }");
                return;
            }
            if (type == PayloadType.ENCRYPTED_FRAGMENT.code()) {
                payloads.add("SKF(" + body.u16("number") + "/" + body.u16("total") + ")");
                return;
            }
            payloads.add(name(type, body));
            type = next;
        }
    }

    private static String inside(Bytes body, int first, Function<Bytes, Optional<Bytes>> plaintextOf)
            throws DecodeException {
        Optional<Bytes> plaintext = Optional.empty();
        for (int[] edges : new int[][] {{8, 0}, {16, 16}, {16, 24}, {16, 32}}) {
            if (plaintext.isEmpty() && body.size() >= edges[0] + edges[1]) {
                plaintext = plaintextOf.apply(body.slice(edges[0], body.size() - edges[1]));
            }
        }
        if (plaintext.isEmpty()) {
            return "?";
        }
        List<String> payloads = new ArrayList<>();
        chain(ByteReader.of(plaintext.get(), "SK"), first, payloads, plaintextOf);
        return String.join(", ", payloads);
    }

    private static String name(int type, ByteReader body) throws DecodeException {
        if (type == PayloadType.NOTIFY.code()) {
            body.skip(2, "protocol and SPI size");
            int notify = body.u16("type");
            return "N(" + NotifyType.of(notify).map(Enum::name).orElse(Integer.toString(notify)) + ")";
        }
        return PayloadType.of(type).map(MessageText::abbreviation).orElse("payload " + type);
    }

    private static String abbreviation(PayloadType type) {
        return switch (type) {
            case SECURITY_ASSOCIATION -> "SA";
            case KEY_EXCHANGE -> "KE";
            case IDENTIFICATION_INITIATOR -> "IDi";
            case IDENTIFICATION_RESPONDER -> "IDr";
            case CERTIFICATE -> "CERT";
            case CERTIFICATE_REQUEST -> "CERTREQ";
            case AUTHENTICATION -> "AUTH";
            case NONCE -> "Nonce";
            case NOTIFY -> "N";
            case DELETE -> "D";
            case VENDOR_ID -> "V";
            case TRAFFIC_SELECTORS_INITIATOR -> "TSi";
            case TRAFFIC_SELECTORS_RESPONDER -> "TSr";
            case ENCRYPTED -> "SK";
            case CONFIGURATION -> "CP";
            case EXTENSIBLE_AUTHENTICATION -> "EAP";
            case ENCRYPTED_FRAGMENT -> "SKF";
        };
    }
}
