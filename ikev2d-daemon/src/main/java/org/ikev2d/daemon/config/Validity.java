package org.ikev2d.daemon.config;

import java.util.Locale;

/**
 * How long something holds that a tunnel lives by.
 *
 * @param text one sentence, and what to do where it holds no longer, or not for long
 */
public record Validity(String tunnel, Kind kind, State state, String text) {
    /** What it is. */
    public enum Kind {
        /** Ours, or one between it and its authority. */
        CERTIFICATE,
        /** Of those whose certificates the peer may show. */
        AUTHORITY,
        REVOCATION_LIST;

        /** As a point of the doctor's. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How it stands. */
    public enum State {
        FINE,
        /** It is time to get another. */
        SOON,
        OVER
    }

    /** Stable, for machines: {@code own-certificate-expires}. */
    public String code() {
        String what = kind == Kind.CERTIFICATE ? "own-certificate" : kind.word();
        return what + (state == State.OVER ? "-expired" : "-expires");
    }
}
