package org.ikev2d.core.crypto.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonObject;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
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
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

final class GroupTest {
    private static final BigInteger P256 =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);

    private final Algorithms algorithms = new JcaAlgorithms(new SystemEntropy());

    static Stream<JsonObject> ecp() {
        return Fields.objects(
                Vectors.json(Vectors.own("groups/ecp-groups-rfc5903.json")).getArray("tests"));
    }

    @ParameterizedTest
    @MethodSource("ecp")
    void ecpValuesAreThose_rfc5903_8(JsonObject test) throws InvalidPublicValueException {
        KeyExchangeMethod method = KeyExchangeMethod.of(test.getInt("group")).orElseThrow();
        Bytes initiator = Fields.hex(test, "KEi_payload");
        Bytes responder = Fields.hex(test, "KEr_payload");
        assertAgreement(
                method,
                Fields.hex(test, "i"),
                initiator.slice(8, initiator.size()),
                Fields.hex(test, "r"),
                responder.slice(8, responder.size()),
                Fields.hex(test, "girx"));
    }

    @Test
    void x25519ValuesAreThose_rfc7748_6_1() throws InvalidPublicValueException {
        JsonObject test = Fields.objects(Vectors.json(Vectors.own("groups/curve25519-448-rfc7748.json"))
                        .getArray("dh"))
                .filter(dh -> dh.getInt("group") == KeyExchangeMethod.CURVE25519.code())
                .findFirst()
                .orElseThrow();
        assertAgreement(
                KeyExchangeMethod.CURVE25519,
                Fields.hex(test, "a"),
                Fields.hex(test, "A"),
                Fields.hex(test, "b"),
                Fields.hex(test, "B"),
                Fields.hex(test, "K"));
    }

    @Test
    void x25519MultipliesAs_rfc7748_5_2() throws InvalidPublicValueException {
        List<JsonObject> tests = Fields.objects(Vectors.json(Vectors.own("groups/curve25519-448-rfc7748.json"))
                        .getArray("scalar_mult"))
                .filter(test -> test.getString("alg").equals("x25519"))
                .toList();
        assertThat(tests).hasSize(2);
        for (JsonObject test : tests) {
            try (KeyExchange exchange = exchange(KeyExchangeMethod.CURVE25519, Fields.hex(test, "scalar"))) {
                assertThat(octets(exchange.agree(Fields.hex(test, "u")))).isEqualTo(Fields.hex(test, "out"));
            }
        }
    }

    @Test
    void modpValuesAreStrongswans() throws InvalidPublicValueException {
        JsonObject json = Vectors.json(Vectors.borrowed("groups/modp-2048-3072-strongswan.json"));
        for (JsonObject test : Fields.objects(json.getArray("tests")).toList()) {
            assertAgreement(
                    KeyExchangeMethod.valueOf(test.getString("method").substring(0, "MODP_nnnn".length())),
                    Fields.hex(test, "priv_i"),
                    Fields.hex(test, "pub_i"),
                    Fields.hex(test, "priv_r"),
                    Fields.hex(test, "pub_r"),
                    Fields.hex(test, "shared"));
        }
    }

    private static void assertAgreement(
            KeyExchangeMethod method, Bytes i, Bytes publicI, Bytes r, Bytes publicR, Bytes shared)
            throws InvalidPublicValueException {
        try (KeyExchange initiator = exchange(method, i);
                KeyExchange responder = exchange(method, r)) {
            assertThat(initiator.publicValue()).isEqualTo(publicI);
            assertThat(responder.publicValue()).isEqualTo(publicR);
            assertThat(octets(initiator.agree(publicR))).isEqualTo(shared);
            assertThat(octets(responder.agree(publicI))).isEqualTo(shared);
        }
    }

    static Stream<JsonObject> modpPrimes() {
        return Fields.objects(Vectors.json(Vectors.own("groups/modp-primes-rfc3526.json"))
                        .getArray("groups"))
                .filter(group -> KeyExchangeMethod.of(group.getInt("group")).isPresent());
    }

    @ParameterizedTest
    @MethodSource("modpPrimes")
    void modpGroupsHaveTheirPrimes_rfc3526(JsonObject group) throws InvalidPublicValueException {
        KeyExchangeMethod method = KeyExchangeMethod.of(group.getInt("group")).orElseThrow();
        BigInteger prime = new BigInteger(group.getString("prime"), 16);
        BigInteger exponent = new BigInteger("c0ffee".repeat(20), 16);
        BigInteger peer = BigInteger.valueOf(3);
        try (KeyExchange exchange = exchange(method, Bytes.of(exponent.toByteArray()))) {
            assertThat(exchange.publicValue())
                    .isEqualTo(
                            padded(BigInteger.valueOf(group.getInt("generator")).modPow(exponent, prime), prime));
            assertThat(octets(exchange.agree(padded(peer, prime))))
                    .isEqualTo(padded(peer.modPow(exponent, prime), prime));
            BigInteger last = prime.subtract(BigInteger.ONE);
            for (BigInteger none : List.of(BigInteger.ZERO, BigInteger.ONE, last, prime, prime.add(BigInteger.TWO))) {
                assertRefused(exchange, padded(none, prime), "not within 2 and p - 2 (RFC 6989 §2.1)");
            }
            assertThat(octets(exchange.agree(padded(BigInteger.TWO, prime)))).isEqualTo(exchange.publicValue());
            BigInteger largest = last.subtract(BigInteger.ONE);
            assertThat(octets(exchange.agree(padded(largest, prime))))
                    .isEqualTo(padded(largest.modPow(exponent, prime), prime));
        }
    }

    /** Exponent 2 and peer 2 give 4: all octets but the last are zeros, and sent (RFC 7296 §2.14). */
    @Holds("7296-3.4-a")
    @Test
    void sharedSecretsArePaddedToTheModulus_rfc7296_2_14() throws InvalidPublicValueException {
        try (KeyExchange exchange = exchange(KeyExchangeMethod.MODP_2048, Bytes.hex("02"))) {
            Bytes four = padded(BigInteger.valueOf(4), BigInteger.ONE.shiftLeft(2047));
            assertThat(four.size()).isEqualTo(256);
            assertThat(exchange.publicValue()).isEqualTo(four);
            assertThat(octets(exchange.agree(padded(BigInteger.TWO, BigInteger.ONE.shiftLeft(2047)))))
                    .isEqualTo(four);
        }
    }

    @ParameterizedTest
    @EnumSource(value = KeyExchangeMethod.class, mode = Mode.EXCLUDE, names = "NONE")
    void twoEndsAgree(KeyExchangeMethod method) throws InvalidPublicValueException {
        try (KeyExchange first = algorithms.keyExchange(method);
                KeyExchange second = algorithms.keyExchange(method);
                KeyAnswer answer = algorithms.answer(method, first.publicValue());
                KeyAnswer other = algorithms.answer(method, first.publicValue())) {
            assertThat(first.method()).isEqualTo(method);
            assertThat(first.publicValue()).isNotEqualTo(second.publicValue());
            assertThat(answer.publicValue()).isNotEqualTo(other.publicValue());
            assertThat(octets(first.agree(answer.publicValue()))).isEqualTo(octets(answer.shared()));
            assertThat(octets(first.agree(other.publicValue()))).isEqualTo(octets(other.shared()));
            assertThat(octets(second.agree(answer.publicValue()))).isNotEqualTo(octets(answer.shared()));
        }
    }

    @ParameterizedTest
    @EnumSource(value = KeyExchangeMethod.class, mode = Mode.EXCLUDE, names = "NONE")
    void sameEntropyGivesSameValuesEvenWhenItIsPoor(KeyExchangeMethod method) {
        for (int octet : new int[] {0, 0x5a, 0xff}) {
            Entropy constant = count -> {
                byte[] octets = new byte[count];
                Arrays.fill(octets, (byte) octet);
                return octets;
            };
            assertThat(publicValue(constant, method)).isEqualTo(publicValue(constant, method));
        }
        assertThat(publicValue(seeded(1), method))
                .isEqualTo(publicValue(seeded(1), method))
                .isNotEqualTo(publicValue(seeded(2), method));
    }

    private static Bytes publicValue(Entropy entropy, KeyExchangeMethod method) {
        try (KeyExchange exchange = new JcaAlgorithms(entropy).keyExchange(method)) {
            return exchange.publicValue();
        }
    }

    private static Entropy seeded(long seed) {
        Random random = new Random(seed);
        return count -> {
            byte[] octets = new byte[count];
            random.nextBytes(octets);
            return octets;
        };
    }

    @Test
    void scalarsLieBetweenOneAndTheBound() {
        BigInteger bound = BigInteger.valueOf(5);
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            byte[] scalar = Group.scalar(seeded(random.nextLong()), bound);
            assertThat(scalar).hasSize(1);
            assertThat((int) scalar[0]).isBetween(1, 4);
        }
    }

    @ParameterizedTest
    @EnumSource(value = KeyExchangeMethod.class, mode = Mode.EXCLUDE, names = "NONE")
    void publicValuesOfAnotherLengthAreRefused(KeyExchangeMethod method) throws InvalidPublicValueException {
        try (KeyExchange exchange = algorithms.keyExchange(method);
                KeyAnswer answer = algorithms.answer(method, exchange.publicValue())) {
            assertLengthMatters(answer.publicValue(), exchange::agree);
            assertLengthMatters(exchange.publicValue(), value -> algorithms.answer(method, value));
        }
    }

    private interface Taking {
        void take(Bytes value) throws InvalidPublicValueException;
    }

    private static void assertLengthMatters(Bytes good, Taking end) {
        int size = good.size();
        for (Bytes bad : List.of(
                good.slice(0, size - 1),
                Bytes.concat(Bytes.of((byte) 0), good),
                Bytes.empty(),
                Bytes.of(new byte[32 * 1024]))) {
            assertThatThrownBy(() -> end.take(bad))
                    .isInstanceOf(InvalidPublicValueException.class)
                    .hasMessage("has " + bad.size() + " octets, not " + size);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyExchangeMethod.class,
            names = {"ECP_256", "ECP_384", "ECP_521"})
    void pointsOffTheCurveAreRefused_rfc6989_2_3(KeyExchangeMethod method) {
        try (KeyExchange exchange = algorithms.keyExchange(method)) {
            byte[] wrong = exchange.publicValue().toArray();
            wrong[wrong.length - 1] ^= 1;
            assertRefused(exchange, Bytes.of(wrong), "not a point of the curve (RFC 6989 §2.3)");
            Bytes zeros = Bytes.of(new byte[wrong.length]);
            assertRefused(exchange, zeros, "not a point of the curve (RFC 6989 §2.3)");
            byte[] large = new byte[wrong.length];
            Arrays.fill(large, (byte) 0xff);
            assertRefused(exchange, Bytes.of(large), "not a point of the curve (RFC 6989 §2.3)");
        }
    }

    /** (0, sqrt b) is a point of P-256; its x can be written as p too, which lies outside the field. */
    @Test
    void coordinatesOutsideTheFieldAreRefused_rfc6989_2_3() throws InvalidPublicValueException {
        Bytes y = Bytes.hex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
        try (KeyExchange exchange = algorithms.keyExchange(KeyExchangeMethod.ECP_256)) {
            assertThat(exchange.agree(Bytes.concat(Bytes.of(new byte[32]), y)).size())
                    .isEqualTo(32);
            assertRefused(exchange, Bytes.concat(padded(P256, P256), y), "not a point of the curve (RFC 6989 §2.3)");
        }
    }

    /** p + 9 stands for 9, the base point. */
    @Test
    void x25519TakesValuesThatAreNotCanonical_rfc8031_3_2() throws InvalidPublicValueException {
        try (KeyExchange exchange = algorithms.keyExchange(KeyExchangeMethod.CURVE25519)) {
            for (String nine : List.of("f6" + "ff".repeat(30) + "7f", "09" + "00".repeat(30) + "80")) {
                assertThat(octets(exchange.agree(Bytes.hex(nine)))).isEqualTo(exchange.publicValue());
            }
        }
    }

    /** As u, also in forms that are not canonical, and with the bit set that is ignored. */
    @Test
    void x25519PointsOfSmallOrderAreRefused_rfc7748_6_1() {
        try (KeyExchange exchange = algorithms.keyExchange(KeyExchangeMethod.CURVE25519)) {
            for (String u : List.of(
                    "0000000000000000000000000000000000000000000000000000000000000000",
                    "0100000000000000000000000000000000000000000000000000000000000000",
                    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "0000000000000000000000000000000000000000000000000000000000000080")) {
                assertRefused(exchange, Bytes.hex(u), "gives a shared secret of zeros (RFC 7748 §6.1)");
            }
        }
    }

    @Holds("7296-2.12-a")
    @ParameterizedTest
    @EnumSource(value = KeyExchangeMethod.class, mode = Mode.EXCLUDE, names = "NONE")
    void closedExchangesAgreeNoMore(KeyExchangeMethod method) throws InvalidPublicValueException {
        KeyExchange exchange = algorithms.keyExchange(method);
        Bytes value = exchange.publicValue();
        Bytes answer;
        try (KeyAnswer other = algorithms.answer(method, value)) {
            answer = other.publicValue();
        }

        exchange.close();

        assertThat(exchange.publicValue()).isEqualTo(value);
        assertThatThrownBy(() -> exchange.agree(answer)).isInstanceOf(IllegalStateException.class);
    }

    private static void assertRefused(KeyExchange exchange, Bytes peer, String reason) {
        assertThatThrownBy(() -> exchange.agree(peer))
                .isInstanceOf(InvalidPublicValueException.class)
                .hasMessage(reason);
    }

    private static KeyExchange exchange(KeyExchangeMethod method, Bytes privateValue) {
        return new GroupKeyExchange(method, JcaAlgorithms.group(method), Secret.of(privateValue));
    }

    private static Bytes padded(BigInteger value, BigInteger modulus) {
        byte[] padded = new byte[(modulus.bitLength() + 7) / 8];
        byte[] octets = value.toByteArray();
        int from = octets[0] == 0 ? 1 : 0;
        int size = octets.length - from;
        System.arraycopy(octets, from, padded, padded.length - size, size);
        return Bytes.of(padded);
    }

    private static Bytes octets(Secret secret) {
        return secret.use(Bytes::of);
    }
}
