package org.ikev2d.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.ikev2d.daemon.trust.TestAuthority;
import org.ikev2d.daemon.trust.TestAuthority.Draft;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be wrong with how the ends prove themselves, and what is said of it. */
class CredentialsProblemsTest {
    private static final String GOOD = "cert_file='own.pem';key_file='own.key';ca_files=['ca.pem'];remote_id='any';";

    @TempDir
    Path folder;

    @BeforeEach
    void putFiles() throws IOException {
        KeyPair keys = TestKeys.pair(Kind.ED25519);
        TestAuthority root = TestAuthority.root("CN=root");
        Draft draft = new Draft("CN=gw").dns("gw.example.org");
        write("ca.pem", "r--r--r--", TestAuthority.pem(root.certificate()));
        write("own.pem", "rw-r--r--", "Subject: gw\n" + TestAuthority.pem(root.issue(draft, keys)));
        write("own.key", "rw-------", TestAuthority.pem(keys.getPrivate()));
        write(
                "other.key",
                "rw-------",
                TestAuthority.pem(TestKeys.pair(Kind.RSA).getPrivate()));
        write("open.key", "rw-r-----", TestAuthority.pem(keys.getPrivate()));
        write("old.key", "rw-------", TestAuthority.pem("DSA PRIVATE KEY", new byte[] {0x30, 0}));
        write("bad.key", "rw-------", TestAuthority.pem("PRIVATE KEY", new byte[] {0x30, 0}));
        write("cut.pem", "rw-r--r--", TestAuthority.pem(root.certificate()).substring(0, 200));
        write("ca.crl", "r--r--r--", TestAuthority.pem(root.list(TestAuthority.NOW, TestAuthority.NOW)));
        write("bad.crl", "r--r--r--", TestAuthority.pem("X509 CRL", new byte[] {0x30, 0}));
        write("bad.pem", "rw-r--r--", TestAuthority.pem("CERTIFICATE", new byte[] {0x30, 0}));
        write(
                "own.pub",
                "rw-r--r--",
                TestAuthority.pem("PUBLIC KEY", keys.getPublic().getEncoded()));
        write("t.psk", "rw-------", "a secret");
    }

