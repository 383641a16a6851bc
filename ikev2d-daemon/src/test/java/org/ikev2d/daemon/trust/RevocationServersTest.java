package org.ikev2d.daemon.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.daemon.trust.TestAuthority.NOW;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.daemon.trust.Revocation.Policy;
import org.ikev2d.daemon.trust.TestAuthority.Draft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates that name servers which know of their revocation, and a server that is real. */
@Timeout(60)
class RevocationServersTest {
    private static final Instant SOON = NOW.plus(Duration.ofDays(1));
    private static final FetchLimits LIMITS = new FetchLimits(Duration.ofSeconds(20), 20_000);

    private final TestAuthority root = TestAuthority.root("C=XX,CN=root");
    private final RevocationSources sources = new RevocationSources(LIMITS);
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private HttpServer server;
    private Instant today = NOW;
    private List<X509CRL> files = List.of();

    /** Makes the answer's body; null is for status 404. */
    @FunctionalInterface
    private interface Site {
        byte[] answer(byte[] question) throws IOException;
    }

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** @return the address of {@code path} */
    private String serve(String path, Site site) {
        server.createContext(path, exchange -> answer(exchange, site));
        return uri(path);
    }

    private String uri(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange, Site site) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        byte[] body = site.answer(exchange.getRequestBody().readAllBytes());
        exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
        if (body != null) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static byte[] encoded(X509CRL list) {
        try {
            return list.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Draft gateway() {
        return new Draft("C=XX,CN=gw").dns("gw.example.org");
    }

    private X509Certificate issue(Draft draft) {
        return root.issue(draft, TestKeys.pair(Kind.ED25519));
    }

    private CertificateJudge judge(Policy policy, boolean fetch) {
        TrustRules rules = new TrustRules(List.of(root.certificate()), new Revocation(policy, files, fetch));
        return new CertificateJudge(Map.of("t", rules), sources, () -> today);
    }

    private static Output.Judge question(X509Certificate... shown) {
        List<Payload.Certificate> payloads = new ArrayList<>();
        for (X509Certificate one : shown) {
            payloads.add(new Payload.Certificate(4, Certificates.encoded(one)));
        }
        return new Output.Judge(
                new Output.Judge.Ticket(IkeSpi.NONE, 1), "t", Identity.parse("gw.example.org"), payloads);
    }

    private Verdict judge(Policy policy, X509Certificate... shown) {
        return judge(policy, true).judge(question(shown));
    }

    private static void assertRefused(Verdict verdict, CertificateFault fault, String... texts) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        Verdict.Refused refused = (Verdict.Refused) verdict;
        assertThat(refused.fault()).as(refused.text()).isEqualTo(fault);
        for (String text : texts) {
            assertThat(refused.text()).contains(text);
        }
    }

    private static void assertTrusted(Verdict verdict) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Trusted.class,
                        trusted -> assertThat(trusted.remarks()).isEmpty());
    }

    private static void assertRemarked(Verdict verdict, String... texts) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Trusted.class,
                        trusted -> assertThat(trusted.remarks())
                                .singleElement()
                                .asString()
                                .contains("whether the certificate \"C=XX, CN=gw\"")
                                .contains(texts));
    }

    // Lists.

    @ParameterizedTest
    @EnumSource(names = {"STRICT", "IF_AVAILABLE"})
    void aListThatTheCertificateNamesIsFetchedAndKeptUntilItIsToBeReplaced(Policy policy) {
        X509Certificate own = issue(gateway().listedAt(uri("/root.crl")));
        List<X509CRL> lists = new ArrayList<>(List.of(root.list(NOW, SOON)));
        serve("/root.crl", nothing -> encoded(lists.get(0)));
        assertTrusted(judge(policy, own));
        assertTrusted(judge(policy, own));
        assertThat(asked).containsExactly("GET /root.crl");
        today = SOON.plusSeconds(1);
        lists.set(0, root.list(SOON, SOON.plus(Duration.ofDays(1)), own));
        assertRefused(
                judge(policy, own),
                CertificateFault.REVOKED,
                "the certificate \"C=XX, CN=gw\"",
                "was revoked at " + SOON.minus(Duration.ofHours(1)) + " (KEY_COMPROMISE), says " + uri("/root.crl"));
        assertThat(asked).hasSize(2);
    }

    @Test
    void aListInPemIsOneToo() {
        X509Certificate own = issue(gateway().listedAt(uri("/root.pem")));
        serve(
                "/root.pem",
                nothing -> TestAuthority.pem(root.list(NOW, SOON, own))
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertRefused(judge(Policy.IF_AVAILABLE, own), CertificateFault.REVOKED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            missing  | HTTP status 404
            garbage  | what it gave holds something that is no certificate revocation list
            long     | more than 20000 octets
            stranger | the list of its issuer there cannot be used
            old      | the list of its issuer there was to be replaced by 2030-06-13T12:00:00Z
            other    | no list of its issuer is there
            """)
    void aServerThatGivesNoListOfUseLeavesItUnknown(String what, String why) {
        TestAuthority stranger = TestAuthority.root(what.equals("other") ? "CN=other" : "C=XX,CN=root");
        Instant past = NOW.minus(Duration.ofDays(2));
        byte[] body = switch (what) {
            case "missing" -> null;
            case "garbage" -> new byte[] {1, 2, 3};
            case "long" -> new byte[20_001];
            case "old" -> encoded(root.list(past.minus(Duration.ofDays(1)), past));
            default -> encoded(stranger.list(NOW, SOON));
        };
        X509Certificate own = issue(gateway().listedAt(serve("/list", nothing -> body)));
        assertRefused(
                judge(Policy.STRICT, own),
                CertificateFault.REVOCATION_UNKNOWN,
                "may be revoked, and revocation = \"strict\": " + uri("/list") + ": " + why);
        assertRemarked(judge(Policy.IF_AVAILABLE, own), uri("/list") + ": " + why);
    }

    @Test
    void aServerThatFailedIsLeftAloneForAMinute() {
        List<byte[]> bodies = new ArrayList<>(Collections.singletonList(null));
        X509Certificate own = issue(gateway().listedAt(serve("/list", nothing -> bodies.get(0))));
        assertRemarked(judge(Policy.IF_AVAILABLE, own), "HTTP status 404");
        bodies.set(0, encoded(root.list(NOW, SOON)));
        assertRemarked(judge(Policy.IF_AVAILABLE, own), "HTTP status 404; it is asked again after ");
        assertThat(asked).hasSize(1);
        today = NOW.plusSeconds(60);
        assertTrusted(judge(Policy.STRICT, own));
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() {
        CountDownLatch end = new CountDownLatch(1);
        X509Certificate own = issue(gateway().listedAt(serve("/list", nothing -> {
            await(end);
            return null;
        })));
        TrustRules rules = new TrustRules(List.of(root.certificate()), new Revocation(Policy.STRICT, List.of(), true));
        RevocationSources impatient = new RevocationSources(new FetchLimits(Duration.ofMillis(200), 20_000));
        assertRefused(
                new CertificateJudge(Map.of("t", rules), impatient, () -> NOW).judge(question(own)),
                CertificateFault.REVOCATION_UNKNOWN,
                uri("/list") + ": no answer in 200 ms");
        end.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The other peer's is judged before the server has answered. */
    @Test
    void whoWaitsForAServerKeepsNobodyWaiting() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        X509Certificate slow = issue(gateway().listedAt(serve("/list", nothing -> {
            await(end);
            return encoded(root.list(NOW, SOON));
        })));
        try (JudgeDesk desk = new JudgeDesk(judge(Policy.IF_AVAILABLE, true), fault -> {})) {
            CompletableFuture<Verdict> late = new CompletableFuture<>();
            CompletableFuture<Verdict> soon = new CompletableFuture<>();
            desk.judge(question(slow), late::complete);
            desk.judge(question(issue(gateway())), soon::complete);
            assertTrusted(soon.get(30, TimeUnit.SECONDS));
            assertThat(late).isNotDone();
            end.countDown();
            assertTrusted(late.get(30, TimeUnit.SECONDS));
        }
    }

    // Who is asked at all.

    @Test
    void withoutAServerToAskNothingIsKnown() {
        X509Certificate own = issue(gateway().listedAt("ldap://127.0.0.1/cn=root"));
        assertTrusted(judge(Policy.IF_AVAILABLE, own));
        assertRefused(
                judge(Policy.STRICT, own),
                CertificateFault.REVOCATION_UNKNOWN,
                "crl_files has no list of its issuer, and it names no server to ask over HTTP");
    }

    @Test
    void aListInAFileSparesTheServer() {
        files = List.of(root.list(NOW, SOON));
        assertTrusted(judge(Policy.STRICT, issue(gateway().listedAt(serve("/list", nothing -> null)))));
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"IF_AVAILABLE,false", "OFF,true", "OFF,false"})
    void whereItIsSwitchedOffNobodyIsAsked(Policy policy, boolean fetch) {
        X509Certificate own = issue(gateway().listedAt(serve("/list", nothing -> null)));
        assertTrusted(judge(policy, fetch).judge(question(own)));
        assertThat(asked).isEmpty();
    }

    /** Nor does the JDK ask by itself where what is in a file is of no use. */
    @Test
    void aListOfNoUseHasNobodyAskedWhereThatIsSwitchedOff() {
        files = List.of(
                TestAuthority.root("C=XX,CN=root").list(NOW, SOON),
                TestAuthority.root("CN=x").list(NOW, SOON));
        X509Certificate own = issue(gateway().listedAt(serve("/list", nothing -> encoded(root.list(NOW, SOON)))));
        assertRefused(
                judge(Policy.STRICT, false).judge(question(own)),
                CertificateFault.REVOCATION_UNKNOWN,
                "the list of its issuer in crl_files cannot be used");
        assertThat(asked).isEmpty();
    }

    /** No stranger sends us anywhere. */
    @Test
    void aCertificateThatNobodyVouchesForHasNobodyAsked() {
        TestAuthority stranger = TestAuthority.root("C=XX,CN=root");
        X509Certificate own =
                stranger.issue(gateway().listedAt(serve("/list", nothing -> null)), TestKeys.pair(Kind.ED25519));
        assertRefused(judge(Policy.STRICT, own), CertificateFault.BAD_SIGNATURE);
        assertThat(asked).isEmpty();
    }

    @Test
    void belowARevokedAuthorityNobodyIsAsked() {
        TestAuthority middle = root.below(
                "C=XX,CN=middle", new Draft("C=XX,CN=middle").authority(3).listedAt(uri("/root.crl")));
        serve("/root.crl", nothing -> encoded(root.list(NOW, SOON, middle.certificate())));
        X509Certificate own = middle.issue(
                gateway().listedAt(serve("/middle.crl", nothing -> encoded(middle.list(NOW, SOON)))),
                TestKeys.pair(Kind.ED25519));
        assertRefused(
                judge(Policy.STRICT, own, middle.certificate()),
                CertificateFault.REVOKED,
                "the certificate \"C=XX, CN=middle\"");
        assertThat(asked).containsExactly("GET /root.crl");
    }

    // Answers about one certificate.

    private X509Certificate answered(TestResponder responder) {
        return issue(gateway().answeredBy(serve("/ocsp", responder::answer)));
    }

    @ParameterizedTest
    @EnumSource(names = {"STRICT", "IF_AVAILABLE"})
    void aResponderIsAskedAndItsAnswerKeptAsLongAsItHolds(Policy policy) {
        TestResponder responder = new TestResponder(root);
        X509Certificate own = answered(responder);
        assertTrusted(judge(policy, own));
        assertTrusted(judge(policy, own));
        assertThat(asked).containsExactly("POST /ocsp");
        today = NOW.plus(Duration.ofHours(2));
        responder.inForce(today, Optional.of(today.plus(Duration.ofHours(1)))).revokes(own.getSerialNumber());
        assertRefused(
                judge(policy, own),
                CertificateFault.REVOKED,
                "the certificate \"C=XX, CN=gw\"",
                "was revoked at " + NOW.minus(Duration.ofHours(2)) + " (KEY_COMPROMISE), says " + uri("/ocsp"));
        assertThat(asked).hasSize(2);
    }

    @Test
    void anAnswerWithoutANonceOrWithoutAnEndCounts() {
        assertTrusted(judge(
                Policy.STRICT, answered(new TestResponder(root).withoutNonce().inForce(NOW, Optional.empty()))));
    }

    @Test
    void aDeputyOfTheIssuerMayAnswer_rfc6960_4_2_2_2() {
        TestAuthority deputy = root.below(
                "C=XX,CN=deputy",
                new Draft("C=XX,CN=deputy")
                        .with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning)));
        assertTrusted(judge(Policy.STRICT, answered(new TestResponder(deputy).showsItsCertificate())));
    }

    @ParameterizedTest
    @CsvSource({"stranger", "no deputy", "other nonce", "old", "knows nobody", "garbage", "missing"})
    void anAnswerThatProvesNothingLeavesItUnknown(String what) {
        TestAuthority noDeputy = root.below("C=XX,CN=host", new Draft("C=XX,CN=host"));
        Instant past = NOW.minus(Duration.ofDays(1));
        Site site = switch (what) {
            case "stranger" -> new TestResponder(TestAuthority.root("C=XX,CN=root"))::answer;
            case "no deputy" -> new TestResponder(noDeputy).showsItsCertificate()::answer;
            case "other nonce" -> new TestResponder(root).repeatsTheFirstNonce()::answer;
            case "old" -> new TestResponder(root).inForce(past, Optional.of(past.plusSeconds(60)))::answer;
            case "knows nobody" -> new TestResponder(root).knowsNobody()::answer;
            case "garbage" -> question -> new byte[] {0x30, 3, 10, 1, 6};
            default -> question -> null;
        };
        X509Certificate own = issue(gateway().answeredBy(serve("/ocsp", site)));
        assertRefused(
                judge(Policy.STRICT, own),
                CertificateFault.REVOCATION_UNKNOWN,
                "may be revoked, and revocation = \"strict\": " + uri("/ocsp") + ": ");
        assertRemarked(judge(Policy.IF_AVAILABLE, own), uri("/ocsp") + ": ");
    }

    @Test
    void whereTheResponderSaysNothingTheListDoes() {
        X509Certificate own =
                issue(gateway().answeredBy(serve("/ocsp", question -> null)).listedAt(uri("/list")));
        serve("/list", nothing -> encoded(root.list(NOW, SOON, own)));
        assertRefused(judge(Policy.STRICT, own), CertificateFault.REVOKED, "says " + uri("/list"));
        assertThat(asked).containsExactly("POST /ocsp", "GET /list");
    }
}
