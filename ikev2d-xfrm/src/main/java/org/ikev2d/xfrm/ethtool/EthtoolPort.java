package org.ikev2d.xfrm.ethtool;

import java.nio.ByteBuffer;
import org.ikev2d.core.kernel.KernelException;

/** SIOCETHTOOL. One thread at a time. */
@FunctionalInterface
public interface EthtoolPort {
    /**
     * Hands {@code command} to the driver of {@code device}, which writes its answer over it.
     *
     * @param command direct, in host order, used from octet 0 to its capacity; begins with the number of the command
     * @param operation for the error's text
     */
    void call(String device, ByteBuffer command, String operation) throws KernelException;
}
