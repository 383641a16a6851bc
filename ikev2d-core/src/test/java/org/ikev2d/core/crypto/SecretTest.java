package org.ikev2d.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.junit.jupiter.api.Test;

final class SecretTest {
    @Holds("7296-2.12-a")
    @Test
    void closeZeroesTheOwnedOctetsAndForbidsUse() {
        byte[] octets = {1, 2, 3};
        Secret secret = Secret.owning(octets);

        secret.close();
        secret.close();

        assertThat(octets).containsOnly(0);
        assertThat(secret.isClosed()).isTrue();
        assertThatThrownBy(() -> secret.use(Bytes::of)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(secret::copy).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> secret.followedBy(Bytes.empty())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> secret.split(3)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> secret.matches(Bytes.hex("000000"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void showsItsSizeAndNothingElse() {
        assertThat(Secret.of(Bytes.hex("c0ffee"))).hasToString("Secret[3 octets]");
    }

    @Test
    void copiesHaveOwnersOfTheirOwn() {
        Secret first = Secret.of(Bytes.hex("01"), Bytes.hex("02"));
        Secret copy = first.copy();
        Secret longer = first.followedBy(Bytes.hex("03"), Bytes.hex("0405"));

        first.close();

        assertThat(copy.matches(Bytes.hex("0102"))).isTrue();
        assertThat(longer.matches(Bytes.hex("0102030405"))).isTrue();
        copy.close();
        longer.close();
    }

    @Test
    void isSplitInOrderAndStaysWhole() {
        try (Secret secret = Secret.of(Bytes.hex("010203"))) {
            Secret[] parts = secret.split(1, 0, 2);

            assertThat(parts[0].matches(Bytes.hex("01"))).isTrue();
            assertThat(parts[1].size()).isZero();
            assertThat(parts[2].matches(Bytes.hex("0203"))).isTrue();
            assertThat(secret.matches(Bytes.hex("010203"))).isTrue();
        }
    }

    @Test
    void isNotSplitIntoMoreOrLessThanItHas() {
        try (Secret secret = Secret.of(Bytes.hex("010203"))) {
            assertThatThrownBy(() -> secret.split(2, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Secret[3 octets] does not make parts of [2, 2]");
            assertThatThrownBy(() -> secret.split(2)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void matchesOnlyTheSameOctets() {
        try (Secret secret = Secret.of(Bytes.hex("0102"))) {
            assertThat(secret.matches(Bytes.hex("0102"))).isTrue();
            assertThat(secret.matches(Bytes.hex("0103"))).isFalse();
            assertThat(secret.matches(Bytes.hex("010200"))).isFalse();
            assertThat(secret.matches(Bytes.hex("01"))).isFalse();
        }
    }
}
