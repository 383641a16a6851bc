package org.ikev2d.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * SIGHUP, which the JVM would take for an order to end. The JDK has no other way to it than sun.misc.Signal, of module
 * jdk.unsupported, and the compiler warns of whoever names that.
 */
final class HangUp {
    private HangUp() {}

    /** From now on {@code task}, which does not wait, is run at each; without that class nothing changes. */
    static void handle(Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (proxy, method, arguments) -> {
                task.run();
                return null;
            };
            Object handling = Proxy.newProxyInstance(HangUp.class.getClassLoader(), new Class<?>[] {handler}, call);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handling);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIGHUP cannot be handled", e);
        }
    }
}
