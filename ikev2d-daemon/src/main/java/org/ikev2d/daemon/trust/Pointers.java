package org.ikev2d.daemon.trust;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * Where a certificate says that something is known of its revocation (RFC 5280 §4.2.1.13, §4.2.2.1), as far as that can be
 * asked over HTTP. What cannot be read points nowhere.
 */
final class Pointers {
    /** Of one certificate and kind. */
    private static final int MOST = 3;

    private Pointers() {}

    /** Revocation lists. */
    static List<URI> lists(X509Certificate certificate) {
        return all(
                certificate,
                Extension.cRLDistributionPoints,
                octets -> Arrays.stream(CRLDistPoint.getInstance(octets).getDistributionPoints())
                        .map(DistributionPoint::getDistributionPoint)
                        .filter(name -> name != null && name.getType() == DistributionPointName.FULL_NAME)
                        .flatMap(name -> Arrays.stream(
                                GeneralNames.getInstance(name.getName()).getNames())));
    }

    /** OCSP responders (RFC 6960 §3.1). */
    static List<URI> responders(X509Certificate certificate) {
        return all(
                certificate,
                Extension.authorityInfoAccess,
                octets -> Arrays.stream(
                                AuthorityInformationAccess.getInstance(octets).getAccessDescriptions())
                        .filter(one -> one.getAccessMethod().equals(AccessDescription.id_ad_ocsp))
                        .map(AccessDescription::getAccessLocation));
    }

    private static List<URI> all(
            X509Certificate certificate, ASN1ObjectIdentifier extension, Function<byte[], Stream<GeneralName>> names) {
        byte[] octets = certificate.getExtensionValue(extension.getId());
        if (octets == null) {
            return List.of();
        }
        try {
            return names.apply(ASN1OctetString.getInstance(octets).getOctets())
                    .flatMap(Pointers::web)
                    .limit(MOST)
                    .toList();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    /** Over plain HTTP: what comes is signed, and a certificate of the server's would have to be judged in turn. */
    private static Stream<URI> web(GeneralName name) {
        if (name.getTagNo() != GeneralName.uniformResourceIdentifier) {
            return Stream.empty();
        }
        try {
            URI uri = new URI(name.getName().toString());
            return "http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null ? Stream.of(uri) : Stream.empty();
        } catch (URISyntaxException e) {
            return Stream.empty();
        }
    }
}
