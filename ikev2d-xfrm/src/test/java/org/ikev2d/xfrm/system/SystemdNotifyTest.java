package org.ikev2d.xfrm.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.ikev2d.xfrm.socket.DatagramReceiver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdNotifyTest {
    @TempDir
    private Path directory;

    @Test
    void aPathIsTold() throws Exception {
        tell(directory.resolve("notify").toString());
    }

    @Test
    void anAbstractNameIsTold() throws Exception {
        tell("@ikev2d-test-" + ProcessHandle.current().pid());
    }

    @Test
    void withoutASocketNothingIsSent() throws IOException {
        SystemdNotify notify = SystemdNotify.from(Map.of());
        assertThat(notify.isWanted()).isFalse();
        notify.send("READY=1");
        SystemdNotify.from(Map.of("NOTIFY_SOCKET", "")).send("READY=1");
    }

    @Test
    void aSocketThatIsNotThereIsNamed() {
        String path = directory.resolve("nobody").toString();
        assertThatThrownBy(() -> notifying(path).send("READY=1"))
                .isInstanceOf(IOException.class)
                .hasMessage("sendto(" + path + "): not found (ENOENT)");
        assertThatThrownBy(() -> notifying("x".repeat(108)).send("READY=1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no name of a socket");
    }

    private static SystemdNotify notifying(String path) {
        return SystemdNotify.from(Map.of("NOTIFY_SOCKET", path));
    }

    private static void tell(String path) throws Exception {
        try (DatagramReceiver receiver = new DatagramReceiver(path)) {
            SystemdNotify notify = notifying(path);
            assertThat(notify.isWanted()).isTrue();
            notify.send("READY=1\nSTATUS=2 tunnels");
            assertThat(receiver.receive()).isEqualTo("READY=1\nSTATUS=2 tunnels");
        }
    }
}
