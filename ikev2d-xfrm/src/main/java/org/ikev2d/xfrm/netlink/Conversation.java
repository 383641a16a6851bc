package org.ikev2d.xfrm.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ikev2d.core.bytes.DecodeException;

/**
 * Requests and their answers over one socket, one at a time, by one thread at a time. Answers to earlier requests, that
 * came too late, are recognised by their sequence number and dropped. Both buffers are zeroed after each call: requests
 * and answers hold keys.
 */
public final class Conversation implements AutoCloseable {
    /** The longest, a NEWSA with the state of a replay window of 4096 packets, takes less than 1300 octets. */
    private static final int REQUEST_SIZE = 4096;

    /** The kernel fills datagrams of a dump up to 32 KiB. */
    private static final int ANSWER_SIZE = 65536;

    private static final int TRIES = 5;

    /** Takes what it wants of a message; the body's octets are gone afterwards. */
    public interface Decoder<T> {
        T decode(NetlinkMessage message) throws DecodeException;
    }

    private final NetlinkPort port;
    private final ByteBuffer request = ByteBuffer.allocateDirect(REQUEST_SIZE).order(ByteOrder.nativeOrder());
    private final ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_SIZE).order(ByteOrder.nativeOrder());
    private int sequence;
    private int answered;

    /** Takes over {@code port}. */
    public Conversation(NetlinkPort port) {
        this.port = port;
    }

    /** Asks for a change and waits for the kernel to acknowledge it. */
    public void change(int type, Consumer<? super NetlinkWriter> body) throws NetlinkException {
        change(type, 0, body);
    }

    /** @param flags beside those that every request for a change has, such as {@link NetlinkHeader#NLM_F_CREATE} */
    public void change(int type, int flags, Consumer<? super NetlinkWriter> body) throws NetlinkException {
        try {
            send(type, flags | NetlinkHeader.NLM_F_ACK, body);
            while (true) {
                NetlinkMessage.Datagram datagram = receive();
                for (Optional<NetlinkMessage> next = datagram.next(); next.isPresent(); next = datagram.next()) {
                    if (isAnswer(next.get(), NetlinkHeader.NLMSG_ERROR)) {
                        expectSuccess(Acknowledgement.ofError(next.get()));
                        return;
                    }
                }
            }
        } catch (DecodeException e) {
            throw NetlinkException.unreadable(e.getMessage());
        } catch (NetlinkException e) {
            throw e.is(Errno.ENOBUFS) && !e.isRefusal()
                    ? NetlinkException.unsettled("the answer was lost; the change may have been made", e.errno())
                    : e;
        } finally {
            wipe();
        }
    }

    /** Asks for one thing, and reads the one message that answers. */
    public <T> T query(int type, Consumer<? super NetlinkWriter> body, Decoder<T> decoder) throws NetlinkException {
        return again(() -> queryOnce(type, body, decoder));
    }

    /** Asks for all things of a kind; starts again when they changed meanwhile (NLM_F_DUMP_INTR). */
    public <T> List<T> dump(int type, Consumer<? super NetlinkWriter> body, Decoder<Optional<T>> decoder)
            throws NetlinkException {
        return again(() -> dumpOnce(type, body, decoder));
    }

    @Override
    public void close() {
        port.close();
    }

    private interface Attempt<T> {
        /** Empty when it is worth another try. */
        Optional<T> run() throws NetlinkException, DecodeException;
    }

    /** What only asks may be asked again when the answer was lost or inconsistent. */
    private <T> T again(Attempt<T> attempt) throws NetlinkException {
        NetlinkException last = NetlinkException.unsettled("changed during each of " + TRIES + " readings", 0);
        for (int i = 0; i < TRIES; i++) {
            try {
                Optional<T> result = attempt.run();
                if (result.isPresent()) {
                    return result.get();
                }
            } catch (DecodeException e) {
                throw NetlinkException.unreadable(e.getMessage());
            } catch (NetlinkException e) {
                if (!e.is(Errno.ENOBUFS) || e.isRefusal()) {
                    throw e;
                }
                last = e;
            } finally {
                wipe();
            }
        }
        throw last;
    }

    private <T> Optional<T> queryOnce(int type, Consumer<? super NetlinkWriter> body, Decoder<T> decoder)
            throws NetlinkException, DecodeException {
        send(type, 0, body);
        while (true) {
            NetlinkMessage.Datagram datagram = receive();
            for (Optional<NetlinkMessage> next = datagram.next(); next.isPresent(); next = datagram.next()) {
                NetlinkMessage message = next.get();
                if (isAnswer(message, NetlinkHeader.NLMSG_ERROR)) {
                    expectSuccess(Acknowledgement.ofError(message));
                    throw NetlinkException.unreadable("success without the thing asked for");
                }
                if (message.header().sequence() == sequence) {
                    return Optional.of(decoder.decode(message));
                }
            }
        }
    }

    /**
     * A dump is always read to its end: while one is open the kernel refuses the next (EBUSY). An entry that cannot be
     * read is told when the end is reached.
     */
    private <T> Optional<List<T>> dumpOnce(int type, Consumer<? super NetlinkWriter> body, Decoder<Optional<T>> decoder)
            throws NetlinkException, DecodeException {
        send(type, NetlinkHeader.NLM_F_DUMP, body);
        List<T> found = new ArrayList<>();
        boolean interrupted = false;
        DecodeException unreadable = null;
        while (true) {
            NetlinkMessage.Datagram datagram;
            try {
                datagram = receive();
            } catch (NetlinkException e) {
                if (!e.is(Errno.ENOBUFS)) {
                    throw e;
                }
                interrupted = true;
                continue;
            }
            for (Optional<NetlinkMessage> next = datagram.next(); next.isPresent(); next = datagram.next()) {
                NetlinkMessage message = next.get();
                if (message.header().sequence() != sequence) {
                    continue;
                }
                interrupted |= message.header().has(NetlinkHeader.NLM_F_DUMP_INTR);
                if (message.header().type() == NetlinkHeader.NLMSG_ERROR) {
                    expectSuccess(Acknowledgement.ofError(message));
                } else if (message.header().type() == NetlinkHeader.NLMSG_DONE) {
                    expectSuccess(Acknowledgement.ofDone(message));
                    if (unreadable != null) {
                        throw unreadable;
                    }
                    return interrupted ? Optional.empty() : Optional.of(List.copyOf(found));
                } else {
                    try {
                        decoder.decode(message).ifPresent(found::add);
                    } catch (DecodeException e) {
                        unreadable = unreadable == null ? e : unreadable;
                    }
                }
            }
        }
    }

    private void send(int type, int flags, Consumer<? super NetlinkWriter> body) throws NetlinkException {
        sequence++;
        request.clear();
        NetlinkWriter.message(request, type, NetlinkHeader.NLM_F_REQUEST | flags, sequence, port.number(), body);
        request.flip();
        port.send(request);
    }

    private NetlinkMessage.Datagram receive() throws NetlinkException {
        answer.clear();
        try {
            port.receive(answer);
        } finally {
            answered = Math.max(answered, answer.limit());
        }
        return new NetlinkMessage.Datagram(answer);
    }

    private boolean isAnswer(NetlinkMessage message, int type) {
        return message.header().sequence() == sequence && message.header().type() == type;
    }

    private static void expectSuccess(Acknowledgement answer) throws NetlinkException {
        if (answer.errno() != 0) {
            throw NetlinkException.refused(answer);
        }
    }

    private void wipe() {
        zero(request, request.limit());
        zero(answer, answered);
        answered = 0;
    }

    private static void zero(ByteBuffer buffer, int used) {
        buffer.clear();
        for (int i = 0; i < used; i++) {
            buffer.put(i, (byte) 0);
        }
        buffer.limit(0);
    }
}
