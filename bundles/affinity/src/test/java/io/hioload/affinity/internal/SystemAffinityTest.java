package io.hioload.affinity.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.affinity.Affinity;
import io.hioload.ffm.Os;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SystemAffinityTest {

    private final Affinity affinity = ServiceLoader.load(Affinity.class).findFirst().orElseThrow();

    @Test
    void shouldTellUsableCpusAscending() {
        int[] cpus = affinity.usableCpus();
        assertTrue(cpus.length >= 1);
        for (int i = 1; i < cpus.length; i++) {
            assertTrue(cpus[i] > cpus[i - 1]);
        }
        for (int cpu : cpus) {
            assertTrue(affinity.nodeOf(cpu) >= 0);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldRunOnOneCpuWhenPinnedAndOnAllWhenUnpinned() throws Exception {
        String all = CpuList.format(affinity.usableCpus());
        for (int cpu : affinity.usableCpus()) {
            inThread(() -> {
                assertTrue(affinity.pin(cpu), affinity.limitation());
                assertEquals(Integer.toString(cpu), allowedByKernel());
                assertEquals(all, CpuList.format(affinity.usableCpus()));
                assertTrue(affinity.unpin(), affinity.limitation());
                assertEquals(all, allowedByKernel());
                return null;
            });
        }
        assertEquals("", affinity.limitation());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveOtherThreadsAloneWhenOneIsPinned() throws Exception {
        String before = allowedByKernel();
        inThread(() -> affinity.pin(affinity.usableCpus()[0]));
        assertEquals(before, allowedByKernel());
    }

    @Test
    void shouldRefuseWithReasonWhenCpuIsNotUsable() {
        assertFalse(affinity.pin(100_000));
        assertFalse(affinity.limitation().isEmpty());
        assertFalse(affinity.pin(-1));
    }

    @Test
    void shouldRefuseWithReasonWhenThreadIsVirtual() throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> affinity.pin(affinity.usableCpus()[0]));
        Thread.ofVirtual().start(task);
        assertFalse(task.get());
        assertFalse(affinity.limitation().isEmpty());
    }

    @Test
    void shouldCountCpusAndSayWhyNotWhenSystemPlacesThreadsItself() {
        Affinity elsewhere = new SystemAffinity(SystemAffinity.placementOf(Os.WINDOWS), NumaNodes.none());
        assertEquals(Runtime.getRuntime().availableProcessors(), elsewhere.usableCpus().length);
        assertEquals(0, elsewhere.usableCpus()[0]);
        assertEquals(0, elsewhere.nodeOf(0));
        assertFalse(elsewhere.pin(0));
        assertFalse(elsewhere.unpin());
        assertTrue(elsewhere.limitation().contains("Linux only"), elsewhere.limitation());
    }

    @Test
    void shouldShowCpusNodesAndLimitation() {
        assertEquals("affinity", affinity.probeName());
        assertArrayEquals(new Object[]{"usableCpus", "nodes", "limitation"}, affinity.probe().keySet().toArray());
        assertEquals(CpuList.format(affinity.usableCpus()), affinity.probe().get("usableCpus"));
    }

    private static <T> T inThread(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
        return task.get();
    }

    /** What the kernel says about the calling thread, not by our own reading of masks. */
    private static String allowedByKernel() throws Exception {
        String key = "Cpus_allowed_list:";
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream().filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip()).findFirst().orElseThrow();
    }
}
