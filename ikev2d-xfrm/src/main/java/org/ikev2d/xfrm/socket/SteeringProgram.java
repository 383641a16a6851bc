package org.ikev2d.xfrm.socket;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An eBPF program of type socket filter whose result is the queue of the CPU that it runs on (bpf(2)). */
final class SteeringProgram {
    private static final long SYS_BPF = System.getProperty("os.arch").equals("amd64") ? 321 : 280;
    private static final long BPF_PROG_LOAD = 5;
    private static final int BPF_PROG_TYPE_SOCKET_FILTER = 1;
    private static final int ATTRIBUTES_SIZE = 48;
    private static final int INSTRUCTION_SIZE = 8;

    private static final int CALL = 0x85;
    private static final int EXIT = 0x95;
    private static final int SET_R0 = 0xb7;
    private static final int JUMP_UNLESS_R0_IS = 0x55;
    private static final int GET_SMP_PROCESSOR_ID = 8;

    private SteeringProgram() {}

    /** @param cpus their places in the list are the results; of any other CPU the result is its number */
    static FileDescriptor load(List<Integer> cpus) throws SystemCallException {
        ByteBuffer code = code(cpus);
        ByteBuffer licence = FileDescriptor.direct(16);
        licence.put(0, "Apache-2.0".getBytes(StandardCharsets.US_ASCII));
        // union bpf_attr: prog_type, insn_cnt, insns, license, log_level, log_size, log_buf, kern_version, prog_flags
        ByteBuffer attributes = FileDescriptor.direct(ATTRIBUTES_SIZE)
                .putInt(0, BPF_PROG_TYPE_SOCKET_FILTER)
                .putInt(4, code.capacity() / INSTRUCTION_SIZE)
                .putLong(8, LibC.addressOf(code))
                .putLong(16, LibC.addressOf(licence));
        try {
            return FileDescriptor.opened("bpf(BPF_PROG_LOAD)", (int)
                    LibC.CALLS.syscall(SYS_BPF, BPF_PROG_LOAD, attributes, ATTRIBUTES_SIZE));
        } finally {
            Reference.reachabilityFence(code);
            Reference.reachabilityFence(licence);
        }
    }

    /** Two instructions where the CPUs are numbered from 0 without holes. */
    private static ByteBuffer code(List<Integer> cpus) {
        boolean plain = true;
        for (int i = 0; i < cpus.size(); i++) {
            plain &= cpus.get(i) == i;
        }
        ByteBuffer code = FileDescriptor.direct(INSTRUCTION_SIZE * (plain ? 2 : 2 + 3 * cpus.size()));
        instruction(code, CALL, 0, GET_SMP_PROCESSOR_ID);
        for (int i = 0; !plain && i < cpus.size(); i++) {
            instruction(code, JUMP_UNLESS_R0_IS, 2, cpus.get(i));
            instruction(code, SET_R0, 0, i);
            instruction(code, EXIT, 0, 0);
        }
        instruction(code, EXIT, 0, 0);
        return code.clear();
    }

    /** {@code struct bpf_insn}: __u8 code, two registers of 4 bits (0 here), __s16 off, __s32 imm. */
    private static void instruction(ByteBuffer code, int operation, int offset, int value) {
        code.put((byte) operation).put((byte) 0).putShort((short) offset).putInt(value);
    }
}
