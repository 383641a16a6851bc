package org.ikev2d.daemon.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ikev2d.core.policy.Cipher;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.registry.SequenceNumbers;

/**
 * Proposals as text, in the manner of strongSwan: words joined by hyphens, several of one kind in order of preference,
 * {@code aes256gcm16-prfsha256-x25519}.
 */
final class ProposalText {
    private static final Map<String, Cipher> CIPHERS = inOrder(
            Map.entry("aes256gcm16", new Cipher(EncryptionAlgorithm.AES_GCM_16, 256)),
            Map.entry("aes128gcm16", new Cipher(EncryptionAlgorithm.AES_GCM_16, 128)),
            Map.entry("chacha20poly1305", new Cipher(EncryptionAlgorithm.CHACHA20_POLY1305, 256)),
            Map.entry("aes256", new Cipher(EncryptionAlgorithm.AES_CBC, 256)),
            Map.entry("aes128", new Cipher(EncryptionAlgorithm.AES_CBC, 128)));

    private static final Map<String, Integrity> INTEGRITY = inOrder(
            Map.entry("sha256", Integrity.HMAC_SHA2_256_128),
            Map.entry("sha384", Integrity.HMAC_SHA2_384_192),
            Map.entry("sha512", Integrity.HMAC_SHA2_512_256));

    private static final Map<String, Prf> PRFS = inOrder(
            Map.entry("prfsha256", Prf.HMAC_SHA2_256),
            Map.entry("prfsha384", Prf.HMAC_SHA2_384),
            Map.entry("prfsha512", Prf.HMAC_SHA2_512));

    private static final Map<String, KeyExchangeMethod> KEY_EXCHANGES = inOrder(
            Map.entry("x25519", KeyExchangeMethod.CURVE25519),
            Map.entry("ecp256", KeyExchangeMethod.ECP_256),
            Map.entry("ecp384", KeyExchangeMethod.ECP_384),
            Map.entry("ecp521", KeyExchangeMethod.ECP_521),
            Map.entry("modp2048", KeyExchangeMethod.MODP_2048),
            Map.entry("modp3072", KeyExchangeMethod.MODP_3072),
            Map.entry("modp4096", KeyExchangeMethod.MODP_4096));

    private static final Map<String, KeyExchangeMethod> KEMS = inOrder(
            Map.entry("mlkem768", KeyExchangeMethod.ML_KEM_768), Map.entry("mlkem1024", KeyExchangeMethod.ML_KEM_1024));

    private static final String NO_KEY_EXCHANGE = "none";

    /** {@code ke1_mlkem768}: which of the seven, and what. */
    private static final Pattern ADDITIONAL = Pattern.compile("ke([1-7])_(.+)");

    private static final Map<String, SequenceNumbers> SEQUENCE_NUMBERS =
            inOrder(Map.entry("esn", SequenceNumbers.ESN), Map.entry("noesn", SequenceNumbers.NO_ESN));

    private final String text;
    private final Set<Cipher> ciphers = new LinkedHashSet<>();
    private final Set<Integrity> integrity = new LinkedHashSet<>();
    private final Set<Prf> prfs = new LinkedHashSet<>();
    private final Set<KeyExchangeMethod> keyExchanges = new LinkedHashSet<>();
    private final List<Set<KeyExchangeMethod>> additional = new ArrayList<>();
    private final Set<SequenceNumbers> sequenceNumbers = new LinkedHashSet<>();

    private ProposalText(String text) {
        this.text = text;
    }

    /** Without a PRF, each integrity algorithm brings the PRF of its hash, as in strongSwan. */
    static IkeProposal ike(String text) throws BadValueException {
        ProposalText read = new ProposalText(text);
        read.words(
                known(CIPHERS.keySet(), INTEGRITY.keySet(), PRFS.keySet(), KEY_EXCHANGES.keySet(), additionalWords()));
        boolean combined = read.combined();
        if (read.prfs.isEmpty() && combined) {
            throw read.bad("has no PRF", "add one of " + String.join(", ", PRFS.keySet()));
        }
        if (read.prfs.isEmpty()) {
            read.integrity.forEach(hash -> read.prfs.add(prfOf(hash)));
        }
        if (read.keyExchanges.isEmpty()) {
            throw read.bad("has no key exchange", "add one of " + String.join(", ", KEY_EXCHANGES.keySet()));
        }
        return new IkeProposal(
                List.copyOf(read.ciphers),
                List.copyOf(read.integrity),
                List.copyOf(read.prfs),
                List.copyOf(read.keyExchanges),
                read.additional.stream().map(List::copyOf).toList());
    }

    /** Those of the first; the words of the others differ in their number. */
    private static List<String> additionalWords() {
        return Stream.of(KEMS.keySet(), KEY_EXCHANGES.keySet(), List.of(NO_KEY_EXCHANGE))
                .flatMap(Collection::stream)
                .map(method -> "ke1_" + method)
                .toList();
    }

