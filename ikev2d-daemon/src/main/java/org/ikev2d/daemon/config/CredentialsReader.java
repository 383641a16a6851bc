package org.ikev2d.daemon.config;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.auth.Credentials;
import org.ikev2d.core.auth.LocalAuth;
import org.ikev2d.core.auth.PeerIdentity;
import org.ikev2d.core.auth.Ppk;
import org.ikev2d.core.auth.RemoteAuth;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.crypto.SigningKey;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.IdType;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.daemon.config.Section.Located;
import org.ikev2d.daemon.trust.Certificates;
import org.ikev2d.daemon.trust.NameBinding;
import org.ikev2d.daemon.trust.PublicKeyFile;
import org.ikev2d.daemon.trust.Revocation;
import org.ikev2d.daemon.trust.TrustRules;

/**
 * Reads how a tunnel's ends prove themselves. Which keys are there says how: {@code key_file} or {@code pkcs12_file} that
 * we sign, {@code ca_files} or {@code remote_key_file} that the peer does; an end of which nothing is said has the PSK.
 */
final class CredentialsReader {
    private static final List<SignatureScheme> ACCEPTED = Arrays.stream(SignatureScheme.values())
            .filter(scheme -> scheme != SignatureScheme.RSA_SHA1)
            .toList();

    private final Section section;
    private final SecretFile files;

    CredentialsReader(Section section, SecretFile files) {
        this.section = section;
        this.files = files;
    }

    /**
     * What the keys say.
     *
     * @param chain our certificate and those behind it; empty where we have none
     * @param trust for judging the peer's certificates, where it shows them
     */
    record Read(Credentials credentials, List<X509Certificate> chain, Optional<TrustRules> trust) {}

    /** Empty when something is wrong that the tunnel cannot do without; then nothing stays open. */
    Optional<Read> read(Optional<IpAddress> local, Optional<IpAddress> remote) {
        boolean weSign = OwnKeyReader.SIGNS.stream().anyMatch(section::has);
        boolean peerSigns = section.has("ca_files") || section.has("remote_key_file");
        checkPsk(weSign, peerSigns);
        Optional<Secret> psk = section.meaning("psk_file", "gateway.psk", files::read);
        OwnKeyReader.Read own = new OwnKeyReader(section, files).read();
        List<X509Certificate> chain = own.chain();
        Optional<SigningKey> key = own.key();
        Optional<TrustRules> trust = trust();
        Optional<List<PublicKey>> pinned = pinned();
        List<SignatureScheme> signatures = signatures();
        Optional<LocalAuth> localAuth = weSign
                ? key.flatMap(one -> signature(one, chain, signatures))
                : psk.map(secret -> new LocalAuth.Psk(secret));
        Optional<RemoteAuth> remoteAuth =
                peerSigns ? signing(trust, pinned, signatures) : psk.map(secret -> new RemoteAuth.Psk(secret));
        Optional<Ppk> ppk = new PpkReader(section, files).read();
        Optional<Identity> localId = localId(local, chain);
        Optional<PeerIdentity> remoteId = remoteId(remote, trust.isPresent());
        if (weSign && peerSigns) {
            psk.ifPresent(Secret::close);
        }
        if (localAuth.isEmpty() || remoteAuth.isEmpty() || localId.isEmpty() || remoteId.isEmpty()) {
            psk.ifPresent(Secret::close);
            key.ifPresent(SigningKey::close);
            ppk.ifPresent(one -> one.key().close());
            return Optional.empty();
        }
        return Optional.of(new Read(
                new Credentials(localId.get(), remoteId.get(), localAuth.get(), remoteAuth.get(), ppk), chain, trust));
    }

    private void checkPsk(boolean weSign, boolean peerSigns) {
        if (weSign && peerSigns) {
            if (section.has("psk_file")) {
                section.wrong("psk_file", "is of no use: both ends sign", "take it out");
            }
        } else if (weSign && !section.has("psk_file")) {
            section.wrongHere(
                    "nothing says what the peer proves itself with",
                    "add a line such as ca_files = [\"ca.pem\"], remote_key_file = \"peer.pub\" or psk_file ="
                            + " \"gateway.psk\"");
        } else if (peerSigns && !section.has("psk_file")) {
            section.wrongHere(
                    "nothing says what we prove ourselves with",
                    "add lines such as cert_file = \"gateway.pem\" and key_file = \"gateway.key\"");
        } else {
            section.require("psk_file", "psk_file = \"gateway.psk\"");
        }
    }

    private Optional<LocalAuth> signature(
            SigningKey key, List<X509Certificate> chain, List<SignatureScheme> signatures) {
        List<SignatureScheme> schemes = SignatureScheme.preferred(
                        key.publicKey().kind())
                .stream()
                .filter(signatures::contains)
                .filter(key.publicKey()::fits)
                .toList();
        if (schemes.isEmpty()) {
            section.wrong(
                    "signatures",
                    "has none that a key of " + key.publicKey().describe() + " makes",
                    "add one of those, or use another key");
            return Optional.empty();
        }
        return Optional.of(new LocalAuth.Signature(key, schemes, OwnKeyReader.shown(key, chain)));
    }

