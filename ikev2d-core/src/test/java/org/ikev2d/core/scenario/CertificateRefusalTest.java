package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Duration;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.LocalAuth.Shown.When;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates that are refused, and what both ends learn of it. */
final class CertificateRefusalTest {
    @ParameterizedTest
    @EnumSource(CertificateFault.class)
    void whyACertificateIsRefusedIsSaid(CertificateFault fault) {
        Certified.play(world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 0));
            String text = "CN=ECDSA_P256, issued by CN=authority with serial number 7: " + fault;
            pair.right().gateway().judge().finds(Proving.certificate(Certified.LEFT), new Verdict.Refused(fault, text));
            pair.start();
            world.runUntil(
                    "both know",
                    Duration.ofSeconds(5),
                    () -> !pair.left().lastError().isEmpty()
                            && !pair.right().lastError().isEmpty());
            assertThat(pair.right().lastError())
                    .matches("(certificate|revocation)-[a-z-]+: .*")
                    .endsWith(text);
            // The peer is not told why.
            assertThat(pair.left().lastError()).startsWith("authentication-failed: ");
            assertThat(pair.right()
                            .gateway()
                            .hasTold(pair.right()
                                    .status()
                                    .lastError()
                                    .orElseThrow()
                                    .code()))
                    .isTrue();
            pair.expectNothingUp();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(40));
        });
    }

    @Test
    void aRespondersCertificateMayBeRefusedToo_rfc7296_2_21_2() {
        String story = World.play(1, world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 0));
            pair.left()
                    .gateway()
                    .judge()
                    .finds(
                            Proving.certificate(Certified.RIGHT),
                            new Verdict.Refused(CertificateFault.REVOKED, "CN=ED25519 was revoked"));
            pair.start();
            world.runUntil(
                    "it is refused",
                    Duration.ofSeconds(5),
                    () -> !pair.left().lastError().isEmpty());
            assertThat(pair.left().lastError()).isEqualTo("certificate-revoked: CN=ED25519 was revoked");
            world.runFor(Duration.ofMillis(500));
            pair.expectNothingUp();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(40));
        });
        assertThat(story).contains("INFORMATIONAL request 2 { SK { N(AUTHENTICATION_FAILED), D } }");
    }

    /** Somebody else's certificate is of no use without its key. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTrustedCertificateWithoutItsKeyProvesNothing(boolean atTheInitiator) {
        Certified.play(world -> {
            Tunnels tunnels = Certified.pair(When.ALWAYS, 0);
            Pair pair = Certified.trusting(world, tunnels);
            End cheated = atTheInitiator ? pair.left() : pair.right();
            KeyPair shown = atTheInitiator ? Certified.RIGHT : Certified.LEFT;
            cheated.gateway()
                    .judge()
                    .finds(
                            Proving.certificate(shown),
                            Proving.trusted(TestKeys.otherPair(atTheInitiator ? Kind.ED25519 : Kind.ECDSA_P256)));
            pair.start();
            world.runUntil(
                    "it is refused",
                    Duration.ofSeconds(5),
                    () -> !cheated.lastError().isEmpty());
            assertThat(cheated.lastError())
                    .startsWith("authentication-failed: ")
                    .contains("the peer's signature is not made with the private key of its");
            world.runFor(Duration.ofMillis(500));
            pair.expectNothingUp();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(40));
        });
    }

    /** The claimed identity is checked before the judge is asked, and given to it. */
    @Test
    void whoClaimsToBeSomebodyElseIsNotJudged() {
        Certified.play(world -> {
            Tunnels tunnels = Certified.pair(When.ALWAYS, 0);
            tunnels.left().ids(Identity.parse("gw.example.org"), TunnelDraft.addressId(Tunnels.RIGHT));
            Pair pair = Certified.trusting(world, tunnels).start();
            world.runUntil(
                    "it is refused",
                    Duration.ofSeconds(5),
                    () -> !pair.right().lastError().isEmpty());
            assertThat(pair.right().lastError()).contains("it says it is \"gw.example.org\"");
            assertThat(pair.right().gateway().judge().asked()).isZero();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(40));
        });
    }
}
