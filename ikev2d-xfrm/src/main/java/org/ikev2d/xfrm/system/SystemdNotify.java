package org.ikev2d.xfrm.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.xfrm.socket.UnixDatagrams;

/** Tells the service manager how we are: sd_notify(3). */
public final class SystemdNotify {
    private static final String VARIABLE = "NOTIFY_SOCKET";

    private final Optional<String> socket;

    private SystemdNotify(Optional<String> socket) {
        this.socket = socket;
    }

    /** By $NOTIFY_SOCKET; without it nothing is sent. */
    public static SystemdNotify fromEnvironment() {
        return from(System.getenv());
    }

    static SystemdNotify from(Map<String, String> environment) {
        return new SystemdNotify(Optional.ofNullable(environment.get(VARIABLE)).filter(path -> !path.isEmpty()));
    }

    /** @param state {@code READY=1}, {@code STATUS=...}; several are separated by newlines */
    public void send(String state) throws IOException {
        if (socket.isPresent()) {
            UnixDatagrams.send(socket.get(), state.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Whether somebody wants to be told. */
    public boolean isWanted() {
        return socket.isPresent();
    }
}
