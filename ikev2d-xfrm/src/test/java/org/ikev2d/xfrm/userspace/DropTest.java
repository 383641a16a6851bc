package org.ikev2d.xfrm.userspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ikev2d.xfrm.esp.EspDrop;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reasons are for operators. */
class DropTest {
    private static final Path DOCUMENT = Path.of("../docs/control-protocol.md");

    @ParameterizedTest
    @EnumSource(Drop.class)
    void everyReasonIsDescribed(Drop reason) throws IOException {
        assertThat(Files.readString(DOCUMENT)).contains("`" + reason.word() + "`");
    }

    @ParameterizedTest
    @EnumSource(EspDrop.class)
    void whatAnSaFindsHasAReasonOfTheSameName(EspDrop found) {
        assertThat(Drop.of(found)).hasToString("IN_" + found);
    }
}
