package org.ikev2d.xfrm.codec;

import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * A suite by the names of the kernel's crypto API, with its keys. All three structures begin with a name of 64 octets;
 * lengths are in bits, and a key takes in its salt:
 *
 * <pre>
 * struct xfrm_algo_aead      struct xfrm_algo           struct xfrm_algo_auth
 *  char     alg_name[64]  0   char     alg_name[64]  0   char     alg_name[64]   0
 *  unsigned alg_key_len  64   unsigned alg_key_len  64   unsigned alg_key_len   64
 *  unsigned alg_icv_len  68   char     alg_key[]    68   unsigned alg_trunc_len 68
 *  char     alg_key[]    72                              char     alg_key[]     72
 * </pre>
 */
final class EspAlgorithms {
    private static final int NAME_SIZE = 64;
    private static final int AEAD_ICV_BITS = 128;

    private EspAlgorithms() {}

    static void write(NetlinkWriter out, EspSuite suite, EspKeys keys) {
        switch (suite.encryption()) {
            case AES_GCM_16 -> aead(out, "rfc4106(gcm(aes))", keys.encryption());
            case CHACHA20_POLY1305 -> aead(out, "rfc7539esp(chacha20,poly1305)", keys.encryption());
            case AES_CBC -> {
                authentication(out, suite.integrity(), keys.integrity());
                encryption(out, "cbc(aes)", keys.encryption());
            }
        }
    }

    private static void aead(NetlinkWriter out, String name, Secret key) {
        out.attribute(XfrmAttribute.ALG_AEAD.code(), value -> {
            value.text(name, NAME_SIZE).u32(bits(key)).u32(AEAD_ICV_BITS);
            key.use(value::octets);
        });
    }

    private static void encryption(NetlinkWriter out, String name, Secret key) {
        out.attribute(XfrmAttribute.ALG_CRYPT.code(), value -> {
            value.text(name, NAME_SIZE).u32(bits(key));
            key.use(value::octets);
        });
    }

    private static void authentication(NetlinkWriter out, Integrity integrity, Secret key) {
        String name = switch (integrity) {
            case HMAC_SHA2_256_128 -> "hmac(sha256)";
            case HMAC_SHA2_384_192 -> "hmac(sha384)";
            case HMAC_SHA2_512_256 -> "hmac(sha512)";
            case NONE -> throw new IllegalArgumentException("AES-CBC without integrity");
        };
        int truncated = switch (integrity) {
            case HMAC_SHA2_256_128 -> 128;
            case HMAC_SHA2_384_192 -> 192;
            case HMAC_SHA2_512_256 -> 256;
            case NONE -> 0;
        };
        out.attribute(XfrmAttribute.ALG_AUTH_TRUNC.code(), value -> {
            value.text(name, NAME_SIZE).u32(bits(key)).u32(truncated);
            key.use(value::octets);
        });
    }

    private static int bits(Secret key) {
        return key.size() * 8;
    }
}
