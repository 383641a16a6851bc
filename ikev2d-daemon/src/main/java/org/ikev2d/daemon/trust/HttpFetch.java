package org.ikev2d.daemon.trust;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ikev2d.core.bytes.Bytes;

/**
 * Fetches over HTTP, with an end to what that takes of time and memory. Whoever asks waits; name servers and slow peers are
 * waited for on threads of its own, which are left to themselves when the time is over.
 */
final class HttpFetch {
    /** More servers than hang at a time in a life without an attack. */
    private static final int MOST_THREADS = 16;

    /** Of a thread that waits for nobody any more. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(1);

    private static final ThreadPoolExecutor THREADS =
            new ThreadPoolExecutor(0, MOST_THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), HttpFetch::thread);

    private HttpFetch() {}

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "fetch");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * What is asked.
     *
     * @param body to POST, of type {@code type}; empty: it is a GET
     */
    record Request(URI uri, Bytes body, String type) {
        static Request get(URI uri) {
            return new Request(uri, Bytes.empty(), "");
        }
    }

    /**
     * The body of an answer with status 200.
     *
     * @throws IOException with what is in the way, to stand behind the address
     */
    static byte[] fetch(Request request, FetchLimits limits) throws IOException {
        Exchange exchange = new Exchange(request, limits);
        Future<byte[]> body;
        try {
            body = THREADS.submit(exchange::run);
        } catch (RejectedExecutionException e) {
            throw new IOException("too many other servers are being waited for", e);
        }
        try {
            return body.get(limits.longest().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            exchange.abandon();
            throw new IOException("no answer in " + text(limits.longest()), e);
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.abandon();
            throw new IOException("interrupted", e);
        }
    }

    private static String text(Duration duration) {
        return duration.toMillis() + " ms";
    }

    private static String reason(Throwable cause) {
        String name = cause.getClass().getSimpleName();
        return cause.getMessage() == null
                ? name
                : name.equals("IOException") ? cause.getMessage() : name + ": " + cause.getMessage();
    }

    /** One request and its answer. */
    private static final class Exchange {
        private final Request request;
        private final FetchLimits limits;
        private final HttpURLConnection connection;

        Exchange(Request request, FetchLimits limits) throws IOException {
            this.request = request;
            this.limits = limits;
            this.connection = (HttpURLConnection) request.uri().toURL().openConnection();
        }

        byte[] run() throws IOException {
            // Later than whoever waits, who says how long that was.
            int longest = (int) limits.longest().plus(AFTERWARDS).toMillis();
            connection.setConnectTimeout(longest);
            connection.setReadTimeout(longest);
            connection.setUseCaches(false);
            // None stays open for another that perhaps never comes.
            connection.setRequestProperty("Connection", "close");
            try {
                if (!request.body().isEmpty()) {
                    connection.setDoOutput(true);
                    connection.setRequestProperty("Content-Type", request.type());
                    try (OutputStream out = connection.getOutputStream()) {
                        out.write(request.body().toArray());
                    }
                }
                if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                    throw new IOException("HTTP status " + connection.getResponseCode());
                }
                try (InputStream in = connection.getInputStream()) {
                    byte[] body = in.readNBytes(limits.mostOctets() + 1);
                    if (body.length > limits.mostOctets()) {
                        throw new IOException("more than " + limits.mostOctets() + " octets");
                    }
                    return body;
                }
            } finally {
                connection.disconnect();
            }
        }

        /** Nobody waits for it any more: what blocks its thread ends. */
        void abandon() {
            connection.disconnect();
        }
    }
}
