package org.ikev2d.daemon.config;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ikev2d.core.kernel.ReqId;

/**
 * Which reqid each tunnel has, kept in the runtime directory so that a tunnel has the same one after a restart and finds
 * again what it left in the kernel. Names that are no longer configured stay, and their reqids stay taken, until they are
 * {@linkplain #forget forgotten}. Holds no keys.
 */
public final class ReqIdRecord {
    private static final String FILE = "reqids.json";
    private static final int PAIRS = (ReqId.LAST - ReqId.FIRST + 1) / 2;

    private final Path file;
    private final Map<String, ReqId> byName;
    private final Optional<String> warning;

    private ReqIdRecord(Path file, Map<String, ReqId> byName, Optional<String> warning) {
        this.file = file;
        this.byName = new TreeMap<>(byName);
        this.warning = warning;
    }

    /**
     * The record in {@code runtimeDir}; an empty one when there is none, or it cannot be understood: such a file is moved
     * aside, and {@link #warning} says so.
     *
     * @throws IOException when the file can be neither read nor moved aside
     */
    public static ReqIdRecord open(Path runtimeDir) throws IOException {
        Path file = runtimeDir.resolve(FILE);
        try {
            return new ReqIdRecord(file, parsed(Files.readString(file)), Optional.empty());
        } catch (NoSuchFileException e) {
            return new ReqIdRecord(file, Map.of(), Optional.empty());
        } catch (BadValueException | CharacterCodingException e) {
            Path aside = file.resolveSibling(FILE + ".broken");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            return new ReqIdRecord(
                    file,
                    Map.of(),
                    Optional.of("the record of reqids could not be understood (" + e.getMessage() + "): moved to "
                            + aside + ", and tunnels get new reqids"));
        }
    }

    /** What the operator should know of how the record was found. */
    public Optional<String> warning() {
        return warning;
    }

    /** Every name of the record, configured or not. */
    public Map<String, ReqId> all() {
        return Collections.unmodifiableMap(byName);
    }

    /**
     * The reqids of {@code tunnels}: those of the record, and fresh ones for names that it does not have. What was added
     * is written before this returns.
     *
     * @throws IOException when it could not be written, or no reqid is free
     */
    public Map<String, ReqId> assign(Collection<String> tunnels) throws IOException {
        TreeSet<Integer> free = new TreeSet<>();
        for (int pair = 0; pair < PAIRS; pair++) {
            free.add(ReqId.ofTunnel(pair).value());
        }
        byName.values().forEach(taken -> free.remove(taken.value()));
        Map<String, ReqId> assigned = new LinkedHashMap<>();
        boolean added = false;
        for (String tunnel : tunnels) {
            if (!byName.containsKey(tunnel)) {
                if (free.isEmpty()) {
                    throw new IOException(file + ": all " + PAIRS + " reqids are taken");
                }
                byName.put(tunnel, new ReqId(free.pollFirst()));
                added = true;
            }
            assigned.put(tunnel, byName.get(tunnel));
        }
        if (added) {
            write();
        }
        return assigned;
    }

    /** Frees the reqids of {@code tunnels}; to be called when nothing in the kernel bears them any more. */
    public void forget(Collection<String> tunnels) throws IOException {
        if (byName.keySet().removeAll(tunnels)) {
            write();
        }
    }

    private void write() throws IOException {
        JsonObject tunnels = new JsonObject();
        byName.forEach((name, reqId) -> tunnels.put(name, reqId.value()));
        String text = JsonWriter.indent("  ")
                        .string()
                        .object()
                        .value("v", 1)
                        .value("tunnels", tunnels)
                        .end()
                        .done()
                + "\n";
        Path fresh = file.resolveSibling(FILE + ".new");
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer octets = StandardCharsets.UTF_8.encode(text);
            while (octets.hasRemaining()) {
                out.write(octets);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Map<String, ReqId> parsed(String text) throws BadValueException {
        JsonObject record;
        try {
            record = JsonParser.object().from(text);
        } catch (JsonParserException e) {
            throw new BadValueException("no JSON object: " + e.getMessage(), "");
        }
        if (!Integer.valueOf(1).equals(record.get("v")) || !(record.get("tunnels") instanceof JsonObject tunnels)) {
            throw new BadValueException("not a record of version 1", "");
        }
        Map<String, ReqId> byName = new TreeMap<>();
        Set<ReqId> taken = new HashSet<>();
        for (Map.Entry<String, Object> entry : tunnels.entrySet()) {
            if (!(entry.getValue() instanceof Integer value)
                    || !ReqId.isOurs(value)
                    || !new ReqId(value).equals(new ReqId(value).tunnel())
                    || !taken.add(new ReqId(value))) {
                throw new BadValueException(
                        Quoted.of(entry.getKey()) + " has " + entry.getValue() + ", which is no reqid of its own", "");
            }
            byName.put(entry.getKey(), new ReqId(value));
        }
        return byName;
    }
}
