package org.ikev2d.core.auth;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.HashAlgorithm;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;

/**
 * What a peer said of signatures before it had to prove itself.
 *
 * @param hashes that it takes (RFC 7427 §4), those that we know; empty when it speaks no RFC 7427
 * @param asksFor the encodings of its CERTREQ payloads
 */
public record PeerOffer(Optional<List<HashAlgorithm>> hashes, Set<Integer> asksFor) {
    public PeerOffer {
        hashes = hashes.map(List::copyOf);
        asksFor = Set.copyOf(asksFor);
    }

    public static PeerOffer of(List<Payload> message) {
        Optional<List<HashAlgorithm>> hashes = Optional.empty();
        Set<Integer> asksFor = new LinkedHashSet<>();
        for (Payload payload : message) {
            if (payload instanceof Payload.Notify notify
                    && notify.notifyType() == NotifyType.SIGNATURE_HASH_ALGORITHMS.code()) {
                hashes = Optional.of(decoded(notify.data()));
            } else if (payload instanceof Payload.CertificateRequest request) {
                asksFor.add(request.encoding());
            }
        }
        return new PeerOffer(hashes, asksFor);
    }

    /** An odd octet at the end says nothing. */
    private static List<HashAlgorithm> decoded(Bytes data) {
        List<HashAlgorithm> hashes = new ArrayList<>();
        for (int at = 0; at + 1 < data.size(); at += 2) {
            HashAlgorithm.of((data.at(at) << 8) | data.at(at + 1)).ifPresent(hashes::add);
        }
        return hashes;
    }

    /** With what {@code later} asks for too. */
    public PeerOffer and(PeerOffer later) {
        Set<Integer> both = new LinkedHashSet<>(asksFor);
        both.addAll(later.asksFor);
        return new PeerOffer(hashes, both);
    }

    /** Whether signatures are of RFC 7427's method: both ends said so, since we always do where it matters. */
    public boolean speaksRfc7427() {
        return hashes.isPresent();
    }
}
