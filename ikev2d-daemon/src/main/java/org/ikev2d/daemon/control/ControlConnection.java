package org.ikev2d.daemon.control;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.ikev2d.daemon.control.ControlledDaemon.Answer;

/**
 * One client. Its requests are answered one after the other; while a reply is not taken, or a change waits, the next
 * requests wait too, and when there are many, they are not even read.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel, which we are told
final class ControlConnection extends ChannelInboundHandlerAdapter {
    /** Requests that may wait before reading stops. */
    private static final int BACKLOG = 16;

    /** Stands for a line that was too long to be kept. */
    private static final byte[] TOO_LONG = {};

    private final Connections connections;
    private final Peer peer;
    private final LineSplitter splitter;
    private final Deque<byte[]> requests = new ArrayDeque<>();
    private Iterator<String> reply = Collections.emptyIterator();
    private ChannelHandlerContext context;
    private Future<?> idleTimer;
    private OptionalLong answering = OptionalLong.empty();
    private boolean waiting;
    private boolean lastRead;
    private boolean busy;
    private boolean again;

    ControlConnection(Connections connections, Peer peer) {
        this.connections = connections;
        this.peer = peer;
        this.splitter = new LineSplitter(connections.limits().lineLength());
    }

    static BadRequestException refusal(ErrorCode code, String text) {
        return new BadRequestException(OptionalLong.empty(), code, text);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        Optional<BadRequestException> refusal = connections.refusal(this, peer);
        if (refusal.isPresent()) {
            lastRead = true;
            closeWith(refusal.get());
        } else {
            touch();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        connections.ended(this);
        if (idleTimer != null) {
            idleTimer.cancel(false);
        }
        requests.clear();
        reply = Collections.emptyIterator();
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object octets) {
        try {
            if (!lastRead && !splitter.feed((ByteBuf) octets, requests::add)) {
                lastRead = true;
                requests.add(TOO_LONG);
            }
        } finally {
            ReferenceCountUtil.release(octets);
        }
        goOn();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext told, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !lastRead) {
            lastRead = true;
            if (splitter.rest().length > 0) {
                requests.add(splitter.rest());
            }
            goOn();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        goOn();
    }

    /** A connection that breaks is its client's affair; anything else is ours. */
    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
            connections.observer().failed(cause);
        }
        caught.close();
    }

    /** Whether nothing is asked and nothing is owed. */
    boolean isIdle() {
        return requests.isEmpty() && !reply.hasNext() && !waiting;
    }

    /** Ends an idle connection for another's sake. */
    void evict() {
        connections.ended(this);
        closeWith(refusal(ErrorCode.IDLE, "closed for a new connection: there were too many"));
    }

    /** Ends the connection behind what was written. */
    void hangUp() {
        lastRead = true;
        requests.clear();
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Does what can be done now. Writing may call this again from within. */
    private void goOn() {
        if (busy) {
            again = true;
            return;
        }
        busy = true;
        do {
            again = false;
            if (work()) {
                touch();
            }
            context.flush();
        } while (again);
        busy = false;
        context.channel().config().setAutoRead(requests.size() < BACKLOG);
        if (lastRead && isIdle()) {
            hangUp();
        }
    }

    /** Writes and begins what it may; returns whether that was anything. */
    private boolean work() {
        boolean worked = false;
        while (!waiting && context.channel().isWritable()) {
            if (reply.hasNext()) {
                context.write(octets(nextLine()));
            } else if (requests.isEmpty()) {
                break;
            } else {
                begin(requests.remove());
            }
            worked = true;
        }
        return worked;
    }

    private String nextLine() {
        try {
            return reply.next();
        } catch (RuntimeException e) {
            reply = Collections.emptyIterator();
            return internal(e);
        }
    }

    private void begin(byte[] line) {
        answering = OptionalLong.empty();
        try {
            if (line == TOO_LONG) {
                throw refusal(
                        ErrorCode.TOO_LONG,
                        "a request has at most " + connections.limits().lineLength() + " octets");
            }
            Request request = RequestParser.parse(line);
            answering = OptionalLong.of(request.id());
            begin(request);
        } catch (BadRequestException e) {
            reply = one(Replies.failed(e.id(), e.code(), e.getMessage()));
        } catch (RuntimeException e) {
            reply = one(internal(e));
        }
    }

    private void begin(Request request) throws BadRequestException {
        RequestDesk desk = new RequestDesk(connections.daemon());
        if (!request.operation().isChange()) {
            reply = desk.look(request);
            return;
        }
        if (!request.tunnel().isEmpty()) {
            desk.named(request);
        }
        if (!connections.startWaiting()) {
            throw new BadRequestException(answering, ErrorCode.BUSY, "too many changes wait already: try again later");
        }
        waiting = true;
        try {
            connections.observer().changed(new Change(request.operation(), request.tunnel(), request.keep(), peer));
            desk.change(request)
                    .whenComplete((answer, failure) -> context.executor().execute(() -> answered(answer, failure)));
        } catch (RuntimeException e) {
            answered(null, e);
        }
    }

    private void answered(Answer answer, Throwable failure) {
        waiting = false;
        connections.stopWaiting();
        if (failure != null) {
            reply = one(internal(failure));
        } else if (answer.ok()) {
            reply = one(Replies.done(answering.orElseThrow(), answer.text()));
        } else {
            reply = one(Replies.failed(answering, ErrorCode.FAILED, answer.text()));
        }
        if (context.channel().isActive()) {
            goOn();
        }
        connections.answered();
    }

    private String internal(Throwable failure) {
        connections.observer().failed(failure);
        return Replies.failed(answering, ErrorCode.INTERNAL, "a fault of ikev2d; its log has more");
    }

    private static Iterator<String> one(String line) {
        return List.of(line).iterator();
    }

    private static ByteBuf octets(String line) {
        return Unpooled.wrappedBuffer(line.getBytes(StandardCharsets.UTF_8));
    }

    private void closeWith(BadRequestException why) {
        lastRead = true;
        requests.clear();
        context.writeAndFlush(octets(Replies.failed(why.id(), why.code(), why.getMessage())))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Something went on: the time in which nothing may happen begins anew. */
    private void touch() {
        connections.touched(this);
        if (idleTimer != null) {
            idleTimer.cancel(false);
        }
        idleTimer = context.executor()
                .schedule(this::idle, connections.limits().idle().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void idle() {
        if (waiting) {
            touch();
        } else if (isIdle()) {
            closeWith(refusal(ErrorCode.IDLE, "closed: nothing was asked for a while"));
        } else {
            context.close();
        }
    }
}
