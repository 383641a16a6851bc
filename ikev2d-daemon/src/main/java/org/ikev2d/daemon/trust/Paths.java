package org.ikev2d.daemon.trust;

import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The ways from a certificate to an authority, by names alone: no key is used that was not vouched for, whatever the
 * peer sent.
 */
final class Paths {
    /** Certificates between the peer's and the authority's. */
    private static final int MOST_BETWEEN = 6;

    private static final int MOST_PATHS = 16;

    /** However the names of what the peer sent are entangled. */
    private static final int MOST_STEPS = 500;

    private final TrustRules rules;
    private final List<X509Certificate> others;
    private final List<Path> found = new ArrayList<>();
    private final Deque<X509Certificate> taken = new ArrayDeque<>();
    private int steps;

    /**
     * A way.
     *
     * @param certificates the peer's own first; without the authority's
     */
    record Path(List<X509Certificate> certificates, X509Certificate authority) {
        Path {
            certificates = List.copyOf(certificates);
        }
    }

    private Paths(TrustRules rules, List<X509Certificate> others) {
        this.rules = rules;
        this.others = others;
    }

    /** Shortest first, as far as it is searched. */
    static List<Path> from(X509Certificate own, List<X509Certificate> others, TrustRules rules) {
        Paths paths = new Paths(rules, others);
        paths.follow(own);
        return paths.found;
    }

    private void follow(X509Certificate last) {
        steps++;
        taken.addLast(last);
        for (X509Certificate authority : rules.authorities()) {
            if (issued(authority, last) && found.size() < MOST_PATHS) {
                found.add(new Path(List.copyOf(taken), authority));
            }
        }
        if (taken.size() <= MOST_BETWEEN) {
            for (X509Certificate other : others) {
                if (issued(other, last) && !taken.contains(other) && steps < MOST_STEPS) {
                    follow(other);
                }
            }
        }
        taken.removeLast();
    }

    private static boolean issued(X509Certificate issuer, X509Certificate subject) {
        return issuer.getSubjectX500Principal().equals(subject.getIssuerX500Principal());
    }
}
