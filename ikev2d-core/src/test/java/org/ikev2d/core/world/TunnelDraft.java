package org.ikev2d.core.world;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ikev2d.core.auth.Credentials;
import org.ikev2d.core.auth.LocalAuth;
import org.ikev2d.core.auth.PeerIdentity;
import org.ikev2d.core.auth.Ppk;
import org.ikev2d.core.auth.RemoteAuth;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.ChildLifetime;
import org.ikev2d.core.policy.Childless;
import org.ikev2d.core.policy.Cipher;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.IkeLifetime;
import org.ikev2d.core.policy.IkeProposal;
import org.ikev2d.core.policy.LivenessPolicy;
import org.ikev2d.core.policy.PathPolicy;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.IdType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.registry.SequenceNumbers;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.TrafficSelector;

/** One end's tunnel, to be altered before it becomes a {@link TunnelPolicy}. Identities are the ends' addresses. */
public final class TunnelDraft {
    private static final IkeProposal IKE = new IkeProposal(
            List.of(new Cipher(EncryptionAlgorithm.AES_GCM_16, 256)),
            List.of(),
            List.of(Prf.HMAC_SHA2_256),
            List.of(KeyExchangeMethod.CURVE25519));
    private static final EspProposal ESP = new EspProposal(
            List.of(new Cipher(EncryptionAlgorithm.AES_GCM_16, 128)),
            List.of(),
            List.of(KeyExchangeMethod.NONE),
            List.of(SequenceNumbers.ESN, SequenceNumbers.NO_ESN));

    private String name;
    private int number;
    private final IpAddress local;
    private IpAddress remote;
    private Identity localId;
    private PeerIdentity remoteId;
    private String psk = "a secret between two gateways";
    private Optional<LocalAuth> localAuth = Optional.empty();
    private Optional<RemoteAuth> remoteAuth = Optional.empty();
    private Supplier<Optional<Ppk>> ppk = Optional::empty;
    private EspMode mode = EspMode.TUNNEL;
    private List<TrafficSelector> localSelectors;
    private List<TrafficSelector> remoteSelectors;
    private TunnelPolicy.Start start = TunnelPolicy.Start.ALWAYS_UP;
    private TunnelPolicy.OnStop onStop = TunnelPolicy.OnStop.REMOVE;
    private Childless childless = Childless.ACCEPT;
    private QueuePolicy queues = QueuePolicy.DEFAULT;
    private List<IkeProposal> ike = List.of(IKE);
    private List<EspProposal> esp = List.of(ESP);
    private IkeLifetime ikeLifetime = IkeLifetime.FOREVER;
    private ChildLifetime childLifetime = ChildLifetime.FOREVER;
    private LivenessPolicy liveness = new LivenessPolicy(Duration.ofSeconds(30), Optional.empty());
    private PathPolicy path = PathPolicy.DEFAULT;

    TunnelDraft(
            String name,
            int number,
            IpAddress local,
            IpAddress remote,
            TrafficSelector localNet,
            TrafficSelector remoteNet) {
        this.name = name;
        this.number = number;
        this.local = local;
        this.remote = remote;
        this.localId = addressId(local);
        this.remoteId = new PeerIdentity.Exactly(addressId(remote));
        this.localSelectors = List.of(localNet);
        this.remoteSelectors = List.of(remoteNet);
    }

    public static Identity addressId(IpAddress address) {
        return new Identity((address.isIpv4() ? IdType.IPV4_ADDR : IdType.IPV6_ADDR).code(), address.octets());
    }

