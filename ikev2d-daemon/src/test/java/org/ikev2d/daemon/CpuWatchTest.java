package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.ikev2d.core.kernel.Cpus;
import org.junit.jupiter.api.Test;

class CpuWatchTest {
    @Test
    void onlyAChangeIsTold() throws IOException {
        AtomicReference<Cpus> machine = new AtomicReference<>(Cpus.firstOnes(4));
        List<Cpus> told = new ArrayList<>();
        CpuWatch watch = new CpuWatch(machine::get);
        assertThat(watch.latest()).isEqualTo(Cpus.firstOnes(4));
        watch.look(told::add);
        machine.set(Cpus.firstOnes(3));
        watch.look(told::add);
        watch.look(told::add);
        assertThat(told).containsExactly(Cpus.firstOnes(3));
        assertThat(watch.latest()).isEqualTo(Cpus.firstOnes(3));
    }
}
