package org.ikev2d.xfrm;

import java.util.Optional;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.netlink.NetlinkException;

/** Words failures for an operator: the kernel's text, and what helps where that is known. */
final class Refusals {
    private Refusals() {}

    /** @param operation what was asked, with its object */
    static KernelException of(String operation, NetlinkException failure) {
        return new KernelException(operation, failure.errno(), words(failure));
    }

    static String words(NetlinkException failure) {
        return failure.getMessage() + remedy(failure).map(help -> "; " + help).orElse("");
    }

    private static Optional<String> remedy(NetlinkException failure) {
        Optional<Errno> known = Errno.of(failure.errno());
        if (known.isEmpty()) {
            return Optional.empty();
        }
        return switch (known.get()) {
            case EPERM -> Optional.of("this needs CAP_NET_ADMIN in the network namespace");
            case EPROTONOSUPPORT ->
                failure.isRefusal()
                        ? Optional.of("the kernel has no ESP: load esp4 and esp6, or use a kernel with CONFIG_INET_ESP")
                        : Optional.of("the kernel has no XFRM: load xfrm_user, or use a kernel with CONFIG_XFRM_USER");
            case ENOSYS -> Optional.of("the kernel lacks the algorithm: load its crypto modules, or propose another");
            case EEXIST -> Optional.of("another state has this SPI and destination, or another policy this selector");
            case EOPNOTSUPP -> Optional.of("a 32-bit JVM on a 64-bit kernel, or an offload that the device lacks");
            default -> Optional.empty();
        };
    }
}
