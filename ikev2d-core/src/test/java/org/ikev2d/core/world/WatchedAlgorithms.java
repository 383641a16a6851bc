package org.ikev2d.core.world;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.InvalidPublicValueException;
import org.ikev2d.core.crypto.KeyAnswer;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;

/** Real algorithms; writes what passes to a {@link Ledger}, and knows what was encrypted. */
final class WatchedAlgorithms implements Algorithms {
    private final Algorithms real;
    private final Ledger ledger;
    private final Map<Bytes, Bytes> plaintexts = new HashMap<>();

    WatchedAlgorithms(Algorithms real, Ledger ledger) {
        this.real = real;
        this.ledger = ledger;
    }

    /** What {@code ciphertext}, with the tag where there is one, was made of. */
    Optional<Bytes> plaintextOf(Bytes ciphertext) {
        return Optional.ofNullable(plaintexts.get(ciphertext));
    }

    private Secret out(Secret secret, String how) {
        ledger.saw(secret, how);
        return secret;
    }

    @Override
    public KeyExchange keyExchange(KeyExchangeMethod method) {
        return new Watched(real.keyExchange(method));
    }

    @Override
    public KeyAnswer answer(KeyExchangeMethod method, Bytes initiators) throws InvalidPublicValueException {
        KeyAnswer answer = real.answer(method, initiators);
        out(answer.shared(), "agreed by " + method);
        return answer;
    }

    private final class Watched implements KeyExchange {
        private final KeyExchange exchange;

        private Watched(KeyExchange exchange) {
            this.exchange = exchange;
            ledger.opened(this);
        }

        @Override
        public KeyExchangeMethod method() {
            return exchange.method();
        }

        @Override
        public Bytes publicValue() {
            return exchange.publicValue();
        }

        @Override
        public Secret agree(Bytes peer) throws InvalidPublicValueException {
            return out(exchange.agree(peer), "agreed by " + method());
        }

        @Override
        public void close() {
            exchange.close();
            ledger.closed(this);
        }
    }

    @Override
    public Secret prf(Prf prf, Secret key, Secret data) {
        ledger.saw(key, "as key of a PRF");
        ledger.saw(data, "as data of a PRF");
        return out(real.prf(prf, key, data), "made by a PRF");
    }

    @Override
    public Secret prfPlus(Prf prf, Secret key, int length, Secret seed) {
        ledger.saw(key, "as key of prf+");
        ledger.saw(seed, "as seed of prf+");
        return out(real.prfPlus(prf, key, length, seed), "made by prf+");
    }

    @Override
    public Secret checksum(Integrity integrity, Secret key, Bytes data) {
        ledger.saw(key, "as key of a checksum");
        return out(real.checksum(integrity, key, data), "as a checksum");
    }

    @Override
    public Bytes seal(EncryptionAlgorithm algorithm, Secret key, Bytes iv, Bytes associatedData, Bytes plaintext) {
        ledger.saw(key, "as key that seals");
        Bytes sealed = real.seal(algorithm, key, iv, associatedData, plaintext);
        plaintexts.put(sealed, plaintext);
        return sealed;
    }

    @Override
    public Optional<Bytes> open(
            EncryptionAlgorithm algorithm, Secret key, Bytes iv, Bytes associatedData, Bytes sealed) {
        ledger.saw(key, "as key that opens");
        return real.open(algorithm, key, iv, associatedData, sealed);
    }

    @Override
    public Bytes encryptCbc(Secret key, Bytes iv, Bytes plaintext) {
        ledger.saw(key, "as key that encrypts");
        Bytes ciphertext = real.encryptCbc(key, iv, plaintext);
        plaintexts.put(ciphertext, plaintext);
        return ciphertext;
    }

    @Override
    public Bytes decryptCbc(Secret key, Bytes iv, Bytes ciphertext) {
        ledger.saw(key, "as key that decrypts");
        return real.decryptCbc(key, iv, ciphertext);
    }

    @Override
    public Bytes sha1(Bytes... data) {
        return real.sha1(data);
    }

    @Override
    public boolean verify(PublicKey key, SignatureScheme scheme, Bytes octets, Bytes signature) {
        return real.verify(key, scheme, octets, signature);
    }

    @Override
    public Bytes plainEcdsa(PublicKey.Kind curve, Bytes signature) {
        return real.plainEcdsa(curve, signature);
    }

    @Override
    public Optional<Bytes> derEcdsa(PublicKey.Kind curve, Bytes plain) {
        return real.derEcdsa(curve, plain);
    }
}
