package org.ikev2d.daemon.net;

import io.netty.channel.unix.Errors;
import org.ikev2d.core.net.Endpoint;

/** What the kernel's refusals mean for an operator. */
final class SocketErrors {
    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int EMSGSIZE = 90;
    private static final int ENOPROTOOPT = 92;
    private static final int EAFNOSUPPORT = 97;
    private static final int EADDRINUSE = 98;
    private static final int EADDRNOTAVAIL = 99;
    private static final int ENETUNREACH = 101;
    private static final int ENOBUFS = 105;
    private static final int EHOSTUNREACH = 113;

    private static final String NETTY_PREFIX_END = "): ";

    private SocketErrors() {}

    static PortUnavailableException cannotBind(Endpoint wanted, Throwable cause) {
        return new PortUnavailableException(
                "cannot bind UDP " + wanted + ": " + reason(cause) + bindRemedy(errno(cause)), cause);
    }

    static PortUnavailableException cannotSet(String option, Endpoint wanted, Throwable cause) {
        return new PortUnavailableException(
                "cannot set " + option + " on UDP " + wanted + ": " + reason(cause) + optionRemedy(errno(cause)),
                cause);
    }

    /** Stable, for machines: {@code message-too-long}. */
    static String code(Throwable refusal) {
        return switch (errno(refusal)) {
            case EPERM, EACCES -> "not-permitted";
            case EMSGSIZE -> "message-too-long";
            case ENETUNREACH -> "network-unreachable";
            case EHOSTUNREACH -> "host-unreachable";
            case EADDRNOTAVAIL -> "address-gone";
            case ENOBUFS -> "no-buffers";
            default -> "failed";
        };
    }

    /** The kernel's own words: Netty puts the name of its method before them. */
    static String reason(Throwable cause) {
        String message = cause.getMessage();
        if (message == null) {
            return cause.toString();
        }
        int words = message.indexOf(NETTY_PREFIX_END);
        return errno(cause) == 0 || words < 0 ? message : message.substring(words + NETTY_PREFIX_END.length());
    }

    private static String bindRemedy(int errno) {
        return switch (errno) {
            case EADDRINUSE -> "; another program has it (see: ss -lunp): stop that IKE daemon";
            case EADDRNOTAVAIL -> "; no interface has this address: give it to one, or correct the tunnel's 'local'";
            case EACCES -> "; ports below 1024 need CAP_NET_BIND_SERVICE";
            case EAFNOSUPPORT -> "; this kernel has IPv6 disabled";
            default -> "";
        };
    }

    private static String optionRemedy(int errno) {
        return switch (errno) {
            case EPERM -> ": it needs CAP_NET_ADMIN";
            case ENOPROTOOPT -> ": this kernel was built without it";
            default -> "";
        };
    }

    /** Positive; 0 where there is none. */
    private static int errno(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof Errors.NativeIoException refused) {
                return -refused.expectedErr();
            }
        }
        return 0;
    }
}