    public static Identity textId(IdType type, String text) {
        return new Identity(type.code(), Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    public String name() {
        return name;
    }

    public IpAddress local() {
        return local;
    }

    public TunnelDraft named(String other) {
        name = other;
        return this;
    }

    /** Of the pair of reqids. */
    public TunnelDraft number(int other) {
        number = other;
        return this;
    }

    public TunnelDraft remote(IpAddress other) {
        remote = other;
        return this;
    }

    public TunnelDraft ids(Identity ours, Identity theirs) {
        return ids(ours, new PeerIdentity.Exactly(theirs));
    }

    public TunnelDraft ids(Identity ours, PeerIdentity theirs) {
        localId = ours;
        remoteId = theirs;
        return this;
    }

    /** In place of the PSK. */
    public TunnelDraft local(LocalAuth ours) {
        localAuth = Optional.of(ours);
        return this;
    }

    /** In place of the PSK. */
    public TunnelDraft remote(RemoteAuth theirs) {
        remoteAuth = Optional.of(theirs);
        return this;
    }

    public TunnelDraft psk(String text) {
        psk = text;
        return this;
    }

    public TunnelDraft ppk(String id, String text, boolean required) {
        ppk = () -> Optional.of(new Ppk(id, Secret.owning(text.getBytes(StandardCharsets.UTF_8)), required));
        return this;
    }

    public TunnelDraft selectors(List<TrafficSelector> ours, List<TrafficSelector> theirs) {
        localSelectors = List.copyOf(ours);
        remoteSelectors = List.copyOf(theirs);
        return this;
    }

    public TunnelDraft transport() {
        mode = EspMode.TRANSPORT;
        return this;
    }

    public TunnelDraft responder() {
        start = TunnelPolicy.Start.RESPONDER;
        return this;
    }

    public TunnelDraft alwaysUp() {
        start = TunnelPolicy.Start.ALWAYS_UP;
        return this;
    }

    public TunnelDraft onDemand() {
        start = TunnelPolicy.Start.ON_DEMAND;
        return this;
    }

    public TunnelDraft onStop(TunnelPolicy.OnStop wanted) {
        onStop = wanted;
        return this;
    }

    public TunnelDraft childless(Childless wanted) {
        childless = wanted;
        return this;
    }

    public TunnelDraft queues(QueuePolicy wanted) {
        queues = wanted;
        return this;
    }

    public TunnelDraft ike(IkeProposal... proposals) {
        ike = List.of(proposals);
        return this;
    }

    public TunnelDraft esp(EspProposal... proposals) {
        esp = List.of(proposals);
        return this;
    }

    public TunnelDraft ikeLifetime(IkeLifetime life) {
        ikeLifetime = life;
        return this;
    }

    public TunnelDraft childLifetime(ChildLifetime life) {
        childLifetime = life;
        return this;
    }

    public TunnelDraft liveness(Duration delay) {
        liveness = new LivenessPolicy(delay, Optional.empty());
        return this;
    }

    public TunnelDraft liveness(Duration delay, Duration patience) {
        liveness = new LivenessPolicy(delay, Optional.of(patience));
        return this;
    }

    public TunnelDraft forceEncapsulation() {
        path = path.forced();
        return this;
    }

    public TunnelDraft encap(PathPolicy.Encap wanted) {
        path = new PathPolicy(wanted, path.mobike());
        return this;
    }

    public TunnelDraft withoutMobike() {
        path = new PathPolicy(path.encap(), false);
        return this;
    }

    /** With a PSK of its own where no other proof was chosen. */
    public Credentials credentials() {
        Secret key = Secret.owning(psk.getBytes(StandardCharsets.UTF_8));
        return new Credentials(
                localId,
                remoteId,
                localAuth.orElseGet(() -> new LocalAuth.Psk(key)),
                remoteAuth.orElseGet(() -> new RemoteAuth.Psk(key)),
                ppk.get());
    }

    /** The secrets that {@code credentials} lend. */
    public static List<Secret> secrets(Credentials credentials) {
        List<Secret> secrets = new ArrayList<>();
        if (credentials.local() instanceof LocalAuth.Psk psk) {
            secrets.add(psk.key());
        }
        if (credentials.remote() instanceof RemoteAuth.Psk psk) {
            secrets.add(psk.key());
        }
        credentials.ppk().ifPresent(ppk -> secrets.add(ppk.key()));
        return secrets;
    }

    public TunnelPolicy policy() {
        return new TunnelPolicy(
                name,
                local,
                remote,
                credentials(),
                mode,
                localSelectors,
                remoteSelectors,
                start,
                onStop,
                childless,
                queues,
                ike,
                esp,
                liveness,
                ikeLifetime,
                childLifetime,
                64,
                path,
                ReqId.ofTunnel(number));
    }
}
