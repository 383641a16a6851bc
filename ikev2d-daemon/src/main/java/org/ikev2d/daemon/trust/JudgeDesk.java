package org.ikev2d.daemon.trust;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.engine.Output;

/**
 * Judges on threads of its own, so that the engine never waits for it, nor one peer for the servers that another's
 * certificates name. Any thread may ask.
 */
public final class JudgeDesk implements AutoCloseable {
    /** More than wait in a life without an attack. */
    private static final int MOST_WAITING = 256;

    /** More than wait for servers at a time in a life without an attack. */
    private static final int MOST_THREADS = 8;

    private volatile CertificateJudge judge;
    private final Consumer<Throwable> faults;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            MOST_THREADS,
            MOST_THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            JudgeDesk::thread);

    /** @param faults is told of faults of ours */
    public JudgeDesk(CertificateJudge judge, Consumer<Throwable> faults) {
        this.judge = judge;
        this.faults = faults;
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "certificates");
        thread.setDaemon(true);
        return thread;
    }

    /** From now on {@code other} judges; what is being judged is judged to its end. */
    public void replace(CertificateJudge other) {
        judge = other;
    }

    /** Answers on any thread, perhaps before it returns; not at all after {@link #close}. */
    public void judge(Output.Judge question, Consumer<Verdict> answer) {
        try {
            threads.execute(() -> answer.accept(verdict(question)));
        } catch (RejectedExecutionException e) {
            answer.accept(new Verdict.Refused(
                    CertificateFault.NO_VERDICT,
                    "the certificates of " + MOST_WAITING + " other peers are waiting to be judged"));
        }
    }

    private Verdict verdict(Output.Judge question) {
        try {
            return judge.judge(question);
        } catch (RuntimeException e) {
            faults.accept(e);
            return new Verdict.Refused(
                    CertificateFault.NO_VERDICT,
                    "a fault of ikev2d's own while it judged the certificate of "
                            + question.claimed().describe());
        }
    }

    /** What is being done is abandoned. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
