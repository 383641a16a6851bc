package org.ikev2d.daemon.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.daemon.trust.UnusableFileException;

/**
 * Files that hold one secret each: text, of which one newline at the end is no part; or {@code 0x} and hexadecimal
 * digits; or {@code 0s} and base64.
 *
 * @param besides the folder of the configuration file, where relative names are looked for
 * @param credentials systemd's $CREDENTIALS_DIRECTORY, where relative names are looked for first, with an underscore for
 *     each slash as systemd names the files of a folder. Nobody else reads there, whatever the modes say.
 */
record SecretFile(Path besides, Optional<Path> credentials) {
    private static final int LARGEST = 4096;

    /** A key of RSA with 16384 bits in PEM is 12 KB. */
    private static final int LARGEST_PRIVATE = 1 << 16;

    /** A bundle of all the world's authorities is 200 KB. */
    private static final int LARGEST_PUBLIC = 8 << 20;

    /** What a file's octets mean. */
    @FunctionalInterface
    interface Content<T> {
        /** @param octets gone when it returns */
        T of(byte[] octets) throws UnusableFileException;
    }

    /** The secret in the file that the configuration calls {@code name}; the caller's own. */
    Secret read(String name) throws BadValueException {
        Path file = locate(name);
        byte[] octets = octets(name, file, LARGEST);
        try {
            return Secret.owning(decoded(file, octets));
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    /**
     * What {@code meaning} makes of the file that the configuration calls {@code name}, which holds a private key in a form
     * of its own.
     */
    <T> T privately(String name, Content<T> meaning) throws BadValueException {
        Path file = locate(name);
        byte[] octets = octets(name, file, LARGEST_PRIVATE);
        try {
            return meaning.of(octets);
        } catch (UnusableFileException e) {
            throw new BadValueException(Quoted.of(file.toString()) + " " + e.getMessage(), e.right());
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    /** What {@code meaning} makes of the file that the configuration calls {@code name}, which anybody may read. */
    <T> T publicly(String name, Content<T> meaning) throws BadValueException {
        Path file = locate(name);
        requireFile(file, "put it there, or name another");
        try (InputStream in = Files.newInputStream(file)) {
            return meaning.of(in.readNBytes(LARGEST_PUBLIC));
        } catch (UnusableFileException e) {
            throw new BadValueException(Quoted.of(file.toString()) + " " + e.getMessage(), e.right());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private Path locate(String name) throws BadValueException {
        if (name.isEmpty()) {
            throw new BadValueException("the file's name is empty", "name a file that holds the key");
        }
        try {
            Path given = Path.of(name);
            if (given.isAbsolute()) {
                return given;
            }
            return credentials
                    .map(folder -> folder.resolve(name.replace('/', '_')))
                    .filter(Files::exists)
                    .orElse(besides.resolve(given));
        } catch (InvalidPathException e) {
            throw new BadValueException(Quoted.of(name) + " is no file name", "name a file that holds the key");
        }
    }

    private static void requireFile(Path file, String right) throws BadValueException {
        if (!Files.exists(file)) {
            throw new BadValueException("there is no file " + Quoted.of(file.toString()), right);
        }
        if (!Files.isRegularFile(file)) {
            throw new BadValueException(Quoted.of(file.toString()) + " is no regular file", "name a file");
        }
    }

    private byte[] octets(String name, Path file, int largest) throws BadValueException {
        requireFile(
                file,
                "put the key there, readable by its owner alone, or load it by systemd's LoadCredential="
                        + name.replace('/', '_'));
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(SecretFile::forOthers) && !isCredential(file)) {
                throw new BadValueException(
                        "others can read or write " + Quoted.of(file.toString()) + " (mode "
                                + PosixFilePermissions.toString(permissions) + ")",
                        "give it to the daemon's user alone: chmod 600");
            }
            if (Files.size(file) > largest) {
                throw new BadValueException(
                        Quoted.of(file.toString()) + " is larger than " + largest + " octets",
                        "name the key's own file");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(largest);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static BadValueException unreadable(Path file, IOException e) {
        return new BadValueException(
                Quoted.of(file.toString()) + " cannot be read: " + FileTrouble.reason(e),
                "let the daemon's user own it, or load it by systemd's LoadCredential=");
    }

    private boolean isCredential(Path file) {
        return credentials.isPresent()
                && file.toAbsolutePath()
                        .normalize()
                        .startsWith(credentials.get().toAbsolutePath().normalize());
    }

    private static boolean forOthers(PosixFilePermission permission) {
        return switch (permission) {
            case OWNER_READ, OWNER_WRITE, OWNER_EXECUTE -> false;
            case GROUP_READ, GROUP_WRITE, GROUP_EXECUTE, OTHERS_READ, OTHERS_WRITE, OTHERS_EXECUTE -> true;
        };
    }

    /** A fresh array. */
    private static byte[] decoded(Path file, byte[] octets) throws BadValueException {
        int end = octets.length;
        if (end > 0 && octets[end - 1] == '\n') {
            end--;
        }
        if (end > 0 && octets[end - 1] == '\r') {
            end--;
        }
        byte[] key = Arrays.copyOf(octets, end);
        if (end >= 2 && octets[0] == '0' && octets[1] == 'x') {
            key = decodedFrom(key, "hexadecimal digits after 0x", SecretFile::hex, file);
        } else if (end >= 2 && octets[0] == '0' && octets[1] == 's') {
            key = decodedFrom(key, "base64 after 0s", Base64.getDecoder()::decode, file);
        }
        if (key.length == 0) {
            throw new BadValueException(Quoted.of(file.toString()) + " holds no key", "put the key in it");
        }
        return key;
    }

    private static byte[] decodedFrom(byte[] key, String form, Decoder decoder, Path file) throws BadValueException {
        byte[] digits = Arrays.copyOfRange(key, 2, key.length);
        try {
            return decoder.decode(digits);
        } catch (IllegalArgumentException e) {
            throw new BadValueException(
                    Quoted.of(file.toString()) + " does not hold " + form,
                    "mend it; a key of text that begins so is to be written in base64");
        } finally {
            Arrays.fill(digits, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    /** As {@link HexFormat} does, without a {@code String} of the key. */
    private static byte[] hex(byte[] digits) {
        if (digits.length % 2 != 0) {
            throw new IllegalArgumentException("odd");
        }
        byte[] octets = new byte[digits.length / 2];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) (HexFormat.fromHexDigit(digits[2 * i]) << 4 | HexFormat.fromHexDigit(digits[2 * i + 1]));
        }
        return octets;
    }

    @FunctionalInterface
    private interface Decoder {
        byte[] decode(byte[] digits);
    }
}
