package org.ikev2d.core.protect;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.bytes.DecodeException.Fault;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.protect.Opened.Discarded;
import org.ikev2d.core.protect.Opened.Discarded.Reason;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.wire.EncodedPayloads;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Sealed;

/**
 * Seals and opens the messages of one IKE SA at one end (RFC 7296 §3.14). The keys stay their owner's to close, and
 * make one Protector only.
 */
public final class Protector {
    private final Protection protection;

    /** @param originalInitiator whether this end initiated the IKE SA, and so seals with the i keys */
    public Protector(Algorithms algorithms, Entropy entropy, IkeSuite suite, IkeKeys keys, boolean originalInitiator) {
        if (suite.integrity() == Integrity.NONE) {
            this.protection = originalInitiator
                    ? new AeadProtection(algorithms, entropy, suite.encryption(), keys.skEi(), keys.skEr())
                    : new AeadProtection(algorithms, entropy, suite.encryption(), keys.skEr(), keys.skEi());
        } else {
            var initiator = new CbcProtection.Keys(keys.skEi(), keys.skAi());
            var responder = new CbcProtection.Keys(keys.skEr(), keys.skAr());
            this.protection = originalInitiator
                    ? new CbcProtection(algorithms, entropy, suite.integrity(), initiator, responder)
                    : new CbcProtection(algorithms, entropy, suite.integrity(), responder, initiator);
        }
    }

    /** The whole datagram, with {@code payloads} in an Encrypted payload of this end's. */
    public Bytes seal(IkeHeader header, List<Payload> payloads) {
        EncodedPayloads inner = MessageCodec.encodePayloads(payloads);
        int padding = protection.padding(inner.octets().size());
        byte[] pad = new byte[padding + 1];
        pad[padding] = (byte) padding;
        Bytes plaintext = Bytes.concat(inner.octets(), Bytes.wrap(pad));
        int bodySize = protection.ivSize() + plaintext.size() + protection.checksumSize();
        Bytes frame = MessageCodec.sealedFrame(header, inner.firstPayloadType(), bodySize);
        return Bytes.concat(frame, protection.seal(frame, plaintext));
    }

    /**
     * Opens what the other end sealed. Payloads outside the Encrypted payload are covered by its checksum, but no
     * exchange has a use for them there (RFC 7383 §2.5.3): they are passed over.
     *
     * @param datagram without the non-ESP marker
     */
    public Opened open(Bytes datagram) {
        OuterMessage outer;
        try {
            outer = MessageCodec.decode(datagram);
        } catch (DecodeException e) {
            return new Discarded(Reason.NOT_A_MESSAGE, e.getMessage());
        }
        if (outer.sealed().isEmpty()) {
            return new Discarded(Reason.NOT_PROTECTED, "no Encrypted payload");
        }
        Sealed sealed = outer.sealed().get();
        if (sealed.payloadType() != PayloadType.ENCRYPTED.code()) {
            return new Discarded(
                    Reason.FRAGMENT, "fragment " + sealed.fragmentNumber() + " of " + sealed.totalFragments());
        }
        int least = protection.ivSize() + protection.checksumSize();
        if (sealed.body().size() < least) {
            return new Discarded(Reason.TOO_SHORT, sealed.body().size() + " octets, at least " + least + " are needed");
        }
        return open(outer.header(), sealed);
    }

    private Opened open(IkeHeader header, Sealed sealed) {
        try {
            Optional<Bytes> plaintext = protection.open(sealed);
            if (plaintext.isEmpty()) {
                return new Discarded(Reason.BAD_CHECKSUM, sealed.body().size() + " octets");
            }
            int offset = sealed.bodyOffset() + protection.ivSize();
            Bytes payloads = withoutPadding(plaintext.get(), offset);
            return new Opened.Message(
                    header, MessageCodec.decodePayloads(payloads, sealed.firstInnerPayload(), offset));
        } catch (DecodeException e) {
            return new Opened.Malformed(header, e);
        }
    }

    /** @param offset of {@code plaintext} in the message */
    private static Bytes withoutPadding(Bytes plaintext, int offset) throws DecodeException {
        int last = plaintext.size() - 1;
        if (last < 0) {
            throw new DecodeException(
                    Fault.TRUNCATED, offset, "message/ENCRYPTED/pad length", 1, "need 1 octets, have 0");
        }
        int padding = plaintext.at(last);
        if (padding > last) {
            throw new DecodeException(
                    Fault.BAD_LENGTH,
                    offset + last,
                    "message/ENCRYPTED/pad length",
                    padding,
                    "expected at most " + last + ", found " + padding);
        }
        return plaintext.slice(0, last - padding);
    }
}
