package org.ikev2d.daemon.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The control socket: one thread of its own, so that the engine and its clients never wait for each other. Netty's Unix
 * sockets, and not the JDK's, because the JDK keeps the peer's process id to itself.
 */
public final class ControlServer implements AutoCloseable {
    private final Path socket;
    private final Object fileKey;
    private final EventLoopGroup thread;
    private final Channel listening;
    private final Connections connections;

    private ControlServer(Path socket, EventLoopGroup thread, Channel listening, Connections connections)
            throws IOException {
        this.socket = socket;
        this.fileKey = fileKey(socket);
        this.thread = thread;
        this.listening = listening;
        this.connections = connections;
    }

    /**
     * Listens at {@code socket} (mode 0660), which takes the place of one that nobody listens at any more.
     *
     * @param group the socket's; empty: the process's own
     * @throws IOException when another daemon listens there, something else than a socket is there, or the socket cannot be
     *     made; says which and why
     */
    public static ControlServer open(
            Path socket,
            Optional<String> group,
            ControlLimits limits,
            ControlledDaemon daemon,
            ControlObserver observer)
            throws IOException {
        refuseIfTaken(socket);
        EventLoopGroup thread = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("control", true), EpollIoHandler.newFactory());
        Path fresh = socket.resolveSibling(socket.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            Connections connections = new Connections(limits, daemon, observer);
            Channel listening = listen(fresh, thread, connections);
            permit(fresh, group);
            connections.admit(Gatekeeper.of(fresh));
            Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new ControlServer(socket, thread, listening, connections);
        } catch (IOException e) {
            thread.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    /**
     * Waits for changes that are about to be answered, so that whoever asked for the daemon's end hears of it, then takes
     * connections and socket away. Takes three seconds at most; closing again does nothing.
     */
    @Override
    public void close() {
        if (thread.isShuttingDown()) {
            return;
        }
        listening.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        thread.execute(() -> connections.end(quiet));
        var unused = quiet.completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
        thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        try {
            // A successor may have put its own in the place.
            if (fileKey.equals(fileKey(socket))) {
                Files.delete(socket);
            }
        } catch (IOException e) {
            // It is gone, or its folder is: what was to be done is done.
            return;
        }
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private static void refuseIfTaken(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("what is at " + socket + " is no socket, and will not be replaced by one");
        }
        try (SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return;
        }
        throw new IOException("another daemon listens at " + socket);
    }

    private static Channel listen(Path file, EventLoopGroup thread, Connections connections) throws IOException {
        var bound = new ServerBootstrap()
                .group(thread)
                .channel(EpollServerDomainSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<EpollDomainSocketChannel>() {
                    @Override
                    protected void initChannel(EpollDomainSocketChannel channel) throws IOException {
                        PeerCredentials by = channel.peerCredentials();
                        int gid = by.gids().length == 0 ? -1 : by.gids()[0];
                        channel.pipeline().addLast(connections.handler(new Peer(by.pid(), by.uid(), gid)));
                    }
                })
                .bind(new DomainSocketAddress(file.toString()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen at " + file + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    private static void permit(Path file, Optional<String> group) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        if (group.isEmpty()) {
            return;
        }
        try {
            GroupPrincipal principal =
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(group.get());
            Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(principal);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("there is no group " + group.get() + " to give the control socket to", e);
        } catch (IOException e) {
            throw new IOException(
                    "cannot give the control socket to group " + group.get()
                            + ": the daemon's user must be a member of it (SupplementaryGroups= of the unit)",
                    e);
        }
    }
}
