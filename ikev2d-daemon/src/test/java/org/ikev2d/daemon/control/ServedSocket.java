package org.ikev2d.daemon.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server on a real socket, once it is opened. */
@Timeout(60)
abstract class ServedSocket {
    static final String OK = "{\"v\":1,\"id\":7,\"end\":true,\"ok\":true}";

    @TempDir
    Path folder;

    final FakeDaemon daemon = FakeDaemon.withTunnels();
    final Recorder told = new Recorder();
    Path socket;
    ControlServer server;

    @BeforeEach
    final void name() {
        socket = folder.resolve("control.sock");
    }

    @AfterEach
    final void close() {
        if (server != null) {
            server.close();
        }
    }

    final void open(ControlLimits limits) throws IOException {
        server = ControlServer.open(socket, Optional.empty(), limits, daemon, told);
    }
}
