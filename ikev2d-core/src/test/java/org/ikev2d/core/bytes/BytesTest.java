package org.ikev2d.core.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class BytesTest {
    @Test
    void octetsAreCopiedInAndOut() {
        byte[] source = {1, 2, 3};
        Bytes bytes = Bytes.of(source);
        source[0] = 9;
        bytes.toArray()[1] = 9;
        assertThat(bytes).isEqualTo(Bytes.hex("010203"));
    }

    @Test
    void octetsAreUnsigned() {
        assertThat(Bytes.hex("ff").at(0)).isEqualTo(255);
        assertThat(Bytes.hex("7f")).isLessThan(Bytes.hex("80"));
        assertThat(Bytes.hex("80")).isLessThan(Bytes.hex("8000"));
    }

    @Test
    void sliceOutsideIsRefused() {
        Bytes bytes = Bytes.hex("010203");
        assertThat(bytes.slice(1, 3)).isEqualTo(Bytes.hex("0203"));
        assertThat(bytes.slice(3, 3)).isEqualTo(Bytes.empty());
        assertThatThrownBy(() -> bytes.slice(2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bytes.slice(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bytes.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void concatJoinsInOrder() {
        assertThat(Bytes.concat(Bytes.hex("01"), Bytes.empty(), Bytes.hex("0203")))
                .isEqualTo(Bytes.hex("010203"));
        assertThat(Bytes.concat()).isEqualTo(Bytes.empty());
    }

    @Test
    void textIsCutWhenLong() {
        assertThat(Bytes.hex("0a0b")).hasToString("0a0b");
        assertThat(Bytes.hex("00".repeat(33))).hasToString("00".repeat(32) + "... (33 octets)");
    }

    @Test
    void quotedTextCannotBreakALine() {
        assertThat(Bytes.hex("6d6f6f6e2e6f7267").toQuotedText()).isEqualTo("\"moon.org\"");
        assertThat(Bytes.hex("0a0d1b5b006122205cc3a97f").toQuotedText())
                .isEqualTo("\"\\x0a\\x0d\\x1b[\\x00a\\x22 \\x5c\\xc3\\xa9\\x7f\"");
        assertThat(Bytes.hex("61".repeat(129)).toQuotedText()).isEqualTo("\"" + "a".repeat(128) + "\"... (129 octets)");
    }
}
