package org.ikev2d.daemon.trust;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.crypto.Secret;

/** The blocks of a PEM file (RFC 7468), read without a {@code String} of what may be a key. */
final class Pem implements AutoCloseable {
    private static final byte[] BEGIN = "-----BEGIN ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "-----END ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DASHES = "-----".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_LABEL = 40;

    private final List<Block> blocks = new ArrayList<>();

    private Pem() {}

    /**
     * One block.
     *
     * @param label as in {@code -----BEGIN label-----}
     */
    record Block(String label, Secret content) {}

    /** Whether there is a block at all; text may stand before it. */
    static boolean looksSo(byte[] octets) {
        return find(octets, BEGIN, 0) >= 0;
    }

    /** The caller closes it. */
    static Pem read(byte[] octets) throws UnusableFileException {
        Pem pem = new Pem();
        try {
            int begin = find(octets, BEGIN, 0);
            while (begin >= 0) {
                begin = find(octets, BEGIN, pem.readBlock(octets, begin));
            }
            return pem;
        } catch (UnusableFileException e) {
            pem.close();
            throw e;
        }
    }

    List<Block> blocks() {
        return List.copyOf(blocks);
    }

    Optional<Block> first(String label) {
        return blocks.stream().filter(block -> block.label().equals(label)).findFirst();
    }

    @Override
    public void close() {
        blocks.forEach(block -> block.content().close());
    }

    /** Where the block that begins at {@code begin} ends. */
    private int readBlock(byte[] octets, int begin) throws UnusableFileException {
        int from = begin + BEGIN.length;
        int labelEnd = find(octets, DASHES, from);
        int end = find(octets, END, from);
        if (labelEnd < 0 || end < labelEnd || labelEnd - from > LONGEST_LABEL) {
            throw new UnusableFileException("is cut off: a PEM block has no end", "copy the whole file again");
        }
        String label = new String(octets, from, labelEnd - from, StandardCharsets.US_ASCII);
        byte[] text = Arrays.copyOfRange(octets, labelEnd + DASHES.length, end);
        try {
            // Line ends, and what openssl writes before old encrypted keys, are told apart by the colon.
            if (find(text, new byte[] {':'}, 0) >= 0) {
                throw new UnusableFileException(
                        "holds " + label + " in openssl's old encrypted form",
                        "write it anew: openssl pkcs8 -topk8 -in OLD -out NEW");
            }
            byte[] content = Base64.getMimeDecoder().decode(text);
            blocks.add(new Block(label, Secret.owning(content)));
        } catch (IllegalArgumentException e) {
            throw new UnusableFileException("does not hold base64 in its block " + label, "copy the whole file again");
        } finally {
            Arrays.fill(text, (byte) 0);
        }
        return end;
    }

    private static int find(byte[] octets, byte[] wanted, int from) {
        for (int at = from; at + wanted.length <= octets.length; at++) {
            if (Arrays.equals(octets, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }
}
