package org.ikev2d.core.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;

/** The real algorithms, which remember every secret that went in or out, and can fail at one call. */
public final class WatchedAlgorithms implements Algorithms {
    /** Thrown in place of the call that was to fail. */
    public static final class PlannedFailure extends RuntimeException {}

    private final Algorithms real;
    private final int failingCall;
    private final List<Secret> seen = new ArrayList<>();
    private int calls;

    /** @param failingCall 1 for the first; 0 for none */
    public WatchedAlgorithms(Entropy entropy, int failingCall) {
        this.real = new JcaAlgorithms(entropy);
        this.failingCall = failingCall;
    }

    /** Every secret that went in or out and is not closed. */
    public List<Secret> open() {
        return seen.stream().filter(secret -> !secret.isClosed()).distinct().toList();
    }

    private Secret watched(Secret secret) {
        seen.add(secret);
        return secret;
    }

    private void call(Secret... in) {
        seen.addAll(List.of(in));
        if (++calls == failingCall) {
            throw new PlannedFailure();
        }
    }

    @Override
    public KeyExchange keyExchange(KeyExchangeMethod method) {
        call();
        return real.keyExchange(method);
    }

    @Override
    public KeyAnswer answer(KeyExchangeMethod method, Bytes initiators) throws InvalidPublicValueException {
        call();
        KeyAnswer answer = real.answer(method, initiators);
        watched(answer.shared());
        return answer;
    }

    @Override
    public Secret prf(Prf prf, Secret key, Secret data) {
        call(key, data);
        return watched(real.prf(prf, key, data));
    }

    @Override
    public Secret prfPlus(Prf prf, Secret key, int length, Secret seed) {
        call(key, seed);
        return watched(real.prfPlus(prf, key, length, seed));
    }

    @Override
    public Secret checksum(Integrity integrity, Secret key, Bytes data) {
        call(key);
        return watched(real.checksum(integrity, key, data));
    }

    @Override
    public Bytes seal(EncryptionAlgorithm algorithm, Secret key, Bytes iv, Bytes associatedData, Bytes plaintext) {
        call(key);
        return real.seal(algorithm, key, iv, associatedData, plaintext);
    }

    @Override
    public Optional<Bytes> open(
            EncryptionAlgorithm algorithm, Secret key, Bytes iv, Bytes associatedData, Bytes sealed) {
        call(key);
        return real.open(algorithm, key, iv, associatedData, sealed);
    }

    @Override
    public Bytes encryptCbc(Secret key, Bytes iv, Bytes plaintext) {
        call(key);
        return real.encryptCbc(key, iv, plaintext);
    }

    @Override
    public Bytes decryptCbc(Secret key, Bytes iv, Bytes ciphertext) {
        call(key);
        return real.decryptCbc(key, iv, ciphertext);
    }

    @Override
    public Bytes sha1(Bytes... data) {
        call();
        return real.sha1(data);
    }

    @Override
    public boolean verify(PublicKey key, SignatureScheme scheme, Bytes octets, Bytes signature) {
        call();
        return real.verify(key, scheme, octets, signature);
    }

    @Override
    public Bytes plainEcdsa(PublicKey.Kind curve, Bytes signature) {
        call();
        return real.plainEcdsa(curve, signature);
    }

    @Override
    public Optional<Bytes> derEcdsa(PublicKey.Kind curve, Bytes plain) {
        call();
        return real.derEcdsa(curve, plain);
    }
}
