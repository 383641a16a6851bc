package org.ikev2d.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** One daemon per runtime directory: held until closed, or until the process ends in whatever way. */
final class RunLock implements AutoCloseable {
    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes the directory where there is none.
     *
     * @throws IOException when another daemon holds it, or it cannot be written to; says which and what to do
     */
    static RunLock take(Path runtimeDir) throws IOException {
        Path file = runtimeDir.resolve("lock");
        FileChannel channel;
        try {
            Files.createDirectories(runtimeDir);
            // Whoever may read it could hold a lock on it too.
            channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw new IOException(
                    "cannot use the runtime directory " + runtimeDir + " ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "): make it and give it to the daemon's user, or set runtime_dir",
                    e);
        }
        try {
            if (!isLocked(channel)) {
                throw new IOException(
                        "another ikev2d" + holder(channel) + " runs with the runtime directory " + runtimeDir
                                + ": stop it, or run this one in a network namespace and with a runtime_dir of its own");
            }
            write(channel, ProcessHandle.current().pid() + "\n");
            return new RunLock(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(16);
        int read = channel.read(octets, 0);
        String pid = new String(octets.array(), 0, Math.max(read, 0), StandardCharsets.UTF_8).strip();
        return pid.matches("\\d+") ? " (process " + pid + ")" : "";
    }

    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** The file stays: taking it away would let two daemons hold locks on different files of one name. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
