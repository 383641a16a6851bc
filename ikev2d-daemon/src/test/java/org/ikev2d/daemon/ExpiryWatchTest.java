package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.daemon.config.ConfigFile;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.ikev2d.daemon.control.Warning;
import org.ikev2d.daemon.loop.MonoClock;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.daemon.observe.RecordingLogger;
import org.ikev2d.daemon.trust.TestAuthority;
import org.ikev2d.daemon.trust.TestAuthority.Draft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** From the files of a configuration to the log and the status. */
class ExpiryWatchTest {
    private static final String CONFIG = """
            [tunnel.b]
            local = "192.0.2.1"
            remote = "198.51.100.2"
            local_ts = ["10.1.0.0/16"]
            remote_ts = ["10.2.0.0/16"]
            cert_file = "b.pem"
            key_file = "b.key"
            ca_files = ["ca.pem"]
            remote_id = "any"
            """;

    @TempDir
    private Path folder;

    private final RecordingLogger lines = new RecordingLogger(Level.DEBUG);

    private LiveConfig config() throws IOException {
        TestAuthority root = TestAuthority.root(
                "CN=root",
                new Draft("CN=root")
                        .authority(5)
                        .valid(TestAuthority.NOW, TestAuthority.NOW.plus(Duration.ofDays(3650))));
        KeyPair keys = TestKeys.pair(Kind.ED25519);
        Files.writeString(folder.resolve("ca.pem"), TestAuthority.pem(root.certificate()));
        Files.writeString(folder.resolve("b.pem"), TestAuthority.pem(root.issue(new Draft("CN=b"), keys)));
        Path key = Files.writeString(folder.resolve("b.key"), TestAuthority.pem(keys.getPrivate()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path file = Files.writeString(folder.resolve("ikev2d.toml"), CONFIG);
        return new LiveConfig(file, ((Loaded.Valid) ConfigFile.load(file)).config());
    }

    @Test
    void whatEndsSoonIsInLogAndStatus() throws IOException {
        try (LiveConfig config = config()) {
            EventLog log = new EventLog(lines, MonoClock::now);
            new ExpiryWatch(config, log, InstantSource.fixed(TestAuthority.NOW)).tell();
            assertThat(lines.lines()).isEmpty();
            ExpiryWatch later =
                    new ExpiryWatch(config, log, InstantSource.fixed(TestAuthority.NOW.plus(Duration.ofDays(11))));
            later.tell();
            assertThat(lines.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN tunnel=b code=own-certificate-expired our certificate \"CN=b\" ");
            assertThat(later.warnings("b")).extracting(Warning::code).containsExactly("own-certificate-expired");
            assertThat(later.warnings("c")).isEmpty();
        }
    }
}
