package org.ikev2d.daemon.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks the daemon one thing over its control socket (docs/control-protocol.md). */
final class ControlClient {
    private static final Duration QUICK = Duration.ofSeconds(10);
    private static final Duration SLOW = Duration.ofMinutes(5);

    private final String socket;

    ControlClient(String socket) {
        this.socket = socket;
    }

    /**
     * What the daemon said.
     *
     * @param daemon null where it was not asked for
     * @param text of a success what there is to say, of a failure its code and what is wrong
     */
    record Reply(boolean ok, String text, JsonObject daemon, JsonArray tunnels) {}

    /** Sends {@code request}, to which version and id are added, and reads the reply to its end. */
    Reply ask(JsonObject request) throws UnreachableException {
        JsonObject line = new JsonObject();
        line.put("v", 1);
        line.put("id", 1);
        line.putAll(request);
        boolean quick = "status".equals(request.get("op")) || "version".equals(request.get("op"));
        Duration patience = quick ? QUICK : SLOW;
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            Thread watchdog = new Watchdog(channel, patience);
            watchdog.start();
            try {
                send(channel, JsonWriter.string(line) + "\n");
                Reply reply = receive(channel);
                if (quick && reply.ok() && reply.daemon() == null) {
                    throw new UnreachableException(foreign());
                }
                return reply;
            } finally {
                watchdog.interrupt();
            }
        } catch (java.nio.channels.AsynchronousCloseException e) {
            throw new UnreachableException(
                    "the daemon at " + socket + " gave no answer for " + patience.toSeconds() + " seconds");
        } catch (IOException | IllegalArgumentException e) {
            throw new UnreachableException("no daemon answers at " + socket + " (" + e.getMessage()
                    + "); start it with \"systemctl start ikev2d\", or name its socket with --socket");
        } catch (JsonParserException e) {
            throw new UnreachableException(foreign());
        }
    }

    private String foreign() {
        return "what answers at " + socket + " does not speak ikev2d's protocol";
    }

    private static void send(SocketChannel channel, String line) {
        ByteBuffer octets = StandardCharsets.UTF_8.encode(line);
        try {
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
        } catch (IOException e) {
            // Sent away before we could ask: why is what can still be read.
            return;
        }
    }

    private static Reply receive(SocketChannel channel) throws IOException, JsonParserException {
        BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        JsonObject daemon = null;
        JsonArray tunnels = new JsonArray();
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
            JsonObject line = JsonParser.object().from(text);
            if (line.getObject("daemon") != null) {
                daemon = line.getObject("daemon");
            } else if (line.getObject("tunnel") != null) {
                tunnels.add(line.getObject("tunnel"));
            } else if (line.getBoolean("end")) {
                JsonObject error = line.getObject("error", new JsonObject());
                boolean ok = line.getBoolean("ok");
                String said = ok ? line.getString("text", "") : error.getString("text", "no reason given");
                return new Reply(ok, said, daemon, tunnels);
            }
        }
        throw new IOException("it hung up");
    }

    /** Closes the channel when the daemon is silent for too long: reading has no time limit of its own. */
    private static final class Watchdog extends Thread {
        private final SocketChannel channel;
        private final Duration patience;

        Watchdog(SocketChannel channel, Duration patience) {
            super("watchdog");
            setDaemon(true);
            this.channel = channel;
            this.patience = patience;
        }

        @Override
        public void run() {
            try {
                Thread.sleep(patience.toMillis());
                channel.close();
            } catch (InterruptedException | IOException e) {
                // The answer came, or the channel is closed already.
                return;
            }
        }
    }
}