    /** Without a key exchange, none is made; with neither {@code esn} nor {@code noesn}, both are offered. */
    static EspProposal esp(String text) throws BadValueException {
        ProposalText read = new ProposalText(text);
        read.words(known(
                CIPHERS.keySet(),
                INTEGRITY.keySet(),
                KEY_EXCHANGES.keySet(),
                List.of(NO_KEY_EXCHANGE),
                SEQUENCE_NUMBERS.keySet()));
        read.combined();
        if (read.keyExchanges.isEmpty()) {
            read.keyExchanges.add(KeyExchangeMethod.NONE);
        }
        if (read.sequenceNumbers.isEmpty()) {
            read.sequenceNumbers.addAll(SEQUENCE_NUMBERS.values());
        }
        return new EspProposal(
                List.copyOf(read.ciphers),
                List.copyOf(read.integrity),
                List.copyOf(read.keyExchanges),
                List.copyOf(read.sequenceNumbers));
    }

    private void words(List<String> known) throws BadValueException {
        for (String word : text.split("-", -1)) {
            if (!known.contains(word.replaceFirst("^ke[2-7]_", "ke1_"))) {
                throw new BadValueException(
                        Quoted.of(word) + " in " + Quoted.of(text) + " is no algorithm here"
                                + Words.didYouMean(word, known),
                        "known are " + String.join(", ", known));
            }
            if (!take(word)) {
                throw bad("says " + Quoted.of(word) + " twice", "say it once");
            }
        }
    }

    /** Whether the word was not there before. */
    private boolean take(String word) {
        if (CIPHERS.containsKey(word)) {
            return ciphers.add(CIPHERS.get(word));
        }
        if (INTEGRITY.containsKey(word)) {
            return integrity.add(INTEGRITY.get(word));
        }
        if (PRFS.containsKey(word)) {
            return prfs.add(PRFS.get(word));
        }
        if (SEQUENCE_NUMBERS.containsKey(word)) {
            return sequenceNumbers.add(SEQUENCE_NUMBERS.get(word));
        }
        Matcher further = ADDITIONAL.matcher(word);
        if (further.matches()) {
            return takeAdditional(Integer.parseInt(further.group(1)), method(further.group(2)));
        }
        return keyExchanges.add(method(word));
    }

    private boolean takeAdditional(int number, KeyExchangeMethod method) {
        while (additional.size() < number) {
            additional.add(new LinkedHashSet<>());
        }
        return additional.get(number - 1).add(method);
    }

    private static KeyExchangeMethod method(String word) {
        return KEMS.containsKey(word) ? KEMS.get(word) : KEY_EXCHANGES.getOrDefault(word, KeyExchangeMethod.NONE);
    }

    /** Whether the ciphers are combined-mode ones; they and the integrity algorithms must go together. */
    private boolean combined() throws BadValueException {
        if (ciphers.isEmpty()) {
            throw bad("has no cipher", "begin with one of " + String.join(", ", CIPHERS.keySet()));
        }
        boolean combined = ciphers.iterator().next().isAead();
        if (ciphers.stream().anyMatch(cipher -> cipher.isAead() != combined)) {
            throw bad(
                    "mixes combined-mode and CBC ciphers",
                    "write two proposals: RFC 7296 §3.3 keeps combined-mode ciphers apart");
        }
        if (combined && !integrity.isEmpty()) {
            throw bad(
                    "has an integrity algorithm beside a combined-mode cipher",
                    "leave it out; the PRF of an IKE proposal is written prfsha256");
        }
        if (!combined && integrity.isEmpty()) {
            throw bad("has no integrity algorithm", "add one of " + String.join(", ", INTEGRITY.keySet()));
        }
        return combined;
    }

    private static Prf prfOf(Integrity integrity) {
        return switch (integrity) {
            case HMAC_SHA2_256_128 -> Prf.HMAC_SHA2_256;
            case HMAC_SHA2_384_192 -> Prf.HMAC_SHA2_384;
            case HMAC_SHA2_512_256 -> Prf.HMAC_SHA2_512;
            case NONE -> throw new AssertionError("NONE has no word");
        };
    }

    private BadValueException bad(String wrong, String right) {
        return new BadValueException(Quoted.of(text) + " " + wrong, right);
    }

    @SafeVarargs
    private static List<String> known(Collection<String>... kinds) {
        List<String> all = new ArrayList<>();
        for (Collection<String> kind : kinds) {
            all.addAll(kind);
        }
        return all;
    }

    @SafeVarargs
    private static <T> Map<String, T> inOrder(Map.Entry<String, T>... entries) {
        Map<String, T> words = new LinkedHashMap<>();
        for (Map.Entry<String, T> entry : entries) {
            words.put(entry.getKey(), entry.getValue());
        }
        return words;
    }
}
