package org.ikev2d.xfrm.socket;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * How SPIs say which queue takes their packets: by their last octet, modulo the number of queues. Classic BPF programs
 * (linux/filter.h) let the kernel deal packets out by it.
 */
public final class SpiQueues {
    /** As many as an octet tells apart. */
    public static final int MOST = 256;

    private static final int LOAD_WORD = 0x20;
    private static final int LOAD_WORD_X = 0x40;
    private static final int X_IS_IP_HEADER_SIZE = 0xb1;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int AND = 0x54;
    private static final int ADD = 0x04;
    private static final int MODULO = 0x94;
    private static final int RETURN = 0x06;
    private static final int RETURN_A = 0x16;

    private static final int INSTRUCTION_SIZE = 8;
    private static final int PROGRAM_SIZE = 16;

    private final int count;

    /** @param count 1 to {@link #MOST} */
    public SpiQueues(int count) {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException(count + " queues");
        }
        this.count = count;
    }

    public int count() {
        return count;
    }

    public int queueOf(int spi) {
        return (spi & 0xff) % count;
    }

    /** {@code spi}, with the last octet changed so that {@code queue} takes its packets. */
    public int spiFor(int queue, int spi) {
        int rows = MOST / count;
        return (spi & ~0xff) | ((spi & 0xff) % rows * count + queue);
    }

    /**
     * Makes a socket with SO_REUSEPORT, before it is bound, the first of a group: it gets what begins with the non-ESP
     * marker and what is shorter (RFC 3948 §2), and of those bound to the same port after it, one for each queue in
     * order, each gets the ESP of its queue.
     *
     * @param descriptor of a socket that stays its owner's
     */
    public void shareUdpPort(int descriptor) throws SystemCallException {
        ByteBuffer code = code(6);
        // A word that is not there ends the program with 0.
        instruction(code, LOAD_WORD, 0, 0, 0);
        instruction(code, JUMP_IF_EQUAL, 3, 0, 0); // to the end, with 0
        instruction(code, AND, 0, 0, 0xff);
        instruction(code, MODULO, 0, 0, count);
        instruction(code, ADD, 0, 0, 1);
        instruction(code, RETURN_A, 0, 0, 0);
        attach(descriptor, SocketOption.SO_ATTACH_REUSEPORT_CBPF, code);
    }

    /** One of them. */
    public final class Queue {
        private final int number;

        private Queue(int number) {
            this.number = number;
        }

        void filterPlainEsp(FileDescriptor raw, boolean ipv4) throws SystemCallException {
            ByteBuffer code = code(7);
            instruction(code, ipv4 ? X_IS_IP_HEADER_SIZE : LOAD_WORD, 0, 0, 0);
            instruction(code, ipv4 ? LOAD_WORD_X : LOAD_WORD, 0, 0, 0);
            instruction(code, AND, 0, 0, 0xff);
            instruction(code, MODULO, 0, 0, count);
            instruction(code, JUMP_IF_EQUAL, 0, 1, number);
            instruction(code, RETURN, 0, 0, -1);
            instruction(code, RETURN, 0, 0, 0);
            attach(raw.number(), SocketOption.SO_ATTACH_FILTER, code);
        }
    }

    /** @param number from 0 */
    public Queue queue(int number) {
        return new Queue(number);
    }

    private static ByteBuffer code(int instructions) {
        return FileDescriptor.direct(instructions * INSTRUCTION_SIZE);
    }

    /** {@code struct sock_filter}: __u16 code, __u8 jt, __u8 jf, __u32 k. */
    private static void instruction(ByteBuffer code, int operation, int ifTrue, int ifFalse, int value) {
        code.putShort((short) operation).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
    }

    /** {@code struct sock_fprog}: unsigned short len, then, at octet 8, a pointer. */
    private static void attach(int descriptor, SocketOption option, ByteBuffer code) throws SystemCallException {
        ByteBuffer program = FileDescriptor.direct(PROGRAM_SIZE)
                .putShort(0, (short) (code.position() / INSTRUCTION_SIZE))
                .putLong(8, LibC.addressOf(code));
        try {
            SystemCallException.check(
                    "setsockopt(" + option + ")",
                    LibC.CALLS.setsockopt(descriptor, option.level(), option.number(), program, PROGRAM_SIZE));
        } finally {
            Reference.reachabilityFence(code);
        }
    }
}
