package org.ikev2d.xfrm.codec;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/** What tests of this module need again and again. */
public final class Samples {
    private Samples() {}

    /** @param text an address, not a name */
    public static IpAddress address(String text) {
        try {
            return IpAddress.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Everything between two prefixes, {@code 10.1.0.0/16}. */
    public static PacketSelector between(String source, String destination) {
        String[] from = source.split("/", 2);
        String[] to = destination.split("/", 2);
        return new PacketSelector(
                address(from[0]), Integer.parseInt(from[1]), address(to[0]), Integer.parseInt(to[1]), 0, 0, 0, 0, 0);
    }

    /** Octets 0, 1, 2, ... */
    public static EspKeys keys(int encryption, int integrity) {
        return new EspKeys(Secret.owning(counting(encryption)), Secret.owning(counting(integrity)));
    }

    /** Keys of the lengths that {@code suite} wants. */
    public static EspKeys keysFor(EspSuite suite) {
        int salt = suite.encryption() == EncryptionAlgorithm.AES_CBC ? 0 : 4;
        int integrity = switch (suite.integrity()) {
            case NONE -> 0;
            case HMAC_SHA2_256_128 -> 32;
            case HMAC_SHA2_384_192 -> 48;
            case HMAC_SHA2_512_256 -> 64;
        };
        return keys(suite.keyBits() / 8 + salt, integrity);
    }

    public static EspSuite gcm(int keyBits, boolean esn) {
        return new EspSuite(EncryptionAlgorithm.AES_GCM_16, keyBits, Integrity.NONE, esn);
    }

    public static EspSuite chacha(boolean esn) {
        return new EspSuite(EncryptionAlgorithm.CHACHA20_POLY1305, 256, Integrity.NONE, esn);
    }

    public static EspSuite cbc(int keyBits, Integrity integrity) {
        return new EspSuite(EncryptionAlgorithm.AES_CBC, keyBits, integrity, false);
    }

    static Bytes written(Consumer<NetlinkWriter> body) {
        ByteBuffer octets = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
        body.accept(new NetlinkWriter(octets));
        byte[] all = new byte[octets.flip().remaining()];
        octets.get(all);
        return Bytes.wrap(all);
    }

    private static byte[] counting(int size) {
        byte[] octets = new byte[size];
        for (int i = 0; i < size; i++) {
            octets[i] = (byte) i;
        }
        return octets;
    }
}
