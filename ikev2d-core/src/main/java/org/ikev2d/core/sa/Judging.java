package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.Payload;

/**
 * The question whether the peer's certificates are to be trusted, while somebody else answers it. One at a time; one
 * that is not answered in time counts as a no.
 */
final class Judging {
    /** More than whoever judges gives itself. */
    private static final Duration LONGEST = Duration.ofSeconds(25);

    private final IkeSa sa;
    private Optional<Question> open = Optional.empty();
    private int round;

    private record Question(
            int round,
            MonoTime until,
            String tunnel,
            Identity claimed,
            List<Payload.Certificate> certificates,
            Asker asker) {}

    /** Who waits for the answer. */
    interface Asker {
        void judged(Verdict verdict);

        /** There will be no answer: the IKE SA ends. Whatever is held for it is given back. */
        void abandoned();
    }

    Judging(IkeSa sa) {
        this.sa = sa;
    }

    boolean isOpen() {
        return open.isPresent();
    }

    /** @param tunnel by whose rules */
    void ask(String tunnel, Identity claimed, List<Payload.Certificate> certificates, Asker asker) {
        put(sa.bench().now().plus(LONGEST), tunnel, claimed, certificates, asker);
    }

    /** An answer that is on its way is by rules that are no more. */
    void askAgain() {
        open.ifPresent(question -> put(
                question.until(), question.tunnel(), question.claimed(), question.certificates(), question.asker()));
    }

    private void put(
            MonoTime until, String tunnel, Identity claimed, List<Payload.Certificate> certificates, Asker asker) {
        round++;
        open = Optional.of(new Question(round, until, tunnel, claimed, certificates, asker));
        sa.bench().emit(new Output.Judge(new Output.Judge.Ticket(sa.localSpi(), round), tunnel, claimed, certificates));
    }

    void answered(int toRound, Verdict verdict) {
        open.filter(question -> question.round() == toRound).ifPresent(question -> {
            open = Optional.empty();
            question.asker().judged(verdict);
        });
    }

    Optional<MonoTime> due() {
        return open.map(Question::until);
    }

    void onTime() {
        if (Deadlines.isDue(due(), sa.bench().now())) {
            answered(
                    round,
                    new Verdict.Refused(
                            CertificateFault.NO_VERDICT,
                            "nothing was found out about the peer's certificate in " + LONGEST.toSeconds() + " s"));
        }
    }

    void close() {
        Optional<Question> left = open;
        open = Optional.empty();
        left.ifPresent(question -> question.asker().abandoned());
    }
}
