package org.ikev2d.misplaced.control;

import org.ikev2d.core.crypto.Secret;
import org.ikev2d.misplaced.loop.PacketHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a part that is none of its neighbours, logs, prints, and holds a key. */
public final class AsksTheLoop {
    private static final Logger LOG = LoggerFactory.getLogger(AsksTheLoop.class);

    private AsksTheLoop() {}

    public static void ask(Secret secret) {
        LOG.info("{} {}", PacketHelper.class, secret);
        System.err.println(secret);
    }
}
