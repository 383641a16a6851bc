package org.ikev2d.core.wire;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.ByteReader;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.bytes.DecodeException.Fault;
import org.ikev2d.core.registry.PayloadType;

/**
 * Messages to octets and back (RFC 7296 §3). Whatever the octets, nothing but {@link DecodeException} comes out; time
 * and memory are linear in their number. Lengths and counts must agree exactly; reserved fields are ignored.
 */
public final class MessageCodec {
    private static final int INITIATOR = 0x08;
    private static final int RESPONSE = 0x20;
    private static final int GENERIC_HEADER = 4;
    private static final int FRAGMENT_HEADER = 4;
    private static final int FIRST_PAYLOAD_AT = 16;
    private static final int LENGTH_AT = 24;

    private MessageCodec() {}

    /**
     * The header alone, of any version. The rest of a message of another major version may have another format, so
     * judge the version before {@link #decode}.
     *
     * @throws DecodeException also when the length field is not the datagram's size
     */
    public static IkeHeader decodeHeader(Bytes datagram) throws DecodeException {
        return header(ByteReader.of(datagram, "message"));
    }

    /**
     * A whole message of version 2, as it came.
     *
     * @throws DecodeException {@code UNKNOWN_CRITICAL} for a critical payload of an unknown type (RFC 7296 §2.5); other
     *     faults when the octets are not a message
     */
    public static OuterMessage decode(Bytes datagram) throws DecodeException {
        ByteReader in = ByteReader.of(datagram, "message");
        IkeHeader header = header(in);
        PayloadDecoder.Chain chain = PayloadDecoder.chain(in, header.nextPayload());
        Optional<Sealed> sealed =
                chain.stoppedAt() == 0 ? Optional.empty() : Optional.of(sealed(in, chain.stoppedAt(), datagram));
        in.expectEnd();
        return new OuterMessage(header, chain.payloads(), sealed);
    }

    /**
     * The payloads inside an Encrypted payload.
     *
     * @param octets the decrypted content without padding
     * @param baseOffset added to positions in errors: where the ciphertext began in the message
     * @throws DecodeException as {@link #decode} does; also for an Encrypted payload inside
     */
    public static List<Payload> decodePayloads(Bytes octets, int firstPayloadType, int baseOffset)
            throws DecodeException {
        ByteReader in = ByteReader.of(octets, "message/" + PayloadType.ENCRYPTED, baseOffset);
        PayloadDecoder.Chain chain = PayloadDecoder.chain(in, firstPayloadType);
        if (chain.stoppedAt() != 0) {
            throw new DecodeException(
                    Fault.BAD_VALUE,
                    in.offset(),
                    in.path(),
                    chain.stoppedAt(),
                    "expected no Encrypted payload inside another (RFC 7296 §3.1)");
        }
        in.expectEnd();
        return chain.payloads();
    }

    /** A whole message without an Encrypted payload; the header's next payload is taken from {@code payloads}. */
    public static Bytes encode(IkeHeader header, List<Payload> payloads) {
        EncodedPayloads chain = encodePayloads(payloads);
        return writeHeader(header, chain.firstPayloadType(), chain.octets().size())
                .bytes(chain.octets())
                .toBytes();
    }

    /** The payloads in their order, to be sealed. */
    public static EncodedPayloads encodePayloads(List<Payload> payloads) {
        return PayloadEncoder.chain(payloads);
    }

    /**
     * All that comes before the body of an Encrypted payload that stands alone in its message: also the associated data
     * to seal it with.
     *
     * @param bodySize octets of IV, ciphertext and ICV, that the caller appends
     */
    public static Bytes sealedFrame(IkeHeader header, int firstInnerPayload, int bodySize) {
        int size = GENERIC_HEADER + bodySize;
        return writeHeader(header, PayloadType.ENCRYPTED.code(), size)
                .u8(firstInnerPayload)
                .u8(0)
                .u16(PayloadEncoder.checkedSize(size))
                .toBytes();
    }

    /** Octets of {@link #sealedFrame}. */
    public static int sealedFrameSize() {
        return IkeHeader.SIZE + GENERIC_HEADER;
    }

    /**
     * The same of an Encrypted Fragment payload (RFC 7383 §2.5).
     *
     * @param firstInnerPayload 0 but in the first fragment
     * @param number 1 to {@code total}
     */
    public static Bytes fragmentFrame(IkeHeader header, int firstInnerPayload, int number, int total, int bodySize) {
        int size = GENERIC_HEADER + FRAGMENT_HEADER + bodySize;
        return writeHeader(header, PayloadType.ENCRYPTED_FRAGMENT.code(), size)
                .u8(firstInnerPayload)
                .u8(0)
                .u16(PayloadEncoder.checkedSize(size))
                .u16(number)
                .u16(total)
                .toBytes();
    }

