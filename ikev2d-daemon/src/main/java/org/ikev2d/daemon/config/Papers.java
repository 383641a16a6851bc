package org.ikev2d.daemon.config;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.ikev2d.daemon.config.Validity.Kind;
import org.ikev2d.daemon.config.Validity.State;
import org.ikev2d.daemon.trust.Certificates;
import org.ikev2d.daemon.trust.TrustRules;

/**
 * What a tunnel has that ends some day.
 *
 * @param chain our certificate first; empty where we have none
 */
record Papers(String tunnel, List<X509Certificate> chain, Optional<TrustRules> trust) {
    /** Of a certificate that lives for weeks only, the last part of this is what counts as soon. */
    private static final int PARTS = 3;

    Papers {
        chain = List.copyOf(chain);
    }

    /**
     * How long all of it holds.
     *
     * @param notice how long before the end it is time to get another; zero: not before
     */
    List<Validity> validities(Instant now, Duration notice) {
        List<Validity> all = new ArrayList<>();
        for (X509Certificate one : chain) {
            String whose = one.equals(chain.get(0)) ? "our certificate " : "the certificate behind ours, ";
            all.add(validity(Kind.CERTIFICATE, whose, one, now, notice));
        }
        trust.ifPresent(rules -> {
            rules.authorities()
                    .forEach(
                            one -> all.add(validity(Kind.AUTHORITY, "the certificate in ca_files ", one, now, notice)));
            rules.revocation().lists().forEach(list -> validity(list, now).ifPresent(all::add));
        });
        return all;
    }

    private Validity validity(Kind kind, String whose, X509Certificate one, Instant now, Duration notice) {
        Instant end = one.getNotAfter().toInstant();
        Duration part = Duration.between(one.getNotBefore().toInstant(), end).dividedBy(PARTS);
        Duration soon = notice.compareTo(part) < 0 ? notice : part;
        State state = now.isAfter(end) ? State.OVER : now.isAfter(end.minus(soon)) ? State.SOON : State.FINE;
        String text = whose + Certificates.describe(one) + verb(state) + end;
        return new Validity(
                tunnel,
                kind,
                state,
                state == State.FINE
                        ? text
                        : text + days(now, end) + ": get another, put it in its place, and say \"ikev2ctl reload\"");
    }

    private static String verb(State state) {
        return state == State.OVER ? " expired at " : state == State.SOON ? " expires at " : " holds until ";
    }

    private static String days(Instant now, Instant end) {
        long days = ChronoUnit.DAYS.between(now, end);
        return days > 1 ? ", in " + days + " days" : "";
    }

    /** Lists are renewed shortly before their end, as a rule: that counts as fine until then. */
    private Optional<Validity> validity(X509CRL list, Instant now) {
        return Optional.ofNullable(list.getNextUpdate()).map(Date::toInstant).map(end -> {
            boolean over = now.isAfter(end);
            String text = "the revocation list of \"" + Certificates.issuer(list) + "\" in crl_files "
                    + (over ? "was" : "is") + " to be replaced by " + end;
            return new Validity(
                    tunnel,
                    Kind.REVOCATION_LIST,
                    over ? State.OVER : State.FINE,
                    over ? text + ": put the new one in its place, and say \"ikev2ctl reload\"" : text);
        });
    }
}
