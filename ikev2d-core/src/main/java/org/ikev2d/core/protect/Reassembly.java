package org.ikev2d.core.protect;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Sealed;

/**
 * What is there of one message that comes in fragments (RFC 7383 §2.6); each is proven before it gets here. A message of
 * another ID, and a finer set of the same one, take its place.
 */
public final class Reassembly {
    /** Of 576 octets each, the smallest that RFC 7383 recommends, these are more than 32 KB. */
    public static final int MOST_FRAGMENTS = 64;

    /** No message before fragmentation is longer (RFC 7383 §5). */
    public static final int MOST_OCTETS = 0x10000;

    private final SortedMap<Integer, Bytes> contents = new TreeMap<>();
    private Optional<Set> set = Optional.empty();
    private Optional<Fragment> first = Optional.empty();
    private int octets;

    /** Which fragments belong together. */
    private record Set(int messageId, int exchangeType, int total) {
        static Set of(IkeHeader header, Sealed sealed) {
            return new Set(header.messageId(), header.exchangeType(), sealed.totalFragments());
        }

        boolean isFinerThan(Set other) {
            return messageId == other.messageId && exchangeType == other.exchangeType && total > other.total;
        }
    }

    /**
     * A proven fragment.
     *
     * @param content decrypted, without padding
     * @param contentOffset where it began in the datagram
     */
    record Fragment(IkeHeader header, Sealed sealed, Bytes datagram, Bytes content, int contentOffset) {
        int number() {
            return sealed.fragmentNumber();
        }
    }

    /** Whether nothing is kept. */
    public boolean isEmpty() {
        return set.isEmpty();
    }

    /** Lets go what is kept. */
    public void clear() {
        contents.clear();
        set = Optional.empty();
        first = Optional.empty();
        octets = 0;
    }

    /** Whether an unproven fragment is of no use, so that nobody need look at its checksum. */
    boolean isStale(IkeHeader header, Sealed sealed) {
        Set wanted = Set.of(header, sealed);
        return set.filter(kept -> kept.isFinerThan(wanted)
                        || (kept.equals(wanted) && contents.containsKey(sealed.fragmentNumber())))
                .isPresent();
    }

    /** Takes a fragment that is not stale; gives the message when it is the last that was missing. */
    Opened add(Fragment fragment) {
        Set wanted = Set.of(fragment.header(), fragment.sealed());
        if (!set.equals(Optional.of(wanted))) {
            clear();
            set = Optional.of(wanted);
        }
        octets += fragment.content().size();
        if (wanted.total() > MOST_FRAGMENTS || octets > MOST_OCTETS) {
            int size = octets;
            clear();
            return new Opened.Excessive("a message in " + wanted.total() + " fragments, with " + size
                    + " octets so far; at most " + MOST_FRAGMENTS + " and " + MOST_OCTETS + " are taken");
        }
        contents.put(fragment.number(), fragment.content());
        if (fragment.number() == 1) {
            first = Optional.of(fragment);
        }
        return contents.size() < wanted.total() ? new Opened.Partial(contents.size(), wanted.total()) : whole();
    }

    private Opened whole() {
        Fragment one = first.orElseThrow();
        Bytes payloads = Bytes.concat(contents.values().toArray(Bytes[]::new));
        clear();
        try {
            return new Opened.Message(
                    one.header(),
                    MessageCodec.decodePayloads(payloads, one.sealed().firstInnerPayload(), one.contentOffset()),
                    one.datagram(),
                    MessageCodec.unsealed(one.sealed(), payloads));
        } catch (DecodeException e) {
            return new Opened.Malformed(one.header(), e, one.datagram());
        }
    }
}
