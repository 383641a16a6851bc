package org.ikev2d.daemon.trust;

import java.io.IOException;
import java.net.URI;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;

/**
 * What servers know of revocation. Lists are kept until they are to be replaced, answers about single certificates as long as
 * they hold; a server that failed is left alone for a minute. Any thread; those who want the same wait for one of them.
 */
public final class RevocationSources {
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** A list that does not say when it is to be replaced. */
    private static final Duration UNDATED = Duration.ofHours(1);

    private static final int MOST_KEPT = 64;
    private static final long MOST_OCTETS = 32_000_000;

    private final FetchLimits limits;

    /** The one that was wanted longest ago first. */
    private final Map<String, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

    public RevocationSources(FetchLimits limits) {
        this.limits = limits;
    }

    /** What is known from one server of one thing. Whoever looks at it or changes it holds its lock. */
    private static final class Slot {
        private Optional<Kept> kept = Optional.empty();
        private String failure = "";
        private Instant pausedUntil = Instant.MIN;
        private volatile long size;
    }

    /** {@code lists} are those of {@code octets}, where it has some. */
    private record Kept(Bytes octets, List<X509CRL> lists, Instant until) {}

    /** Reads what was fetched. */
    @FunctionalInterface
    private interface Reader {
        Kept read(byte[] octets) throws IOException;
    }

    /**
     * The lists at {@code uri}, nobody's signature on them looked at.
     *
     * @throws IOException with what is in the way, to stand behind the address
     */
    List<X509CRL> lists(URI uri, Patience patience) throws IOException {
        Slot slot = slot("list " + uri);
        Instant now = patience.now();
        synchronized (slot) {
            Optional<Kept> kept = slot.kept.filter(one -> now.isBefore(one.until()));
            return kept.isPresent()
                    ? kept.get().lists()
                    : fetch(slot, HttpFetch.Request.get(uri), patience, octets -> readLists(octets, now))
                            .lists();
        }
    }

    private static Kept readLists(byte[] octets, Instant now) throws IOException {
        List<X509CRL> lists;
        try {
            lists = Certificates.listsOfFile(octets);
        } catch (UnusableFileException e) {
            throw new IOException("what it gave " + e.getMessage(), e);
        }
        Instant until = lists.stream()
                .map(X509CRL::getNextUpdate)
                .map(date -> Optional.ofNullable(date).map(Date::toInstant).orElse(now.plus(UNDATED)))
                .min(Instant::compareTo)
                .orElseThrow();
        // One that is out of date already is no reason to ask for it all the time.
        return new Kept(Bytes.wrap(octets), lists, until.isAfter(now.plus(PAUSE)) ? until : now.plus(PAUSE));
    }

    /** What is made of a responder's answers. */
    interface Reading<T> {
        /** Of one to an earlier question. */
        T ofKept(byte[] answer);

        /** Of one to the question that was put now. */
        T ofFresh(byte[] answer);

        /** Whether it says anything; what says nothing is not kept. */
        boolean isDefinite(T read);
    }

    /**
     * What a responder says to {@code question}, or has said and still holds.
     *
     * @param about the certificate, so that no two are taken for each other
     * @throws IOException with what is in the way, to stand behind the address
     */
    <T> T answer(URI responder, String about, OcspQuestion question, Patience patience, Reading<T> reading)
            throws IOException {
        Slot slot = slot("answer " + about + " " + responder);
        synchronized (slot) {
            Optional<T> kept =
                    slot.kept.map(one -> reading.ofKept(one.octets().toArray())).filter(reading::isDefinite);
            if (kept.isPresent()) {
                return kept.get();
            }
            HttpFetch.Request request =
                    new HttpFetch.Request(responder, Bytes.wrap(question.encoded()), OcspQuestion.TYPE);
            byte[] octets = fetch(
                            slot, request, patience, answer -> new Kept(Bytes.wrap(answer), List.of(), Instant.MAX))
                    .octets()
                    .toArray();
            T read = reading.ofFresh(octets);
            if (!reading.isDefinite(read)) {
                forget(slot);
            }
            return read;
        }
    }

    private Kept fetch(Slot slot, HttpFetch.Request request, Patience patience, Reader reader) throws IOException {
        Instant now = patience.now();
        if (now.isBefore(slot.pausedUntil)) {
            throw new IOException(slot.failure + "; it is asked again after " + slot.pausedUntil);
        }
        try {
            Kept fresh = reader.read(HttpFetch.fetch(request, patience.within(limits)));
            slot.kept = Optional.of(fresh);
            slot.size = fresh.octets().size();
            trim(slot);
            return fresh;
        } catch (IOException e) {
            forget(slot);
            slot.failure = e.getMessage();
            slot.pausedUntil = now.plus(PAUSE);
            throw e;
        }
    }

    private static void forget(Slot slot) {
        slot.kept = Optional.empty();
        slot.size = 0;
    }

    private Slot slot(String name) {
        synchronized (slots) {
            return slots.computeIfAbsent(name, unused -> new Slot());
        }
    }

    /** Those wanted longest ago go; whoever holds one of them finishes with it. */
    private void trim(Slot fresh) {
        synchronized (slots) {
            long octets = slots.values().stream().mapToLong(slot -> slot.size).sum();
            for (Slot slot : new ArrayDeque<>(slots.values())) {
                if (slot != fresh && (octets > MOST_OCTETS || slots.size() > MOST_KEPT)) {
                    octets -= slot.size;
                    slots.values().remove(slot);
                }
            }
        }
    }
}
