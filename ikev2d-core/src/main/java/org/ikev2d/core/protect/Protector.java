package org.ikev2d.core.protect;

import java.util.ArrayList;
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
    /** No datagram is cut smaller than this: each holds some octets of the message, whatever the algorithms. */
    public static final int LEAST_FRAGMENT = 128;

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
        return seal(header, MessageCodec.encodePayloads(payloads));
    }

    /**
     * The datagrams: one, or where it would have more than {@code most} octets, fragments that have not (RFC 7383
     * §2.5).
     *
     * @param most at least {@link #LEAST_FRAGMENT}
     */
    public List<Bytes> seal(IkeHeader header, List<Payload> payloads, int most) {
        EncodedPayloads inner = MessageCodec.encodePayloads(payloads);
        if (MessageCodec.sealedFrameSize() + bodySize(inner.octets().size()) <= most) {
            return List.of(seal(header, inner));
        }
        int room = most - MessageCodec.fragmentFrameSize();
        int chunk = room - bodySize(0);
        while (bodySize(chunk) > room) {
            chunk--;
        }
        int size = inner.octets().size();
        int total = (size + chunk - 1) / chunk;
        List<Bytes> fragments = new ArrayList<>();
        for (int number = 1; number <= total; number++) {
            Bytes content = inner.octets().slice((number - 1) * chunk, Math.min(number * chunk, size));
            Bytes frame = MessageCodec.fragmentFrame(
                    header, number == 1 ? inner.firstPayloadType() : 0, number, total, bodySize(content.size()));
            fragments.add(Bytes.concat(frame, protection.seal(frame, padded(content))));
        }
        return fragments;
    }

    private Bytes seal(IkeHeader header, EncodedPayloads inner) {
        Bytes frame = MessageCodec.sealedFrame(
                header, inner.firstPayloadType(), bodySize(inner.octets().size()));
        return Bytes.concat(frame, protection.seal(frame, padded(inner.octets())));
    }

    /** Octets of a payload's body with {@code contentSize} octets in it. */
    private int bodySize(int contentSize) {
        return protection.ivSize() + contentSize + protection.padding(contentSize) + 1 + protection.checksumSize();
    }

    private Bytes padded(Bytes content) {
        int padding = protection.padding(content.size());
        byte[] pad = new byte[padding + 1];
        pad[padding] = (byte) padding;
        return Bytes.concat(content, Bytes.wrap(pad));
    }

    /**
     * Opens what the other end sealed. Payloads outside the Encrypted payload are covered by its checksum, but no
     * exchange has a use for them there (RFC 7383 §2.5.3): they are passed over.
     *
     * @param datagram without the non-ESP marker
     */
    public Opened open(Bytes datagram) {
        return open(datagram, Optional.empty());
    }

    /** The same where the ends have agreed on fragments: those go to {@code parts}, until they are a message. */
    public Opened open(Bytes datagram, Reassembly parts) {
        return open(datagram, Optional.of(parts));
    }

    private Opened open(Bytes datagram, Optional<Reassembly> parts) {
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
        boolean fragment = sealed.payloadType() == PayloadType.ENCRYPTED_FRAGMENT.code();
        if (fragment && parts.isEmpty()) {
            return new Discarded(Reason.FRAGMENT, sealed.fragmentText());
        }
        int least = protection.ivSize() + protection.checksumSize();
        if (sealed.body().size() < least) {
            return new Discarded(Reason.TOO_SHORT, sealed.body().size() + " octets, at least " + least + " are needed");
        }
        return fragment
                ? openFragment(outer.header(), sealed, datagram, parts.orElseThrow())
                : openWhole(outer.header(), sealed, datagram);
    }

    private Opened openWhole(IkeHeader header, Sealed sealed, Bytes datagram) {
        try {
            Optional<Bytes> plaintext = protection.open(sealed);
            if (plaintext.isEmpty()) {
                return unproven(sealed);
            }
            int offset = contentOffset(sealed);
            Bytes payloads = withoutPadding(plaintext.get(), offset);
            return new Opened.Message(
                    header,
                    MessageCodec.decodePayloads(payloads, sealed.firstInnerPayload(), offset),
                    datagram,
                    MessageCodec.unsealed(sealed, payloads));
        } catch (DecodeException e) {
            return new Opened.Malformed(header, e, datagram);
        }
    }

    private Opened openFragment(IkeHeader header, Sealed sealed, Bytes datagram, Reassembly parts) {
        if (parts.isStale(header, sealed)) {
            return new Discarded(Reason.STALE_FRAGMENT, sealed.fragmentText());
        }
        try {
            Optional<Bytes> plaintext = protection.open(sealed);
            if (plaintext.isEmpty()) {
                return unproven(sealed);
            }
            int offset = contentOffset(sealed);
            Bytes content = withoutPadding(plaintext.get(), offset);
            return parts.add(new Reassembly.Fragment(header, sealed, datagram, content, offset));
        } catch (DecodeException e) {
            return new Discarded(Reason.BROKEN_FRAGMENT, e.getMessage());
        }
    }

    private int contentOffset(Sealed sealed) {
        return sealed.bodyOffset() + protection.ivSize();
    }

    private static Discarded unproven(Sealed sealed) {
        return new Discarded(Reason.BAD_CHECKSUM, sealed.body().size() + " octets");
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
