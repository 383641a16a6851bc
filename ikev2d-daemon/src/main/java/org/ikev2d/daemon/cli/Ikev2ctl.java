package org.ikev2d.daemon.cli;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.ikev2d.daemon.cli.ControlClient.Reply;
import org.ikev2d.daemon.control.Text;
import org.ikev2d.daemon.control.Version;

/**
 * The operators' program. Of a daemon's classes it loads none but those for the socket's JSON, so that it starts fast;
 * {@code check} and {@code doctor} alone read configuration files.
 */
public final class Ikev2ctl {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;

    private final PrintStream out;
    private final PrintStream err;

    Ikev2ctl(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] words) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int status = new Ikev2ctl(out, System.err).run(words);
        out.flush();
        System.exit(status);
    }

    /** @return the exit status */
    int run(String... words) {
        try {
            return run(Arguments.parse(words));
        } catch (UsageException e) {
            return fail(USAGE, e.getMessage() + "\n" + Help.USAGE);
        } catch (UnreachableException e) {
            return fail(UNREACHABLE, e.getMessage());
        }
    }

    private int run(Arguments arguments) throws UnreachableException {
        ControlClient client = new ControlClient(arguments.socket());
        return switch (arguments.command()) {
            case "help" -> say(Help.TEXT);
            case "check" -> new Check(out).run(arguments.operand());
            case "doctor" -> new Examination(out).run(arguments.operand(), arguments.json());
            case "version" -> version(client);
            case "status" -> status(client, arguments);
            case "reload" -> outcome(client.ask(operation("reload")));
            case "stop" -> stop(client, arguments.keep());
            case "up", "down", "rekey" -> move(client, arguments);
            default -> throw new AssertionError(arguments.command());
        };
    }

    private int version(ControlClient client) {
        say("ikev2ctl " + Version.current() + "\n");
        try {
            Reply reply = client.ask(operation("version"));
            if (!reply.ok()) {
                return fail(FAILED, Text.visible(reply.text()));
            }
            return say(StatusText.asOfNow().daemon(reply.daemon()));
        } catch (UnreachableException e) {
            return say("ikev2d: " + e.getMessage() + "\n");
        }
    }

    private int status(ControlClient client, Arguments arguments) throws UnreachableException {
        JsonObject request = operation("status");
        if (!arguments.operand().isEmpty()) {
            request.put("tunnel", arguments.operand());
        }
        Reply reply = client.ask(request);
        if (!reply.ok()) {
            return fail(FAILED, Text.visible(reply.text()));
        }
        if (arguments.json() && !arguments.operand().isEmpty()) {
            return say(JsonWriter.string(reply.tunnels().getObject(0)) + "\n");
        }
        if (arguments.json()) {
            JsonObject document = new JsonObject();
            document.put("v", 1);
            document.put("daemon", reply.daemon());
            document.put("tunnels", reply.tunnels());
            return say(JsonWriter.string(document) + "\n");
        }
        StatusText text = StatusText.asOfNow();
        return say(
                arguments.operand().isEmpty()
                        ? text.overview(reply)
                        : text.detail(reply.tunnels().getObject(0)));
    }

    private int stop(ControlClient client, boolean keep) throws UnreachableException {
        JsonObject request = operation("stop");
        request.put("keep", keep);
        return outcome(client.ask(request));
    }

    private int move(ControlClient client, Arguments arguments) throws UnreachableException {
        JsonObject request = operation(arguments.command());
        request.put("tunnel", arguments.operand());
        if (arguments.ike()) {
            request.put("ike", true);
        }
        return outcome(client.ask(request));
    }

    private int outcome(Reply reply) {
        String text = reply.text().lines().map(Text::visible).collect(Collectors.joining("\n"));
        if (!reply.ok()) {
            return fail(FAILED, text);
        }
        return text.isEmpty() ? DONE : say(text + "\n");
    }

    private static JsonObject operation(String word) {
        JsonObject request = new JsonObject();
        request.put("op", word);
        return request;
    }

    private int say(String text) {
        out.print(text);
        return DONE;
    }

    private int fail(int status, String text) {
        err.println("ikev2ctl: " + text);
        return status;
    }
}
