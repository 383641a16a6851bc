package org.ikev2d.core.wire;

import java.util.List;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.PayloadType;

/** What a message carries (RFC 7296 §3.2). Values only: no keys, no state. Numbers are kept as received. */
public sealed interface Payload {
    /** The Payload Type number that announces it (RFC 7296 §3.2). */
    int type();

    /** Calls the method of {@code fold} that is for this kind. */
    <R> R fold(Fold<R> fold);

    /** One answer per kind of payload: a kind added does not compile until every fold answers it. */
    interface Fold<R> {
        R securityAssociation(SecurityAssociation payload);

        R keyExchange(KeyExchange payload);

        R identification(Identification payload);

        R certificate(Certificate payload);

        R certificateRequest(CertificateRequest payload);

        R authentication(Authentication payload);

        R nonce(Nonce payload);

        R notification(Notify payload);

        R delete(Delete payload);

        R vendorId(VendorId payload);

        R trafficSelectors(TrafficSelectors payload);

        R opaque(Opaque payload);
    }

    /** RFC 7296 §3.3. */
    record SecurityAssociation(List<Proposal> proposals) implements Payload {
        public SecurityAssociation {
            proposals = List.copyOf(proposals);
        }

        @Override
        public int type() {
            return PayloadType.SECURITY_ASSOCIATION.code();
        }

        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.securityAssociation(this);
        }
    }

    /**
     * RFC 7296 §3.4.
     *
     * @param method Key Exchange Method number
     */
    record KeyExchange(int method, Bytes publicValue) implements Payload {
        @Override
        public int type() {
            return PayloadType.KEY_EXCHANGE.code();
        }

        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.keyExchange(this);
        }
    }

    /**
     * IDi or IDr (RFC 7296 §3.5).
     *
     * @param initiator whether it is IDi
     * @param reserved 24 bits that mean nothing, but are signed as they were sent (RFC 7296 §2.15)
     */
    record Identification(boolean initiator, Identity identity, int reserved) implements Payload {
        /** As it is to be sent. */
        public Identification(boolean initiator, Identity identity) {
            this(initiator, identity, 0);
        }

        /** All behind the generic header. */
        public Bytes body() {
            return new ByteWriter()
                    .u8(identity.type())
                    .u8(reserved >>> 16)
                    .u16(reserved & 0xffff)
                    .bytes(identity.data())
                    .toBytes();
        }

        @Override
        public int type() {
            return (initiator ? PayloadType.IDENTIFICATION_INITIATOR : PayloadType.IDENTIFICATION_RESPONDER).code();
        }

        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.identification(this);
        }
    }

    /** RFC 7296 §3.6. */
    record Certificate(int encoding, Bytes data) implements Payload {
        @Override
        public int type() {
            return PayloadType.CERTIFICATE.code();
        }

        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.certificate(this);
        }
    }

    /** RFC 7296 §3.7. */
    record CertificateRequest(int encoding, Bytes authorities) implements Payload {
        @Override
        public int type() {
            return PayloadType.CERTIFICATE_REQUEST.code();
        }

        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.certificateRequest(this);
        }
    }

    /** RFC 7296 §3.8. */
    record Authentication(int method, Bytes data) implements Payload {
        @Override
        public int type() {
            return PayloadType.AUTHENTICATION.code();
        }

        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.authentication(this);
        }
    }

    /** 16 to 256 octets (RFC 7296 §3.9). */
    record Nonce(Bytes octets) implements Payload {
        public static final int MIN_SIZE = 16;
        public static final int MAX_SIZE = 256;

        /** @throws IllegalArgumentException for another size */
        public Nonce {
            if (octets.size() < MIN_SIZE || octets.size() > MAX_SIZE) {
                throw new IllegalArgumentException("a nonce of " + octets.size() + " octets");
            }
        }

        @Override
        public int type() {
            return PayloadType.NONCE.code();
        }

        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.nonce(this);
        }
    }

    /**
     * RFC 7296 §3.10.
     *
     * @param protocol 0 where no SA is meant
     * @param spi empty where no SA is meant
     */
    record Notify(int protocol, Bytes spi, int notifyType, Bytes data) implements Payload {
        public static Notify of(NotifyType type, Bytes data) {
            return new Notify(0, Bytes.empty(), type.code(), data);
        }

        public static Notify of(NotifyType type) {
            return of(type, Bytes.empty());
        }

        @Override
        public int type() {
            return PayloadType.NOTIFY.code();
        }

        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.notification(this);
        }
    }

    /**
     * RFC 7296 §3.11.
     *
     * @param spis all of one size: 4 octets for AH and ESP; for IKE none, though some peers name the SA by its 8
     */
    record Delete(int protocol, List<Bytes> spis) implements Payload {
        public Delete {
            spis = List.copyOf(spis);
            if (spis.stream().mapToInt(Bytes::size).distinct().count() > 1) {
                throw new IllegalArgumentException("SPIs of different sizes: " + spis);
            }
        }

        @Override
        public int type() {
            return PayloadType.DELETE.code();
        }

        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.delete(this);
        }
    }

    /** RFC 7296 §3.12. */
    record VendorId(Bytes octets) implements Payload {
        @Override
        public int type() {
            return PayloadType.VENDOR_ID.code();
        }

        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.vendorId(this);
        }
    }

    /**
     * TSi or TSr (RFC 7296 §3.13). Selectors of types that are not known are left out of the list, so that
     * it may be empty in a payload that was received.
     *
     * @param initiator whether it is TSi
     */
    record TrafficSelectors(boolean initiator, List<TrafficSelector> selectors) implements Payload {
        public TrafficSelectors {
            selectors = List.copyOf(selectors);
        }

        @Override
        public int type() {
            return (initiator ? PayloadType.TRAFFIC_SELECTORS_INITIATOR : PayloadType.TRAFFIC_SELECTORS_RESPONDER)
                    .code();
        }

        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.trafficSelectors(this);
        }
    }

    /** A payload that has no record of its own: carried, not understood. Critical ones never get this far. */
    record Opaque(int type, Bytes body) implements Payload {
        @Override
        public <R> R fold(Fold<R> fold) {
            return fold.opaque(this);
        }
    }
}
