package org.ikev2d.core.wire;

import java.util.List;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.NotifyType;

/** What a message carries (RFC 7296 §3.2). Values only: no keys, no state. Numbers are kept as received. */
public sealed interface Payload {
    /** RFC 7296 §3.3. */
    record SecurityAssociation(List<Proposal> proposals) implements Payload {
        public SecurityAssociation {
            proposals = List.copyOf(proposals);
        }
    }

    /**
     * RFC 7296 §3.4.
     *
     * @param method Key Exchange Method number
     */
    record KeyExchange(int method, Bytes publicValue) implements Payload {}

    /**
     * IDi or IDr (RFC 7296 §3.5).
     *
     * @param initiator whether it is IDi
     */
    record Identification(boolean initiator, Identity identity) implements Payload {}

    /** RFC 7296 §3.6. */
    record Certificate(int encoding, Bytes data) implements Payload {}

    /** RFC 7296 §3.7. */
    record CertificateRequest(int encoding, Bytes authorities) implements Payload {}

    /** RFC 7296 §3.8. */
    record Authentication(int method, Bytes data) implements Payload {}

    /** 16 to 256 octets (RFC 7296 §3.9). */
    record Nonce(Bytes octets) implements Payload {}

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
    }

    /**
     * RFC 7296 §3.11.
     *
     * @param spis empty for an IKE SA, else 4 octets each
     */
    record Delete(int protocol, List<Bytes> spis) implements Payload {
        public Delete {
            spis = List.copyOf(spis);
        }
    }

    /** RFC 7296 §3.12. */
    record VendorId(Bytes octets) implements Payload {}

    /**
     * TSi or TSr (RFC 7296 §3.13). Selectors of types that are not known are left out of the list.
     *
     * @param initiator whether it is TSi
     */
    record TrafficSelectors(boolean initiator, List<TrafficSelector> selectors) implements Payload {
        public TrafficSelectors {
            selectors = List.copyOf(selectors);
        }
    }

    /** A payload that has no record of its own: carried, not understood. Critical ones never get this far. */
    record Opaque(int type, Bytes body) implements Payload {}
}
