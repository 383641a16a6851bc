package org.ikev2d.core.world;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.Output;

/** Whom a {@link Gateway} asks about certificates: its answers are prepared, and come when they are told to. */
public final class CannedJudge {
    private final Map<Bytes, Verdict> verdicts = new HashMap<>();
    private Optional<Duration> delay = Optional.of(Duration.ofMillis(5));
    private int asked;

    /** @param certificate as a CERT payload has it */
    public CannedJudge finds(Bytes certificate, Verdict verdict) {
        verdicts.put(certificate, verdict);
        return this;
    }

    /** @param other how long an answer takes; empty: none comes */
    public CannedJudge takes(Optional<Duration> other) {
        delay = other;
        return this;
    }

    /** How often it was asked. */
    public int asked() {
        return asked;
    }

    Optional<Duration> delay() {
        return delay;
    }

    Verdict judge(Output.Judge question) {
        asked++;
        Bytes shown = question.certificates().get(0).data();
        return verdicts.getOrDefault(
                shown,
                new Verdict.Refused(
                        CertificateFault.UNKNOWN_AUTHORITY,
                        "nobody stands behind the certificate of "
                                + question.claimed().describe() + " for tunnel " + question.tunnel()));
    }
}