    private List<SignatureScheme> signatures() {
        if (!section.has("signatures")) {
            section.raw("signatures");
            return ACCEPTED;
        }
        Map<String, SignatureScheme> words = new LinkedHashMap<>();
        Arrays.stream(SignatureScheme.values()).forEach(scheme -> words.put(scheme.word(), scheme));
        List<SignatureScheme> signatures = new ArrayList<>();
        for (Located text : section.texts("signatures", "ecdsa-sha256")) {
            if (words.containsKey(text.text())) {
                signatures.add(words.get(text.text()));
            } else {
                section.wrongAt(
                        text,
                        "signatures: " + Quoted.of(text.text()) + " is unknown"
                                + Words.didYouMean(text.text(), words.keySet()),
                        "write " + Words.alternatives(words.keySet()));
            }
        }
        return signatures;
    }

    private Optional<TrustRules> trust() {
        List<X509Certificate> authorities = all("ca_files", "ca.pem", Certificates::ofFile);
        List<X509CRL> lists = all("crl_files", "ca.crl", Certificates::listsOfFile);
        Revocation.Policy policy =
                section.word("revocation", Words.of(Revocation.Policy.values()), Revocation.Policy.IF_AVAILABLE);
        boolean fetch = section.word("revocation_fetch", TunnelReader.inOrder("yes", true, "no", false), true);
        if (section.has("crl_files") && !section.has("ca_files")) {
            section.wrong("crl_files", "is there without ca_files", "take it out: the peer shows no certificate");
        } else if (policy == Revocation.Policy.OFF && !lists.isEmpty()) {
            section.wrong("crl_files", "and revocation = \"off\" do not go together", "take one of them out");
        } else if (policy == Revocation.Policy.STRICT
                && !fetch
                && section.has("ca_files")
                && !section.has("crl_files")) {
            section.wrong(
                    "revocation",
                    "= \"strict\" refuses every certificate without crl_files and with revocation_fetch = \"no\"",
                    "add a line such as crl_files = [\"ca.crl\"], or let servers be asked");
        }
        return authorities.isEmpty()
                ? Optional.empty()
                : Optional.of(new TrustRules(authorities, new Revocation(policy, lists, fetch)));
    }

    private <T> List<T> all(String key, String example, SecretFile.Content<List<T>> content) {
        List<T> all = new ArrayList<>();
        for (Located name : section.texts(key, example)) {
            section.understood(key, name, text -> files.publicly(text, content)).ifPresent(all::addAll);
        }
        return all;
    }

    private Optional<List<PublicKey>> pinned() {
        if (section.has("ca_files") && section.has("remote_key_file")) {
            section.wrong(
                    "remote_key_file",
                    "is beside ca_files: the peer shows a certificate, or its key is known",
                    "take one of them out");
        }
        return section.meaning("remote_key_file", "peer.pub", name -> files.publicly(name, PublicKeyFile::read));
    }

    private static Optional<RemoteAuth> signing(
            Optional<TrustRules> trust, Optional<List<PublicKey>> pinned, List<SignatureScheme> signatures) {
        Optional<RemoteAuth> certified =
                trust.map(rules -> new RemoteAuth.Certificates(rules.keyHashes(), signatures, true));
        return certified.or(() -> pinned.map(keys -> new RemoteAuth.Keys(keys, signatures)));
    }

    private Optional<Identity> localId(Optional<IpAddress> address, List<X509Certificate> chain) {
        section.raw("local_id");
        if (chain.isEmpty()) {
            return section.has("local_id")
                    ? section.meaning("local_id", "gw.example.org", CoreText::identity)
                    : address.map(CoreText::identityOf);
        }
        X509Certificate own = chain.get(0);
        if (!section.has("local_id")) {
            return NameBinding.identities(own).stream().findFirst();
        }
        return section.meaning("local_id", "gw.example.org", text -> {
            Identity identity = CoreText.identity(text);
            if (!NameBinding.binds(own, identity)) {
                throw new BadValueException(
                        "our certificate is not for " + Quoted.of(text),
                        "leave it out, or choose of " + NameBinding.describe(own));
            }
            return identity;
        });
    }

    private Optional<PeerIdentity> remoteId(Optional<IpAddress> address, boolean certified) {
        section.raw("remote_id");
        if (!section.has("remote_id")) {
            if (certified) {
                section.require(
                        "remote_id", "remote_id = \"gw.example.org\", or \"any\" for all whom ca_files vouch for");
            }
            return address.map(one -> new PeerIdentity.Exactly(CoreText.identityOf(one)));
        }
        return section.meaning("remote_id", "gw.example.org", text -> {
            PeerIdentity identity = CoreText.peerIdentity(text);
            if (certified
                    && identity.exact()
                            .filter(one -> one.type() == IdType.KEY_ID.code())
                            .isPresent()) {
                throw new BadValueException(
                        Quoted.of(text) + " stands in no certificate", "write a name that does: RFC 4945, 3.1");
            }
            return identity;
        });
    }
}
