package org.ikev2d.core.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ikev2d.core.exchange.Failure;
import org.junit.jupiter.api.Test;

/** The operators' table has each code once, and no other, in the order of {@link Failure.Code}. */
final class ReasonsTest {
    private static final Path DOCUMENT =
            Path.of(System.getProperty("ikev2d.root")).resolve("docs/reasons.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z-]+)` \\| [^|]+ \\| [^|]+ \\|$", Pattern.MULTILINE);

    @Test
    void eachCodeIsExplained() throws IOException {
        List<String> explained = ROW.matcher(Files.readString(DOCUMENT))
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(explained)
                .containsExactlyElementsOf(
                        Stream.of(Failure.Code.values()).map(Failure.Code::word).toList());
    }
}
