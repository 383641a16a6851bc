package org.ikev2d.xfrm.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuListsTest {
    @TempDir
    private Path directory;

    @Test
    void rangesAndHoles() throws IOException {
        Cpus cpus = read("0-3,5,8-11\n", "0-15\n");
        assertThat(cpus.possible()).isEqualTo(16);
        assertThat(cpus.online()).extracting(CpuId::number).containsExactly(0, 1, 2, 3, 5, 8, 9, 10, 11);
    }

    @Test
    void aSingleCpu() throws IOException {
        assertThat(read("0", "0")).isEqualTo(Cpus.firstOnes(1));
    }

    @Test
    void cpusBeyondTheNumberOfPossibleOnesAreLeftOut() throws IOException {
        Cpus cpus = read("0-1,8-9", "0-1,8-9");
        assertThat(cpus.possible()).isEqualTo(4);
        assertThat(cpus.online()).extracting(CpuId::number).containsExactly(0, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "0-", "-1", "0,,1", "0 1", "0-99999999"})
    void anythingElseIsRefusedWithItsText(String list) {
        assertThatThrownBy(() -> read(list, "0-3"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("online: \"" + list + "\"");
    }

    @Test
    void theMachinesOwnListsAreRead() throws IOException {
        Cpus cpus = CpuLists.read();
        assertThat(cpus.online()).isNotEmpty();
        assertThat(cpus.possible()).isGreaterThanOrEqualTo(cpus.online().size());
    }

    private Cpus read(String online, String possible) throws IOException {
        Files.writeString(directory.resolve("online"), online);
        Files.writeString(directory.resolve("possible"), possible);
        return CpuLists.read(directory);
    }
}
