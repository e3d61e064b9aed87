package io.hioload.affinity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumaNodesTest {

    @TempDir
    private Path sysfs;

    @Test
    void shouldTellNodeWhenTwoSocketsInterleaveTheirThreads() throws IOException {
        node(0, "0-3,8-11\n");
        node(1, "4-7,12-15\n");
        Files.writeString(sysfs.resolve("online"), "0-1\n");
        Files.createDirectory(sysfs.resolve("power"));
        NumaNodes nodes = NumaNodes.read(sysfs);
        int[] expected = {0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1};
        for (int cpu = 0; cpu < expected.length; cpu++) {
            assertEquals(expected[cpu], nodes.nodeOf(cpu), "CPU " + cpu);
        }
        assertEquals(Map.of("node0", "0-3,8-11", "node1", "4-7,12-15"), nodes.describe());
    }

    @Test
    void shouldTellNodeZeroWhenCpuIsOfflineOrUnknown() throws IOException {
        node(0, "0,2\n");
        node(1, "3\n"); // CPU 1 is offline and listed nowhere
        NumaNodes nodes = NumaNodes.read(sysfs);
        assertEquals(0, nodes.nodeOf(1));
        assertEquals(1, nodes.nodeOf(3));
        assertEquals(0, nodes.nodeOf(64));
        assertEquals(0, nodes.nodeOf(-1));
    }

    @Test
    void shouldKeepNodesInOrderWhenOneHasMemoryOnlyAndNumbersHaveGaps() throws IOException {
        node(10, "2-3\n");
        node(2, "\n");
        node(0, "0-1\n");
        NumaNodes nodes = NumaNodes.read(sysfs);
        assertEquals("{node0=0-1, node2=, node10=2-3}", nodes.describe().toString());
        assertEquals(10, nodes.nodeOf(2));
    }

    @Test
    void shouldTellNodeZeroWhenSystemTellsNothing() {
        assertEquals(0, NumaNodes.read(sysfs.resolve("missing")).nodeOf(5));
        assertEquals(0, NumaNodes.none().nodeOf(5));
    }

    @Test
    void shouldTellWhatCouldBeReadWhenATreeIsBroken() throws IOException {
        node(0, "0-1,nonsense\n");
        assertEquals(0, NumaNodes.read(sysfs).nodeOf(1));
    }

    private void node(int number, String cpuList) throws IOException {
        Path directory = Files.createDirectory(sysfs.resolve("node" + number));
        Files.writeString(directory.resolve("cpulist"), cpuList);
    }
}
