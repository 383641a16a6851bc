package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.VirtualClock;
import org.junit.jupiter.api.Test;

class SteeredKernelTest {
    private static final IpAddress LOCAL = IpAddress.parse("192.0.2.1");
    private static final IpAddress PEER = IpAddress.parse("198.51.100.2");
    private static final ReqId REQID = ReqId.ofTunnel(0);

    private final FakeKernel below = new FakeKernel(1, new VirtualClock(), 4);
    private final List<Integer> statesWhenTold = new ArrayList<>();
    private final Kernel kernel =
            new SteeredKernel(below, () -> statesWhenTold.add(below.sas().size()));

    private SaSpec sa(Direction direction, Optional<CpuId> cpu) throws KernelException {
        boolean inbound = direction == Direction.IN;
        EspSpi spi = inbound ? kernel.allocateSpi(PEER, LOCAL, REQID) : new EspSpi(0xd0000001);
        return new SaSpec(
                direction,
                inbound ? PEER : LOCAL,
                new SaId(inbound ? LOCAL : PEER, spi),
                REQID,
                cpu,
                new EspSuite(EncryptionAlgorithm.AES_CBC, 128, Integrity.HMAC_SHA2_256_128, false),
                new EspKeys(Secret.owning(new byte[16]), Secret.owning(new byte[32])),
                Optional.empty(),
                inbound ? 32 : 0,
                0);
    }

    @Test
    void itTellsOfInboundStatesOfSingleCpusWhenTheyAreThere() throws KernelException {
        kernel.install(sa(Direction.OUT, Optional.of(new CpuId(1))));
        kernel.install(sa(Direction.IN, Optional.empty()));
        assertThat(statesWhenTold).isEmpty();
        SaSpec perCpu = sa(Direction.IN, Optional.of(new CpuId(1)));
        kernel.install(perCpu);
        kernel.move(perCpu.id(), new OuterHeader(PEER, LOCAL, Optional.of(new Encapsulation(40001, 4500))));
        kernel.remove(perCpu.id());
        assertThat(statesWhenTold).containsExactly(3, 3, 2);
    }

    /** Each call goes to the kernel behind it with the same arguments, and its answer comes back. */
    @Test
    void everythingElsePassesThrough() throws Exception {
        for (Method method : Kernel.class.getMethods()) {
            List<Object> called = new ArrayList<>();
            Object answer = method.getReturnType() == List.class ? List.of() : null;
            Kernel recording = (Kernel) Proxy.newProxyInstance(
                    Kernel.class.getClassLoader(), new Class<?>[] {Kernel.class}, (proxy, invoked, arguments) -> {
                        called.add(invoked.getName());
                        return answer;
                    });
            if (!method.getName().equals("install")) {
                Object given =
                        method.invoke(new SteeredKernel(recording, () -> {}), new Object[method.getParameterCount()]);
                assertThat(given).as(method.getName()).isSameAs(answer);
                assertThat(called).containsExactly(method.getName());
            }
        }
    }
}
