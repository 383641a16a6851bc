package org.ikev2d.core.crypto.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonObject;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.InvalidPublicValueException;
import org.ikev2d.core.crypto.KeyAnswer;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.vectors.Fields;
import org.ikev2d.core.vectors.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** NIST's answers: {@code d}, {@code z} and {@code m} are what the entropy gives. */
final class MlKemTest {
    private record Case(KeyExchangeMethod method, JsonObject fields) {
        Bytes get(String name) {
            return Fields.hex(fields, name);
        }

        Bytes seed() {
            return Bytes.concat(get("d"), get("z"));
        }
    }

    private static Stream<Case> cases(String kind) {
        return Fields.objects(
                        Vectors.json(Vectors.own("groups/mlkem-acvp.json")).getArray("tests"))
                .flatMap(set -> Fields.objects(set.getArray(kind))
                        .map(fields -> new Case(
                                KeyExchangeMethod.of(set.getInt("method")).orElseThrow(), fields)));
    }

    private static Algorithms drawing(Bytes octets) {
        return new JcaAlgorithms(count -> {
            assertThat(count).isEqualTo(octets.size());
            return octets.toArray();
        });
    }

    private static Bytes octets(Secret secret) {
        return secret.use(Bytes::of);
    }

    static Stream<Case> keys() {
        return cases("keyGen");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keysAreMadeOfTheirSeeds_fips203_7_1(Case test) {
        try (KeyExchange exchange = drawing(test.seed()).keyExchange(test.method())) {
            assertThat(exchange.publicValue()).isEqualTo(test.get("ek"));
        }
    }

    static Stream<Case> encapsulations() {
        return cases("encapsulation");
    }

    @ParameterizedTest
    @MethodSource("encapsulations")
    void responderSendsTheCiphertext_fips203_7_2(Case test) throws InvalidPublicValueException {
        try (KeyAnswer answer = drawing(test.get("m")).answer(test.method(), test.get("ek"))) {
            assertThat(answer.publicValue()).isEqualTo(test.get("c"));
            assertThat(octets(answer.shared())).isEqualTo(test.get("k"));
        }
    }

    static Stream<Case> decapsulations() {
        return cases("decapsulation");
    }

    /** One ciphertext of each pair was changed: a secret comes of it, and is another. */
    @ParameterizedTest
    @MethodSource("decapsulations")
    void initiatorOpensTheCiphertext_fips203_7_3(Case test) throws InvalidPublicValueException {
        try (KeyExchange exchange = drawing(test.seed()).keyExchange(test.method());
                Secret shared = exchange.agree(test.get("c"))) {
            assertThat(octets(shared)).isEqualTo(test.get("k"));
        }
    }

    static Stream<Case> keyChecks() {
        return cases("encapsulationKeyCheck");
    }

    @ParameterizedTest
    @MethodSource("keyChecks")
    void keysWithCoefficientsThatAreTooLargeAreRefused_fips203_7_2(Case test) throws InvalidPublicValueException {
        Algorithms algorithms = new JcaAlgorithms(new SystemEntropy());
        if (test.fields().getBoolean("testPassed")) {
            algorithms.answer(test.method(), test.get("ek")).close();
        } else {
            assertThatThrownBy(() -> algorithms.answer(test.method(), test.get("ek")))
                    .isInstanceOf(InvalidPublicValueException.class)
                    .hasMessage("has a coefficient of 3329 or more (FIPS 203 §7.2)");
        }
    }

    @Test
    void everyKindOfTestIsThere() {
        assertThat(Stream.of(keys(), encapsulations(), decapsulations(), keyChecks())
                        .map(Stream::count))
                .containsExactly(2L, 2L, 4L, 4L);
    }

    /** What draft-ietf-ipsecme-ikev2-mlkem §2.1 says in a table. */
    @ParameterizedTest
    @EnumSource(
            value = KeyExchangeMethod.class,
            names = {"ML_KEM_768", "ML_KEM_1024"})
    void valuesAreAsLongAsTheDraftSays(KeyExchangeMethod method) throws InvalidPublicValueException {
        Algorithms algorithms = new JcaAlgorithms(new SystemEntropy());
        boolean larger = method == KeyExchangeMethod.ML_KEM_1024;
        try (KeyExchange exchange = algorithms.keyExchange(method);
                KeyAnswer answer = algorithms.answer(method, exchange.publicValue())) {
            assertThat(exchange.publicValue().size()).isEqualTo(larger ? 1568 : 1184);
            assertThat(answer.publicValue().size()).isEqualTo(larger ? 1568 : 1088);
            assertThat(answer.shared().size()).isEqualTo(32);
        }
    }
}
