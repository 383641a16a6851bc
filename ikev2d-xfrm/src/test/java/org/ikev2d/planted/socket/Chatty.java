package org.ikev2d.planted.socket;

import org.ikev2d.core.policy.QueuePolicy;

/** Planted for the architecture test: speaks to the terminal, and knows more of the core than its port. */
public final class Chatty {
    public void speak(QueuePolicy policy) {
        System.out.println(policy);
    }
}
