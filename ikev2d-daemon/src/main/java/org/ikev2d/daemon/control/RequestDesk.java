package org.ikev2d.daemon.control;

import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.daemon.control.ControlledDaemon.Answer;

/** What requests mean. */
final class RequestDesk {
    private final ControlledDaemon daemon;

    RequestDesk(ControlledDaemon daemon) {
        this.daemon = daemon;
    }

    /** The reply to a request that changes nothing, made line by line as it is taken. */
    Iterator<String> look(Request request) throws BadRequestException {
        long id = request.id();
        Stream<String> head = Stream.of(Replies.part(id, "daemon", StatusJson.daemon(daemon)));
        Stream<String> end = Stream.of(Replies.done(id, ""));
        if (request.operation() == Request.Operation.VERSION) {
            return Stream.concat(head, end).iterator();
        }
        boolean detailed = !request.tunnel().isEmpty();
        List<TunnelStatus> tunnels = detailed ? List.of(named(request)) : daemon.tunnels();
        Stream<String> rows = tunnels.stream().map(tunnel -> row(id, tunnel, detailed));
        return Stream.concat(head, Stream.concat(rows, end)).iterator();
    }

    /** Begins a change; of a tunnel only where {@link #named} has found it. */
    CompletableFuture<Answer> change(Request request) {
        return switch (request.operation()) {
            case UP -> daemon.up(request.tunnel());
            case DOWN -> daemon.down(request.tunnel());
            case REKEY -> request.ike() ? daemon.rekeyIke(request.tunnel()) : daemon.rekey(request.tunnel());
            case RELOAD -> daemon.reload();
            case STOP -> daemon.stop(request.keep());
            case STATUS, VERSION -> throw new IllegalArgumentException(request.operation() + " changes nothing");
        };
    }

    private String row(long id, TunnelStatus tunnel, boolean detailed) {
        StatusJson json = new StatusJson(daemon, StatusJson.states(tunnel));
        return Replies.part(
                id,
                "tunnel",
                detailed
                        ? json.tunnelWithChildren(
                                tunnel,
                                daemon.onlineCpus(),
                                daemon.status().dataplane().unit())
                        : json.tunnel(tunnel));
    }

    /** @throws BadRequestException when no such tunnel is configured */
    TunnelStatus named(Request request) throws BadRequestException {
        for (TunnelStatus tunnel : daemon.tunnels()) {
            if (tunnel.tunnel().equals(request.tunnel())) {
                return tunnel;
            }
        }
        throw new BadRequestException(
                OptionalLong.of(request.id()),
                ErrorCode.UNKNOWN_TUNNEL,
                "no tunnel " + Text.quoted(request.tunnel()) + " is configured");
    }
}
