package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The service manager's end of sd_notify(3). */
final class NotifySocket implements AutoCloseable {
    private final EventLoopGroup thread = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    NotifySocket(Path path) {
        EpollDomainDatagramChannel channel = new EpollDomainDatagramChannel();
        channel.pipeline().addLast(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
            @Override
            protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                received.add(packet.content().toString(StandardCharsets.UTF_8));
            }
        });
        thread.register(channel).syncUninterruptibly();
        channel.bind(new DomainSocketAddress(path.toString())).syncUninterruptibly();
    }

    /** Waits for {@code assignments}, and drops what comes before. */
    void await(String assignments) throws InterruptedException {
        await(assignments, assignments::equals);
    }

    /** Waits for assignments that begin so, and drops what comes before. */
    void awaitPrefix(String assignments) throws InterruptedException {
        await(assignments, next -> next.startsWith(assignments));
    }

    private void await(String what, Predicate<String> wanted) throws InterruptedException {
        String next;
        do {
            next = received.poll(60, TimeUnit.SECONDS);
            assertThat(next).as("the daemon's " + what).isNotNull();
        } while (!wanted.test(next));
    }

    @Override
    public void close() {
        thread.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