    private void write(String name, String mode, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private List<String> problems(String keys) throws IOException {
        Path file = Files.writeString(
                folder.resolve("ikev2d.toml"), """
                [tunnel.t]
                local = "192.0.2.1"
                remote = "198.51.100.2"
                local_ts = ["10.1.0.0/16"]
                remote_ts = ["10.2.0.0/16"]
                """ + keys.replace('\'', '"').replace(';', '\n'));
        Loaded loaded = ConfigFile.load(file, Optional.empty());
        if (loaded instanceof Loaded.Valid valid) {
            valid.config().close();
            return List.of();
        }
        return ((Loaded.Invalid) loaded)
                .problems().stream()
                        .map(problem -> problem.toString().replace(folder + "/", ""))
                        .toList();
    }

    @Test
    void nothingIsWrongWithTheFiles() throws IOException {
        assertThat(problems(GOOD)).isEmpty();
        assertThat(problems("key_file='own.key';remote_key_file='own.pub'")).isEmpty();
        assertThat(problems(GOOD + "crl_files=['ca.crl'];revocation='strict';revocation_fetch='no'"))
                .isEmpty();
        assertThat(problems(GOOD + "revocation='strict'")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            cert_file='own.pem';key_file='own.key' | nothing says what the peer proves itself with; add a line such as
            key_file='own.key' | nothing says what the peer proves itself with
            ca_files=['ca.pem'];remote_id='any' | nothing says what we prove ourselves with; add lines such as cert_file =
            ca_files=['ca.pem'];psk_file='t.psk' | [tunnel.t] has no remote_id; add a line such as remote_id =
            ca_files=['ca.pem'];psk_file='t.psk';remote_id='keyid:x' | remote_id: "keyid:x" stands in no certificate
            cert_file='own.pem';psk_file='t.psk' | cert_file is there without its key
            key_file='own.key';remote_key_file='own.pub';psk_file='t.psk' | psk_file is of no use: both ends sign
            key_file='own.key';remote_key_file='own.pub';ca_files=['ca.pem'];remote_id='any' | remote_key_file is beside ca_files
            cert_file='own.pem';key_file='other.key';psk_file='t.psk' | key_file: "other.key" is not the key of the first certificate in cert_file, which is of "CN=gw"
            cert_file='own.pem';key_file='open.key';psk_file='t.psk' | key_file: others can read or write "open.key" (mode rw-r-----); give it to the daemon's user alone: chmod 600
            cert_file='own.pem';key_file='old.key';psk_file='t.psk' | key_file: "old.key" holds DSA PRIVATE KEY; write it anew as PKCS #8: openssl pkcs8 -topk8
            cert_file='own.pem';key_file='bad.key';psk_file='t.psk' | key_file: the key is no private key
            cert_file='own.pem';key_file='ca.pem';psk_file='t.psk' | key_file: others can read
            cert_file='own.pem';key_file='t.psk';psk_file='t.psk' | key_file: "t.psk" holds no private key in PEM
            cert_file='none.pem';key_file='own.key';psk_file='t.psk' | cert_file: there is no file "none.pem"; put it there
            cert_file='cut.pem';key_file='own.key';psk_file='t.psk' | cert_file: "cut.pem" is cut off
            cert_file='bad.pem';key_file='own.key';psk_file='t.psk' | cert_file: "bad.pem" holds something that is no X.509 certificate
            cert_file='own.pub';key_file='own.key';psk_file='t.psk' | cert_file: "own.pub" holds no certificate
            cert_file='own.pem';key_file='own.key';psk_file='t.psk';local_id='other.example.org' | local_id: our certificate is not for "other.example.org"; leave it out, or choose of "CN=gw", "gw.example.org"
            cert_file='own.pem';key_file='own.key';psk_file='t.psk';signatures=['rsa-sha256'] | signatures has none that a key of Ed25519 makes
            key_file='own.key';psk_file='t.psk';signatures=['ed2551'] | signatures: "ed2551" is unknown (did you mean "ed25519"?)
            psk_file='t.psk';ppk_file='t.psk' | [tunnel.t] has no ppk_id; add a line such as ppk_id = "b-2026"
            psk_file='t.psk';ppk_id='b' | ppk_id is there without its key; add a line such as ppk_file = "b.ppk"
            psk_file='t.psk';ppk_required='yes' | ppk_required is there without its key
            psk_file='t.psk';ppk_file='t.psk';ppk_id='b c' | ppk_id: "b c" is no name for a PPK; use up to 255
            psk_file='t.psk';ppk_file='no.ppk';ppk_id='b' | ppk_file: there is no file "no.ppk"
            crl_files=['bad.crl'];psk_file='t.psk' | crl_files is there without ca_files
            crl_files=['bad.crl'];ca_files=['ca.pem'];psk_file='t.psk';remote_id='any' | crl_files: "bad.crl" holds something that is no certificate revocation list
            crl_files=['ca.pem'];ca_files=['ca.pem'];psk_file='t.psk';remote_id='any' | crl_files: "ca.pem" holds no certificate revocation list
            crl_files=['ca.crl'];revocation='off';ca_files=['ca.pem'];psk_file='t.psk';remote_id='any' | crl_files and revocation = "off" do not go together
            revocation='strict';revocation_fetch='no';ca_files=['ca.pem'];psk_file='t.psk';remote_id='any' | revocation = "strict" refuses every certificate without crl_files and with revocation_fetch = "no"
            revocation='hard';ca_files=['ca.pem'];psk_file='t.psk';remote_id='any' | revocation: "hard" is unknown; write "strict", "if-available" or "off"
            key_file='own.key';remote_key_file='ca.pem' | remote_key_file: "ca.pem" holds no public key in PEM
            """)
    void whatIsWrongIsSaid(String keys, String problem) throws IOException {
        assertThat(problems(keys)).anyMatch(one -> one.contains(problem));
    }
}
