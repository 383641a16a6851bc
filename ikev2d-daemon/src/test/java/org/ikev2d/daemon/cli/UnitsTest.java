package org.ikev2d.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1535, 1.4 KiB",
        "1536, 1.5 KiB",
        "1048575, 1023.9 KiB",
        "1048576, 1.0 MiB",
        "1181116006, 1.0 GiB",
        "1181745152, 1.1 GiB",
        "9223372036854775807, 7.9 EiB",
    })
    void octetsHaveOneDecimal(long count, String text) {
        assertThat(Units.octets(count)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "-5, 0s",
        "0, 0s",
        "59, 59s",
        "60, 1m 0s",
        "3599, 59m 59s",
        "3600, 1h 0m",
        "86399, 23h 59m",
        "86400, 1d 0h",
        "99999999, 1157d 9h",
    })
    void agesHaveTheirTwoLargestUnits(long seconds, String text) {
        assertThat(Units.age(seconds)).isEqualTo(text);
    }
}
