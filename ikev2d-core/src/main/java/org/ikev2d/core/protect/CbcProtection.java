package org.ikev2d.core.protect;

import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.bytes.DecodeException.Fault;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.wire.Sealed;

/** AES-CBC, with a checksum over the encrypted message (RFC 7296 §3.14). */
final class CbcProtection implements Protection {
    /** The keys of one direction, borrowed. */
    record Keys(Secret encryption, Secret integrity) {}

    private final Algorithms algorithms;
    private final Entropy entropy;
    private final Integrity integrity;
    private final Keys local;
    private final Keys remote;

    CbcProtection(Algorithms algorithms, Entropy entropy, Integrity integrity, Keys local, Keys remote) {
        this.algorithms = algorithms;
        this.entropy = entropy;
        this.integrity = integrity;
        this.local = local;
        this.remote = remote;
    }

    @Override
    public int ivSize() {
        return KeySizes.CBC_BLOCK;
    }

    @Override
    public int checksumSize() {
        return KeySizes.checksum(integrity);
    }

    @Override
    public int padding(int payloadsSize) {
        return KeySizes.CBC_BLOCK - 1 - payloadsSize % KeySizes.CBC_BLOCK;
    }

    @Override
    public Bytes seal(Bytes frame, Bytes plaintext) {
        Bytes iv = Bytes.wrap(entropy.octets(KeySizes.CBC_BLOCK));
        Bytes ciphertext = algorithms.encryptCbc(local.encryption, iv, plaintext);
        try (Secret checksum = algorithms.checksum(integrity, local.integrity, Bytes.concat(frame, iv, ciphertext))) {
            return Bytes.concat(iv, ciphertext, checksum.use(Bytes::of));
        }
    }

    @Override
    public Optional<Bytes> open(Sealed sealed) throws DecodeException {
        Bytes body = sealed.body();
        int end = body.size() - checksumSize();
        Bytes covered = Bytes.concat(sealed.associatedData(), body.slice(0, end));
        try (Secret checksum = algorithms.checksum(integrity, remote.integrity, covered)) {
            if (!checksum.matches(body.slice(end, body.size()))) {
                return Optional.empty();
            }
        }
        Bytes ciphertext = body.slice(KeySizes.CBC_BLOCK, end);
        if (ciphertext.size() % KeySizes.CBC_BLOCK != 0) {
            throw new DecodeException(
                    Fault.BAD_LENGTH,
                    sealed.bodyOffset() + KeySizes.CBC_BLOCK,
                    "message/ENCRYPTED/ciphertext",
                    ciphertext.size(),
                    "expected whole blocks of 16 octets, found " + ciphertext.size() + " octets");
        }
        return Optional.of(algorithms.decryptCbc(remote.encryption, body.slice(0, KeySizes.CBC_BLOCK), ciphertext));
    }
}
