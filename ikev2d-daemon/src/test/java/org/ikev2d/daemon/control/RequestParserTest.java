package org.ikev2d.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.ikev2d.daemon.control.Request.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and how, is in {@link ControlServerTest}. */
class RequestParserTest {
    @Test
    void everyRequestIsUnderstood() throws BadRequestException {
        assertThat(parse("{\"v\":1,\"id\":7,\"op\":\"status\"}"))
                .isEqualTo(new Request(7, Operation.STATUS, "", false, false));
        assertThat(parse("{\"op\":\"status\",\"tunnel\":\"b\",\"id\":0,\"v\":1}"))
                .isEqualTo(new Request(0, Operation.STATUS, "b", false, false));
        assertThat(parse(" { \"v\" : 1 , \"id\" : -9223372036854775808 , \"op\" : \"version\" } \r"))
                .isEqualTo(new Request(Long.MIN_VALUE, Operation.VERSION, "", false, false));
        assertThat(parse("{\"v\":1,\"id\":9223372036854775807,\"op\":\"up\",\"tunnel\":\"\\u0062\"}"))
                .isEqualTo(new Request(Long.MAX_VALUE, Operation.UP, "b", false, false));
        assertThat(parse("{\"v\":1,\"id\":1,\"op\":\"down\",\"tunnel\":\"b\"}"))
                .isEqualTo(new Request(1, Operation.DOWN, "b", false, false));
        assertThat(parse("{\"v\":1,\"id\":1,\"op\":\"rekey\",\"tunnel\":\"b\"}"))
                .isEqualTo(new Request(1, Operation.REKEY, "b", false, false));
        assertThat(parse("{\"v\":1,\"id\":1,\"op\":\"rekey\",\"tunnel\":\"b\",\"ike\":true}"))
                .isEqualTo(new Request(1, Operation.REKEY, "b", false, true));
        assertThat(parse("{\"v\":1,\"id\":1,\"op\":\"stop\"}"))
                .isEqualTo(new Request(1, Operation.STOP, "", false, false));
        assertThat(parse("{\"v\":1,\"id\":1,\"op\":\"stop\",\"keep\":true}"))
                .isEqualTo(new Request(1, Operation.STOP, "", true, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void deepNestingDoesNotRunOutOfStack(String piece) {
        assertThatThrownBy(() -> parse(piece.repeat(20_000))).isInstanceOf(BadRequestException.class);
    }

    @Test
    void whateverTheOctetsItIsARequestOrABadOne() {
        byte[] request = "{\"v\":1,\"id\":7,\"op\":\"stop\",\"keep\":true}".getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] line = request.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(RequestParser.parse(line).id()).as("seed %d", seed).isNotNull();
            } catch (BadRequestException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotEmpty().matches("[ -~]*");
            }
        }
    }

    private static Request parse(String line) throws BadRequestException {
        return RequestParser.parse(line.getBytes(StandardCharsets.UTF_8));
    }
}
