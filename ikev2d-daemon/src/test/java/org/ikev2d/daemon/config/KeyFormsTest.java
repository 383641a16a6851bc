package org.ikev2d.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.auth.LocalAuth;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Private keys in the forms that openssl 3.0 writes; the encrypted ones with one password. */
class KeyFormsTest {
    private static final List<String> FILES = List.of(
            "rsa-pkcs1.pem",
            "ec-sec1.pem",
            "ec-sec1-with-parameters.pem",
            "encrypted-ed25519.pem",
            "encrypted-rsa.pem",
            "encrypted-old.pem",
            "gateway.p12",
            "gateway-legacy.p12",
            "no-key.p12");

    @TempDir
    Path folder;

    @BeforeEach
    void putFiles() throws IOException {
        for (String name : FILES) {
            try (InputStream in = KeyFormsTest.class.getResourceAsStream("/keys/" + name)) {
                put(name, in.readAllBytes());
            }
        }
        put("right.password", "correct-horse\n".getBytes(StandardCharsets.UTF_8));
        put("wrong.password", "battery-staple\n".getBytes(StandardCharsets.UTF_8));
        put("open.password", "correct-horse\n".getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(folder.resolve("open.password"), PosixFilePermissions.fromString("rw-r--r--"));
        put("t.psk", "a secret".getBytes(StandardCharsets.UTF_8));
    }

    private void put(String name, byte[] octets) throws IOException {
        Path file = Files.write(folder.resolve(name), octets);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Loaded load(String keys) throws IOException {
        return ConfigFile.load(
                Files.writeString(
                        folder.resolve("ikev2d.toml"),
                        """
                        [tunnel.t]
                        local = "192.0.2.1"
                        remote = "198.51.100.2"
                        local_ts = ["10.1.0.0/16"]
                        remote_ts = ["10.2.0.0/16"]
                        psk_file = "t.psk"
                        """ + keys.replace('\'', '"').replace(';', '\n')),
                Optional.empty());
    }

    private LocalAuth.Signature signature(String keys) throws IOException {
        Loaded loaded = load(keys);
        assertThat(loaded).isInstanceOf(Loaded.Valid.class);
        try (DaemonConfig config = ((Loaded.Valid) loaded).config()) {
            return (LocalAuth.Signature) config.policy(Map.of("t", ReqId.ofTunnel(0)))
                    .tunnels()
                    .get(0)
                    .credentials()
                    .local();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "key_file='rsa-pkcs1.pem', RSA",
        "key_file='ec-sec1.pem', ECDSA_P384",
        "key_file='ec-sec1-with-parameters.pem', ECDSA_P384",
        "key_file='encrypted-ed25519.pem';key_password_file='right.password', ED25519",
        "key_file='encrypted-rsa.pem';key_password_file='right.password', RSA",
        "pkcs12_file='gateway.p12';pkcs12_password_file='right.password', ECDSA_P256",
        "pkcs12_file='gateway-legacy.p12';pkcs12_password_file='right.password', ECDSA_P256",
    })
    void aKeyOfEachFormIsRead(String keys, String kind) throws IOException {
        assertThat(signature(keys).key().publicKey().kind()).hasToString(kind);
    }

    /** The authority's certificate is in the file too, and signed itself: the peer must have it. */
    @Test
    void certificatesOfPkcs12AreShownWithoutTheRoot() throws IOException {
        LocalAuth.Shown shown = signature("pkcs12_file='gateway.p12';pkcs12_password_file='right.password'")
                .shown();
        assertThat(shown.certificates()).hasSize(1);
        assertThat(shown.subject()).isEqualTo("CN=gw");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            key_file='encrypted-rsa.pem' | key_file: "encrypted-rsa.pem" holds an encrypted key; add a line such as key_password_file =
            key_file='encrypted-rsa.pem';key_password_file='wrong.password' | key_file: "encrypted-rsa.pem" holds a key that cannot be decrypted, perhaps because the password is another
            key_file='encrypted-old.pem';key_password_file='right.password' | key_file: "encrypted-old.pem" holds EC PRIVATE KEY in openssl's old encrypted form
            key_file='ec-sec1.pem';key_password_file='right.password' | key_file: "ec-sec1.pem" holds a key that is not encrypted; take key_password_file out
            key_file='encrypted-rsa.pem';key_password_file='open.password' | key_password_file: others can read or write "open.password"
            key_password_file='right.password' | key_password_file is there without key_file; take it out
            pkcs12_password_file='right.password' | pkcs12_password_file is there without pkcs12_file; take it out
            pkcs12_file='gateway.p12' | [tunnel.t] has no pkcs12_password_file
            pkcs12_file='gateway.p12';pkcs12_password_file='wrong.password' | pkcs12_file: "gateway.p12" holds a key that cannot be read
            pkcs12_file='no-key.p12';pkcs12_password_file='right.password' | pkcs12_file: "no-key.p12" holds a key that is one of 0, and there must be one
            pkcs12_file='ec-sec1.pem';pkcs12_password_file='right.password' | pkcs12_file: "ec-sec1.pem" holds a key that cannot be read
            pkcs12_file='gateway.p12';pkcs12_password_file='right.password';key_file='ec-sec1.pem' | key_file is beside pkcs12_file, which holds both
            """)
    void whatIsWrongIsSaid(String keys, String problem) throws IOException {
        Loaded loaded = load(keys);
        assertThat(loaded).isInstanceOf(Loaded.Invalid.class);
        assertThat(((Loaded.Invalid) loaded).problems())
                .anyMatch(one -> one.toString().replace(folder + "/", "").contains(problem));
    }
}
