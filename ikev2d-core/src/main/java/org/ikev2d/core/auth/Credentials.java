package org.ikev2d.core.auth;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.CertEncoding;
import org.ikev2d.core.registry.HashAlgorithm;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.Payload;

/**
 * Who the two ends of a tunnel are, and how each proves it. The daemon, which lends it to the engine, closes it.
 *
 * @param ppk to mix into the keys where the peer has it too, or always
 */
public record Credentials(
        Identity localId, PeerIdentity remoteId, LocalAuth local, RemoteAuth remote, Optional<Ppk> ppk)
        implements AutoCloseable {
    /** Both ends know one key, which is taken over. */
    public static Credentials psk(Identity localId, PeerIdentity remoteId, Secret key) {
        return new Credentials(localId, remoteId, new LocalAuth.Psk(key), new RemoteAuth.Psk(key), Optional.empty());
    }

    /** Forgets the keys; nobody may use them any more. */
    @Override
    public void close() {
        if (local instanceof LocalAuth.Psk psk) {
            psk.key().close();
        } else if (local instanceof LocalAuth.Signature signature) {
            signature.key().close();
        }
        if (remote instanceof RemoteAuth.Psk psk) {
            psk.key().close();
        }
        ppk.ifPresent(one -> one.key().close());
    }

    /** Whether the ends are called as {@code other}'s are. */
    public boolean areBetweenEndsOf(Credentials other) {
        return localId.equals(other.localId) && remoteId.equals(other.remoteId);
    }

    private boolean usesSignatures() {
        return local instanceof LocalAuth.Signature || !(remote instanceof RemoteAuth.Psk);
    }

    /**
     * SIGNATURE_HASH_ALGORITHMS for a peer that may be that of any of {@code all}, with the hashes that are taken from it
     * (RFC 7427 §4); empty where nobody signs. SHA-1 is never offered (RFC 8247 §3.2).
     */
    public static Optional<Payload> hashes(List<Credentials> all) {
        if (all.stream().noneMatch(Credentials::usesSignatures)) {
            return Optional.empty();
        }
        Set<HashAlgorithm> hashes = EnumSet.noneOf(HashAlgorithm.class);
        all.forEach(one -> one.remote.signatures().forEach(scheme -> hashes.add(scheme.hash())));
        if (hashes.isEmpty()) {
            // We sign and the peer does not: the notify says that we know RFC 7427's method.
            hashes.add(HashAlgorithm.SHA2_256);
        }
        hashes.remove(HashAlgorithm.SHA1);
        ByteWriter data = new ByteWriter();
        hashes.forEach(hash -> data.u16(hash.code()));
        return Optional.of(Payload.Notify.of(NotifyType.SIGNATURE_HASH_ALGORITHMS, data.toBytes()));
    }

    /**
     * CERTREQ payloads for a peer that may be that of any of {@code all} (RFC 7296 §3.7, RFC 7670 §3): one for each
     * encoding that is asked for.
     */
    public static List<Payload> requests(List<Credentials> all) {
        List<Payload> requests = new ArrayList<>();
        List<Bytes> authorities = all.stream()
                .filter(one -> one.remote instanceof RemoteAuth.Certificates certificates && certificates.ask())
                .flatMap(one -> ((RemoteAuth.Certificates) one.remote).authorities().stream())
                .distinct()
                .toList();
        if (!authorities.isEmpty()) {
            requests.add(new Payload.CertificateRequest(
                    CertEncoding.X509_SIGNATURE.code(), Bytes.concat(authorities.toArray(new Bytes[0]))));
        }
        if (all.stream().anyMatch(one -> one.remote instanceof RemoteAuth.Keys)) {
            requests.add(new Payload.CertificateRequest(CertEncoding.RAW_PUBLIC_KEY.code(), Bytes.empty()));
        }
        return requests;
    }
}
