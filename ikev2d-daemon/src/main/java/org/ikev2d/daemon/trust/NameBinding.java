package org.ikev2d.daemon.trust;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.ikev2d.core.auth.PeerIdentity;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.IdType;
import org.ikev2d.core.wire.Identity;

/** The identities that a certificate is for (RFC 4945 §3.1): its subject and its subjectAltName. */
public final class NameBinding {
    /** GeneralName's tags (RFC 5280 §4.2.1.6). */
    private static final int RFC822_NAME = 1;

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private NameBinding() {}

    /** The subject first, where it has one; then the alternative names in its own order. */
    public static List<Identity> identities(X509Certificate certificate) {
        List<Identity> identities = new ArrayList<>();
        Identity subject = new Identity(
                IdType.DER_ASN1_DN.code(),
                Bytes.wrap(certificate.getSubjectX500Principal().getEncoded()));
        if (!certificate.getSubjectX500Principal().getName().isEmpty()) {
            identities.add(subject);
        }
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                names.forEach(name -> add(identities, (Integer) name.get(0), name.get(1)));
            }
        } catch (CertificateParsingException e) {
            // What cannot be read names nobody.
            return identities;
        }
        return identities;
    }

    private static void add(List<Identity> identities, int tag, Object name) {
        if (!(name instanceof String text)) {
            return;
        }
        if (tag == DNS_NAME || tag == RFC822_NAME) {
            IdType type = tag == DNS_NAME ? IdType.FQDN : IdType.RFC822_ADDR;
            identities.add(new Identity(type.code(), Bytes.of(text.getBytes(StandardCharsets.UTF_8))));
        } else if (tag == IP_ADDRESS) {
            IpAddress address = IpAddress.parse(text);
            IdType type = address.isIpv4() ? IdType.IPV4_ADDR : IdType.IPV6_ADDR;
            identities.add(new Identity(type.code(), address.octets()));
        }
    }

    /** Whether {@code certificate} is for {@code claimed}. */
    public static boolean binds(X509Certificate certificate, Identity claimed) {
        return identities(certificate).stream().anyMatch(one -> PeerIdentity.same(one, claimed));
    }

    /** For people: {@code "C=XX, CN=gw", "gw.example.org"}. */
    public static String describe(X509Certificate certificate) {
        return identities(certificate).stream().map(Identity::describe).collect(Collectors.joining(", "));
    }
}
