package org.ikev2d.xfrm.codec;

import java.util.Random;
import org.ikev2d.core.bytes.Bytes;

/** Structures with random fields; the same seed gives the same. */
final class RandomStructures {
    private final Random random;

    RandomStructures(long seed) {
        this.random = new Random(seed);
    }

    int u8() {
        return random.nextInt(256);
    }

    int u16() {
        return random.nextInt(65536);
    }

    int u32() {
        return random.nextInt();
    }

    long u64() {
        return random.nextLong();
    }

    XfrmAddress address() {
        byte[] octets = new byte[XfrmAddress.SIZE];
        random.nextBytes(octets);
        return new XfrmAddress(Bytes.of(octets));
    }

    XfrmId id() {
        return new XfrmId(address(), u32(), u8());
    }

    XfrmSelector selector() {
        return new XfrmSelector(
                address(), address(), u16(), u16(), u16(), u16(), u16(), u8(), u8(), u8(), u32(), u32());
    }

    LifetimeConfig lifetime() {
        return new LifetimeConfig(u64(), u64(), u64(), u64(), u64(), u64(), u64(), u64());
    }

    LifetimeCurrent current() {
        return new LifetimeCurrent(u64(), u64(), u64(), u64());
    }

    UserSaInfo sa() {
        return new UserSaInfo(
                selector(),
                id(),
                address(),
                lifetime(),
                current(),
                new XfrmStats(u32(), u32(), u32()),
                u32(),
                u32(),
                u16(),
                u8(),
                u8(),
                u8());
    }

    UserSaId saId() {
        return new UserSaId(address(), u32(), u16(), u8());
    }

    UserSpiInfo spi() {
        return new UserSpiInfo(sa(), u32(), u32());
    }

    UserPolicyInfo policy() {
        return new UserPolicyInfo(selector(), lifetime(), current(), u32(), u32(), u8(), u8(), u8(), u8());
    }

    UserPolicyId policyId() {
        return new UserPolicyId(selector(), u32(), u8());
    }

    UserTemplate template() {
        return new UserTemplate(id(), u16(), address(), u32(), u8(), u8(), u8(), u32(), u32(), u32());
    }

    UserAcquire acquire() {
        return new UserAcquire(id(), address(), selector(), policy(), u32(), u32(), u32(), u32());
    }

    UserExpire expire() {
        return new UserExpire(sa(), random.nextBoolean());
    }

    UserMapping mapping() {
        return new UserMapping(saId(), u32(), address(), address(), u16(), u16());
    }
}
