package org.ikev2d.daemon.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.daemon.config.DaemonSettings.DataPlaneWish;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/** Reads configuration files: all of what is wrong is told at once. */
public final class ConfigFile {
    private ConfigFile() {}

    /** What came of reading a file. */
    public sealed interface Loaded {
        /** Nothing is wrong; the caller closes {@code config}. */
        record Valid(DaemonConfig config) implements Loaded {}

        /** @param problems at least one, in the order of the file */
        record Invalid(List<Problem> problems) implements Loaded {
            public Invalid {
                problems = List.copyOf(problems);
            }
        }
    }

    /** Reads {@code file} and the secrets that it names. */
    public static Loaded load(Path file) {
        return load(
                file,
                Optional.ofNullable(System.getenv("CREDENTIALS_DIRECTORY")).map(Path::of));
    }

    /** @param credentials where systemd puts secrets, if it does */
    static Loaded load(Path file, Optional<Path> credentials) {
        Problems problems = new Problems(file.toString());
        SecretFile secrets = new SecretFile(file.toAbsolutePath().getParent(), credentials);
        Optional<DaemonConfig> config = text(file, problems).flatMap(text -> config(text, secrets, problems));
        if (problems.isEmpty() && config.isPresent()) {
            return new Loaded.Valid(config.get());
        }
        config.ifPresent(DaemonConfig::close);
        return new Loaded.Invalid(problems.inOrder());
    }

    private static Optional<String> text(Path file, Problems problems) {
        ByteBuffer octets;
        try {
            octets = ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (IOException e) {
            problems.addForFile("cannot be read: " + FileTrouble.reason(e), "");
            return Optional.empty();
        }
        CharBuffer text = CharBuffer.allocate(octets.remaining());
        boolean broken =
                StandardCharsets.UTF_8.newDecoder().decode(octets, text, true).isError();
        String decoded = text.flip().toString();
        if (broken) {
            int line = 1 + (int) decoded.chars().filter(c -> c == '\n').count();
            int column = decoded.length() - decoded.lastIndexOf('\n');
            problems.add(TomlPosition.positionAt(line, column), "this is not UTF-8", "save the file as UTF-8");
        }
        return broken ? Optional.empty() : Optional.of(decoded);
    }

    private static Optional<DaemonConfig> config(String text, SecretFile secrets, Problems problems) {
        TomlParseResult toml = Toml.parse(text);
        List<String> lines = text.lines().toList();
        for (TomlParseError error : toml.errors()) {
            problems.addSyntax(error.position(), error.getMessage());
        }
        boolean headerBroken = toml.errors().stream().anyMatch(error -> isHeader(lines, error.position()));
        // What stands below a broken header would be taken for keys of the table before.
        return headerBroken
                ? Optional.empty()
                : Optional.of(config(new Section("", toml, TomlPosition.positionAt(1, 1), problems), secrets));
    }

    private static boolean isHeader(List<String> lines, TomlPosition position) {
        return position.line() <= lines.size()
                && lines.get(position.line() - 1).stripLeading().startsWith("[");
    }

    private static DaemonConfig config(Section file, SecretFile secrets) {
        DaemonReader daemon = new DaemonReader(file.section("daemon").orElse(file.none("daemon")));
        DaemonSettings settings = daemon.settings();
        boolean userspace = settings.dataPlane() == DataPlaneWish.USERSPACE;
        List<TunnelReader.Read> tunnels = file.section("tunnel")
                .map(all -> tunnels(all, secrets, userspace))
                .orElse(List.of());
        DaemonConfig config = new DaemonConfig(
                settings,
                daemon.policy(tunnels.stream().map(TunnelReader.Read::policy).toList()),
                tunnels.stream().map(TunnelReader.Read::papers).toList());
        daemon.finish();
        file.finish();
        return config;
    }

    private static List<TunnelReader.Read> tunnels(Section all, SecretFile secrets, boolean userspace) {
        List<TunnelReader.Read> tunnels = new ArrayList<>();
        SelectorCheck selectorCheck = new SelectorCheck();
        for (String name : all.keys()) {
            all.section(name)
                    .flatMap(section -> new TunnelReader(name, section, secrets, selectorCheck, userspace).read())
                    .ifPresent(tunnels::add);
        }
        return tunnels;
    }
}
