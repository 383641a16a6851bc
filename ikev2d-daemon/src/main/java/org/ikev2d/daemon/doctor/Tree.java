package org.ikev2d.daemon.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a machine, of which /proc and /sys are the most. What is not there, or not for us to see, is empty.
 *
 * @param root {@code /}, or a folder that looks like it
 */
record Tree(Path root) {
    /** A file without the white space around its text. */
    Optional<String> text(String path) {
        try {
            return Optional.of(Files.readString(root.resolve(path)).strip());
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    List<String> lines(String path) {
        return text(path).map(text -> text.lines().toList()).orElse(List.of());
    }

    boolean has(String path) {
        return Files.exists(root.resolve(path));
    }

    /** Whether it can be run. */
    boolean runs(String path) {
        return Files.isExecutable(root.resolve(path));
    }

    /** The names of a folder's entries, sorted. */
    List<String> names(String folder) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(folder))) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException e) {
            return List.of();
        }
        names.sort(null);
        return names;
    }

    /** Where a symbolic link points to. */
    Optional<String> target(String link) {
        try {
            return Optional.of(Files.readSymbolicLink(root.resolve(link)).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
