package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.core.registry.KeyExchangeMethod.CURVE25519;
import static org.ikev2d.core.registry.KeyExchangeMethod.ECP_256;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Parcel;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of all that is sent, in a conversation that has every exchange, begun by either end, and losses. */
final class SentMessagesTest {
    /** Flags of the header (RFC 7296 §3.1). */
    private static final int RESPONSE = 0x20;

    private static final int INITIATOR = 0x08;

    /**
     * The left end is asked for a cookie and another key exchange; both ends make per-CPU SAs, ask for liveness and delete.
     * Every fifth message is lost.
     */
    private static String converse(Consumer<List<Wiretap.Heard>> judge) {
        return converse(16, judge);
    }

    /** @param window of both ends */
    private static String converse(int window, Consumer<List<Wiretap.Heard>> judge) {
        return World.play(3, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().ike(Proposals.ike(CURVE25519, ECP_256)).esp(Proposals.esp(CURVE25519));
            tunnels.right().ike(Proposals.ike(ECP_256)).esp(Proposals.esp(CURVE25519));
            Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(2), Cpus.firstOnes(4));
            UnaryOperator<EnginePolicy> windows = Tuning.windowSize(window);
            pair.left().tune(windows);
            pair.right().tune(policy -> windows.apply(Tuning.cookieThreshold(0).apply(policy)));
            Wiretap wiretap = Wiretap.in(world);
            wiretap.losing(message -> wiretap.all().size() % 5 == 0);
            pair.start();
            world.runUntil("both sets are whole", Duration.ofMinutes(2), pair::isWhole);
            world.runFor(Duration.ofMinutes(2));
            pair.right().gateway().down("t");
            world.runFor(Duration.ofMinutes(1));
            List<Wiretap.Heard> all = wiretap.all();
            for (ExchangeType exchange : List.of(
                    ExchangeType.IKE_SA_INIT,
                    ExchangeType.IKE_AUTH,
                    ExchangeType.CREATE_CHILD_SA,
                    ExchangeType.INFORMATIONAL)) {
                assertThat(all).anyMatch(message -> message.is(exchange, false));
                assertThat(all).anyMatch(message -> message.is(exchange, true));
            }
            judge.accept(all);
        });
    }

    private static boolean isFromInitiator(Wiretap.Heard message) {
        // The left end is the only one that begins IKE SAs.
        return message.isFrom(Tunnels.LEFT);
    }

    @Holds({"7296-2.5-e", "7296-3.1-e", "7296-3.1-h", "7296-3.1-j", "7296-3.1-o", "7296-3.1-q", "7296-3.1-r"})
    @Test
    void headersAreOfVersion2WithNoFlagsButResponseAndInitiator_rfc7296_3_1() {
        converse(all -> assertThat(all).allSatisfy(message -> {
            assertThat(message.octets().at(17)).as("version").isEqualTo(0x20);
            int flags = message.octets().at(19);
            assertThat(flags & ~(RESPONSE | INITIATOR)).as("other flags").isZero();
            assertThat((flags & INITIATOR) != 0).as("Initiator flag").isEqualTo(isFromInitiator(message));
        }));
    }

    @Holds({"7296-3.1-l", "7296-3.1-m"})
    @Test
    void responseFlagIsSetInAnswersAlone_rfc7296_3_1() {
        converse(all -> {
            Map<String, IpAddress> asked = new HashMap<>();
            for (Wiretap.Heard message : all) {
                IkeHeader header = message.header();
                // Each end numbers its own requests.
                String exchange = header.initiatorSpi() + " " + header.messageId() + " ";
                IpAddress other = message.parcel().destination().address();
                if (header.response()) {
                    assertThat(asked).containsEntry(exchange + other, other);
                } else {
                    IpAddress sender = message.parcel().source().address();
                    asked.put(exchange + sender, sender);
                }
            }
        });
    }

    @Holds({"7296-3.1-a", "7296-3.14-a"})
    @Test
    void encryptedPayloadIsTheOnlyOneAndSoTheLast_rfc7296_3_14() {
        converse(all -> assertThat(all).allSatisfy(message -> {
            boolean init = message.header().exchangeType() == ExchangeType.IKE_SA_INIT.code();
            assertThat(message.message().sealed().isPresent()).isEqualTo(!init);
            assertThat(message.message().payloads().isEmpty()).isEqualTo(!init);
        }));
    }

    @Holds({"7296-3.1-c", "7296-3.1-d"})
    @Test
    void firstRequestsHaveNoResponderSpiAndAllElseHasBoth_rfc7296_3_1() {
        converse(all -> {
            assertThat(all).allSatisfy(message -> {
                boolean first = message.is(ExchangeType.IKE_SA_INIT, false);
                boolean refused = message.is(ExchangeType.IKE_SA_INIT, true)
                        && message.message().payloads().size() == 1;
                assertThat(message.header().initiatorSpi()).isNotEqualTo(IkeSpi.NONE);
                assertThat(message.header().responderSpi().isNone()).isEqualTo(first || refused);
            });
            assertThat(all)
                    .as("one with a cookie")
                    .anyMatch(message -> message.is(ExchangeType.IKE_SA_INIT, false)
                            && message.message().payloads().get(0) instanceof Payload.Notify);
        });
    }

    @Holds({"7296-1-a", "7296-1-b", "7296-1.4-a"})
    @Test
    void exchangesBeginInTheirOrder_rfc7296_1() {
        converse(all -> {
            Map<IkeSpi, Set<Integer>> answered = new HashMap<>();
            Set<IkeSpi> beyond = new HashSet<>();
            for (Wiretap.Heard message : all) {
                IkeSpi sa = message.header().initiatorSpi();
                int exchange = message.header().exchangeType();
                Set<Integer> done = answered.computeIfAbsent(sa, key -> new HashSet<>());
                if (message.header().response()) {
                    done.add(exchange);
                } else if (exchange == ExchangeType.IKE_AUTH.code()) {
                    assertThat(done).contains(ExchangeType.IKE_SA_INIT.code());
                } else if (exchange != ExchangeType.IKE_SA_INIT.code()) {
                    assertThat(done).contains(ExchangeType.IKE_AUTH.code());
                    beyond.add(sa);
                } else {
                    assertThat(beyond).doesNotContain(sa);
                }
            }
        });
    }

    @Holds({"7296-2.3-b", "7296-2.3-d", "7296-2.3-e"})
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16})
    void nextRequestWaitsForTheResponsesToAllThatAreAWindowBefore_rfc7296_2_3(int window) {
        converse(window, all -> {
            Map<String, Set<Integer>> unanswered = new HashMap<>();
            int most = 0;
            for (Wiretap.Heard message : all) {
                IkeHeader header = message.header();
                Parcel parcel = message.parcel();
                IpAddress asking = (header.response() ? parcel.destination() : parcel.source()).address();
                Set<Integer> open =
                        unanswered.computeIfAbsent(header.initiatorSpi() + " " + asking, sa -> new TreeSet<>());
                if (header.response()) {
                    open.remove(header.messageId());
                    continue;
                }
                open.add(header.messageId());
                boolean initial = header.exchangeType() == ExchangeType.IKE_SA_INIT.code()
                        || header.exchangeType() == ExchangeType.IKE_AUTH.code();
                int first = open.iterator().next();
                assertThat(header.messageId() - first).isLessThan(initial ? 1 : window);
                most = Math.max(most, open.size());
            }
            assertThat(most).isEqualTo(Math.min(window, 2));
        });
    }

    @Holds("7296-2.23-a")
    @Test
    void portsAre500And4500_rfc7296_2_23() {
        for (boolean encapsulated : new boolean[] {false, true}) {
            World.play(1, world -> {
                Wiretap wiretap = Wiretap.in(world);
                Tunnels tunnels = Tunnels.pair();
                if (encapsulated) {
                    tunnels.left().forceEncapsulation();
                }
                Pair.of(world, tunnels).start().untilWhole();
                assertThat(wiretap.all()).allSatisfy(message -> {
                    boolean init = message.header().exchangeType() == ExchangeType.IKE_SA_INIT.code();
                    int port = encapsulated && !init ? 4500 : 500;
                    assertThat(message.parcel().source().port()).isEqualTo(port);
                    assertThat(message.parcel().destination().port()).isEqualTo(port);
                });
            });
        }
    }

    @Holds("7296-2.23-h")
    @Test
    void natIsLookedForBehindEitherNonce_rfc7296_2_23() {
        converse(all -> {
            for (boolean response : new boolean[] {false, true}) {
                List<Wiretap.Heard> inits = all.stream()
                        .filter(message -> message.is(ExchangeType.IKE_SA_INIT, response)
                                && message.message().payloads().size() > 1)
                        .toList();
                assertThat(inits).isNotEmpty().allSatisfy(message -> {
                    List<Payload> payloads = message.message().payloads();
                    int nonce = payloads.stream().map(Payload::type).toList().indexOf(PayloadType.NONCE.code());
                    assertThat(notifyType(payloads.get(nonce + 1)))
                            .isEqualTo(NotifyType.NAT_DETECTION_SOURCE_IP.code());
                    assertThat(notifyType(payloads.get(nonce + 2)))
                            .isEqualTo(NotifyType.NAT_DETECTION_DESTINATION_IP.code());
                });
            }
        });
    }

    private static int notifyType(Payload payload) {
        return ((Payload.Notify) payload).notifyType();
    }

    @Holds({"7296-1.2-e", "7296-2.6-d", "7296-2.6-e", "7296-3.3.6-k"})
    @Test
    void requestInAnotherFormDiffersInWhatWasAskedForOnly_rfc7296_2_6() {
        converse(all -> {
            IkeSpi sa = all.get(0).header().initiatorSpi();
            List<List<Payload>> forms = all.stream()
                    .filter(message -> message.is(ExchangeType.IKE_SA_INIT, false)
                            && message.header().initiatorSpi().equals(sa))
                    .map(message -> message.message().payloads())
                    .distinct()
                    .toList();
            assertThat(forms).hasSize(3);
            List<Payload> first = forms.get(0);
            Payload cookie = all.stream()
                    .filter(message -> message.is(ExchangeType.IKE_SA_INIT, true))
                    .map(message -> message.message().payloads().get(0))
                    .findFirst()
                    .orElseThrow();
            List<Payload> second = new ArrayList<>(first);
            second.add(0, cookie);
            assertThat(forms.get(1)).isEqualTo(second);
            List<Payload> third = new ArrayList<>(second);
            third.set(2, forms.get(2).get(2));
            assertThat(forms.get(2)).isEqualTo(third);
            assertThat(third.get(2))
                    .isInstanceOfSatisfying(
                            Payload.KeyExchange.class,
                            ke -> assertThat(ke.method()).isEqualTo(ECP_256.code()));
        });
    }

    @Holds({"7296-2.10-b", "7296-2.10-c", "7296-3.9-a", "7296-3.9-b"})
    @Test
    void noncesAreAsLongAsTheLongestPrfNeedsAndEachIsNew_rfc7296_2_10() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            List<Bytes> nonces = new ArrayList<>();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right()).answering((request, usual) -> {
                request.all().stream()
                        .filter(Payload.Nonce.class::isInstance)
                        .forEach(nonce -> nonces.add(((Payload.Nonce) nonce).octets()));
                return request.exchange() == ExchangeType.IKE_SA_INIT ? usual : informed(usual);
            });
            new End(world, "left", Cpus.firstOnes(30), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(5));
            for (int i = 0; i < 30; i++) {
                peer.createChild(Payload.Notify.of(NotifyType.SA_RESOURCE_INFO)).stream()
                        .filter(Payload.Nonce.class::isInstance)
                        .forEach(nonce -> nonces.add(((Payload.Nonce) nonce).octets()));
            }
            // HMAC_SHA2_512 has keys of 64 octets, and the proposals may name it.
            assertThat(nonces).hasSize(1 + 30 + 30).doesNotHaveDuplicates().allMatch(nonce -> nonce.size() == 32);
        });
    }

    private static List<Payload> informed(List<Payload> usual) {
        List<Payload> payloads = new ArrayList<>(usual);
        payloads.add(Payload.Notify.of(NotifyType.SA_RESOURCE_INFO));
        return payloads;
    }

    /** As the figures of RFC 7296 §1.2, §1.3.1 and §2.6 have them, with notifies where its Appendix C puts them. */
    @Holds("7296-2.5-n")
    @Test
    void payloadsAreInTheOrderOfTheFigures_rfc7296_2_5() {
        String story = converse(all -> {});
        Map<String, String> figures = Map.of(
                "IKE_SA_INIT request",
                "(N\\(COOKIE\\), )?SA, KE, Nonce(, N\\([A-Z0-9_]+\\))*",
                "IKE_SA_INIT response",
                "SA, KE, Nonce(, N\\([A-Z0-9_]+\\))*|N\\([A-Z0-9_]+\\)",
                "IKE_AUTH request",
                "SK \\{ IDi, (N\\(INITIAL_CONTACT\\), )?(IDr, )?AUTH, SA, TSi, TSr(, N\\([A-Z0-9_]+\\))* \\}",
                "IKE_AUTH response",
                "SK \\{ IDr, AUTH, SA, TSi, TSr(, N\\([A-Z0-9_]+\\))* \\}",
                "CREATE_CHILD_SA request",
                "SK \\{ SA, Nonce, (KE, )?TSi, TSr(, N\\([A-Z0-9_]+\\))* \\}",
                "CREATE_CHILD_SA response",
                "SK \\{ SA, Nonce, (KE, )?TSi, TSr(, N\\([A-Z0-9_]+\\))* \\}");
        figures.forEach((message, order) -> {
            List<String> sent = Pattern.compile("--> \\S+ " + message + " \\d+ \\{ (.*) \\}")
                    .matcher(story)
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .toList();
            assertThat(sent).as(message).isNotEmpty().allMatch(payloads -> payloads.matches(order));
        });
    }

    /** What the notifies are about: none of them names an SA, but REKEY_SA and CHILD_SA_NOT_FOUND (RFC 7296 §3.10). */
    @Holds({"7296-3.10-b", "7296-3.10-d", "7296-2.4-b"})
    @Test
    void notifiesWithoutAnSaHaveNoProtocolAndInitialContactComesFirst_rfc7296_3_10() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right())
                    .answering((request, usual) ->
                            request.exchange() == ExchangeType.IKE_SA_INIT ? usual : informed(usual));
            new End(world, "left", Cpus.firstOnes(2), tunnels.left()).start();
            world.runFor(Duration.ofMinutes(2));
            List<Payload.Notify> notifies =
                    peer.heard().stream().flatMap(request -> request.notifies()).toList();
            assertThat(notifies).isNotEmpty().allSatisfy(notify -> {
                assertThat(notify.protocol()).isZero();
                assertThat(notify.spi().isEmpty()).isTrue();
            });
            List<ExchangeType> initialContact = peer.heard().stream()
                    .filter(request -> request.has(NotifyType.INITIAL_CONTACT))
                    .map(request -> request.exchange())
                    .toList();
            assertThat(initialContact).containsExactly(ExchangeType.IKE_AUTH);
        });
    }
}
