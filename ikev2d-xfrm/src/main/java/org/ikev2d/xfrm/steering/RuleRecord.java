package org.ikev2d.xfrm.steering;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which receive rules are ours, kept in the runtime directory so that a daemon's successor knows them; a line for each. A
 * rule is written down before it is made: one that is not in the record is somebody else's.
 */
final class RuleRecord {
    private final Path file;

    RuleRecord(Path file) {
        this.file = file;
    }

    /** Lines that cannot be understood are left out. */
    List<PlacedRule> load() throws IOException {
        try {
            return Files.readAllLines(file).stream()
                    .map(PlacedRule::parse)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (NoSuchFileException | CharacterCodingException e) {
            return List.of();
        }
    }

    void save(Collection<PlacedRule> rules) throws IOException {
        if (rules.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        StringBuilder lines = new StringBuilder();
        rules.forEach(rule -> lines.append(rule.toLine()).append('\n'));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, lines, StandardCharsets.UTF_8);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
