package org.ikev2d.core.crypto.jca;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.InvalidPublicValueException;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.KeyExchangeMethod;

/** A key exchange in a {@link Group}. */
final class GroupKeyExchange implements KeyExchange {
    private final KeyExchangeMethod method;
    private final Group group;
    private final Secret privateValue;
    private final Bytes publicValue;

    /** Takes over {@code privateValue}. */
    GroupKeyExchange(KeyExchangeMethod method, Group group, Secret privateValue) {
        this.method = method;
        this.group = group;
        this.privateValue = privateValue;
        this.publicValue = privateValue.use(octets -> Bytes.wrap(group.publicValue(octets)));
    }

    @Override
    public KeyExchangeMethod method() {
        return method;
    }

    @Override
    public Bytes publicValue() {
        return publicValue;
    }

    @Override
    public Secret agree(Bytes peer) throws InvalidPublicValueException {
        byte[] peerOctets = peer.toArray();
        return privateValue.use(octets -> Secret.owning(group.agree(octets, peerOctets)));
    }

    @Override
    public void close() {
        privateValue.close();
    }
}