    /** Octets of {@link #fragmentFrame}. */
    public static int fragmentFrameSize() {
        return IkeHeader.SIZE + GENERIC_HEADER + FRAGMENT_HEADER;
    }

    /**
     * A message that is to be sealed, as both ends authenticate it: with an Encrypted payload of plaintext, without IV,
     * padding and ICV, and lengths to match (RFC 9242 §3.3.2).
     */
    public static Bytes unsealed(IkeHeader header, List<Payload> payloads) {
        EncodedPayloads inner = encodePayloads(payloads);
        return Bytes.concat(
                sealedFrame(header, inner.firstPayloadType(), inner.octets().size()), inner.octets());
    }

    /**
     * The same of a message that was received, to the octets that its sender has not changed.
     *
     * @param sealed what {@link #decode} gave for its only datagram, or for its first fragment
     * @param payloads all that was encrypted, without padding
     */
    public static Bytes unsealed(Sealed sealed, Bytes payloads) {
        boolean fragment = sealed.payloadType() == PayloadType.ENCRYPTED_FRAGMENT.code();
        int frameSize = sealed.associatedData().size() - (fragment ? FRAGMENT_HEADER : 0);
        byte[] frame = sealed.associatedData().slice(0, frameSize).toArray();
        int announcedAt = FIRST_PAYLOAD_AT;
        for (int at = IkeHeader.SIZE; at < frameSize - GENERIC_HEADER; at += u16(frame, at + 2)) {
            announcedAt = at;
        }
        frame[announcedAt] = (byte) PayloadType.ENCRYPTED.code();
        put(frame, LENGTH_AT, Integer.BYTES, frameSize + payloads.size());
        put(frame, frameSize - 2, 2, GENERIC_HEADER + payloads.size());
        return Bytes.concat(Bytes.wrap(frame), payloads);
    }

    private static int u16(byte[] octets, int at) {
        return (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
    }

    private static void put(byte[] octets, int at, int size, int value) {
        for (int i = 0; i < size; i++) {
            octets[at + i] = (byte) (value >>> (8 * (size - 1 - i)));
        }
    }

    private static IkeHeader header(ByteReader in) throws DecodeException {
        int size = in.remaining();
        IkeSpi initiatorSpi = new IkeSpi(in.u64("initiator SPI"));
        if (initiatorSpi.isNone()) {
            throw in.error(Fault.BAD_VALUE, "initiator SPI", 0, "expected a number other than 0");
        }
        IkeSpi responderSpi = new IkeSpi(in.u64("responder SPI"));
        int nextPayload = in.u8("next payload");
        int version = in.u8("version");
        int exchangeType = in.u8("exchange type");
        int flags = in.u8("flags");
        int messageId = in.u32("message ID");
        int length = in.u32("length");
        if (length != size) {
            throw in.error(
                    Fault.BAD_LENGTH,
                    "length",
                    length,
                    "expected the datagram's " + size + " octets, found " + Integer.toUnsignedString(length));
        }
        return new IkeHeader(
                initiatorSpi,
                responderSpi,
                nextPayload,
                version >>> 4,
                version & 0x0f,
                exchangeType,
                (flags & INITIATOR) != 0,
                (flags & RESPONSE) != 0,
                messageId);
    }

    private static Sealed sealed(ByteReader message, int type, Bytes datagram) throws DecodeException {
        boolean fragment = type == PayloadType.ENCRYPTED_FRAGMENT.code();
        PayloadDecoder.Framed framed = PayloadDecoder.framed(
                message, (fragment ? PayloadType.ENCRYPTED_FRAGMENT : PayloadType.ENCRYPTED).name());
        message.expectEnd();
        ByteReader in = framed.body();
        int number = 1;
        int total = 1;
        if (fragment) {
            number = in.u16("fragment number");
            if (number == 0) {
                throw in.error(Fault.BAD_VALUE, "fragment number", number, "expected 1 or more");
            }
            total = in.u16("total fragments");
            if (total < number) {
                throw in.error(Fault.BAD_VALUE, "total fragments", total, "expected " + number + " or more");
            }
        }
        int bodyOffset = in.offset();
        return new Sealed(type, framed.next(), datagram.slice(0, bodyOffset), in.rest(), bodyOffset, number, total);
    }

    private static ByteWriter writeHeader(IkeHeader header, int firstPayload, int payloadsSize) {
        return new ByteWriter()
                .u64(header.initiatorSpi().value())
                .u64(header.responderSpi().value())
                .u8(firstPayload)
                .u8((header.majorVersion() << 4) | header.minorVersion())
                .u8(header.exchangeType())
                .u8((header.fromInitiator() ? INITIATOR : 0) | (header.response() ? RESPONSE : 0))
                .u32(header.messageId())
                .u32(IkeHeader.SIZE + payloadsSize);
    }
}
