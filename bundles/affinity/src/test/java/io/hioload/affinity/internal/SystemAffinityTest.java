package io.hioload.affinity.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.affinity.Affinity;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.Placement;
import io.hioload.affinity.PlacementPlan;
import io.hioload.ffm.Os;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
        assertEquals(CpuSet.of(cpus), affinity.limits().usable());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.WINDOWS})
    void shouldRunOnOneCpuWhenPinnedAndOnAllWhenUnpinned() throws Exception {
        CpuSet all = CpuSet.of(affinity.usableCpus());
        for (int cpu : affinity.usableCpus()) {
            inThread(() -> {
                assertTrue(affinity.pin(cpu), affinity.limitation());
                assertEquals(CpuSet.of(cpu), affinity.cpusOf(0));
                assertEquals(all, CpuSet.of(affinity.usableCpus()));
                assertTrue(affinity.unpin(), affinity.limitation());
                assertNotEquals(0, affinity.cpusOf(0).and(all).size());
                return null;
            });
        }
        assertEquals("", affinity.limitation());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldPlaceCallingThreadAndNoOtherWhenPinned() throws Exception {
        CpuSet before = allowedByKernel();
        int cpu = affinity.usableCpus()[0];
        inThread(() -> {
            assertTrue(affinity.pin(cpu));
            assertEquals(CpuSet.of(cpu), allowedByKernel());
            assertTrue(affinity.unpin());
            assertEquals(before, allowedByKernel());
            return null;
        });
        assertEquals(before, allowedByKernel());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldPinAnotherThreadByItsNumberWhileItRuns() throws Exception {
        BlockingQueue<Long> id = new ArrayBlockingQueue<>(1);
        CountDownLatch pinned = new CountDownLatch(1);
        FutureTask<CpuSet> task = new FutureTask<>(() -> {
            id.add(affinity.threadId());
            pinned.await();
            return allowedByKernel();
        });
        Thread thread = new Thread(task);
        thread.start();
        long tid = id.take();
        int[] usable = affinity.usableCpus();
        int cpu = usable[usable.length - 1];
        assertNotEquals(affinity.threadId(), tid);
        assertTrue(affinity.pin(tid, cpu), affinity.limitation());
        assertEquals(CpuSet.of(cpu), affinity.cpusOf(tid));
        assertTrue(affinity.unpin(tid));
        assertEquals(CpuSet.of(usable), affinity.cpusOf(tid));
        assertTrue(affinity.pin(tid, usable[0]));
        pinned.countDown();
        assertEquals(CpuSet.of(usable[0]), task.get());
        thread.join();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldRefuseWithReasonWhenThreadIsNotOfThisProcess() {
        for (long thread : new long[]{1L << 40, -7, ProcessHandle.current().parent().orElseThrow().pid()}) {
            assertFalse(affinity.pin(thread, affinity.usableCpus()[0]));
            assertTrue(affinity.limitation().contains("none of this process"), affinity.limitation());
            assertFalse(affinity.unpin(thread));
            assertTrue(affinity.cpusOf(thread).isEmpty());
        }
    }

    @Test
    void shouldRefuseWithReasonWhenCpuIsNotUsable() {
        assertFalse(affinity.pin(100_000));
        assertFalse(affinity.limitation().isEmpty());
        assertFalse(affinity.pin(-1));
    }

    @Test
    void shouldRefuseWithReasonWhenThreadIsVirtual() throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> affinity.pin(affinity.usableCpus()[0]) || affinity.threadId() != 0);
        Thread.ofVirtual().start(task);
        assertFalse(task.get());
        assertFalse(affinity.limitation().isEmpty());
    }

    @Test
    void shouldPlanUsableCpusOfThisMachine() {
        PlacementPlan plan = affinity.plan(Placement.SPREAD, affinity.usableCpus().length);
        assertEquals(CpuSet.of(affinity.usableCpus()), CpuSet.of(plan.cpus().stream().mapToInt(Integer::intValue).toArray()));
        assertTrue(affinity.plan(Placement.near("no-such-interface"), 1).note().contains("no-such-interface")
                || Os.current() != Os.LINUX);
    }

    @Test
    void shouldCountCpusAndSayWhyNotWhenSystemPlacesThreadsItself() {
        Affinity elsewhere = new SystemAffinity(SystemAffinity.systemOf(Os.MACOS));
        assertEquals(Runtime.getRuntime().availableProcessors(), elsewhere.usableCpus().length);
        assertEquals(0, elsewhere.usableCpus()[0]);
        assertEquals(0, elsewhere.nodeOf(0));
        assertFalse(elsewhere.pin(0));
        assertFalse(elsewhere.unpin());
        assertEquals(0, elsewhere.threadId());
        assertTrue(elsewhere.cpusOf(0).isEmpty());
        assertTrue(elsewhere.limitation().contains("Linux and Windows only"), elsewhere.limitation());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldFallBackWithReasonWhenWindowsFunctionsAreMissing() {
        Affinity elsewhere = new SystemAffinity(SystemAffinity.systemOf(Os.WINDOWS));
        assertTrue(elsewhere.limitation().contains("jna-platform"), elsewhere.limitation());
        assertFalse(elsewhere.pin(0));
    }

    @Test
    void shouldShowMachineLimitsAndLastPlan() {
        affinity.plan(Placement.COMPACT, 1);
        assertEquals("affinity", affinity.probeName());
        assertArrayEquals(
                new Object[]{"usableCpus", "quotaCpus", "limits", "packages", "cores", "cpus", "groups", "nodes", "caches", "lastPlan",
                        "limitation"},
                affinity.probe().keySet().toArray());
        assertEquals(CpuSet.of(affinity.usableCpus()).toString(), affinity.probe().get("usableCpus"));
        assertEquals("compact: [" + affinity.usableCpus()[0] + "]", affinity.probe().get("lastPlan"));
    }

    private static <T> T inThread(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
        return task.get();
    }

    /** What the kernel says about the calling thread, not by our own reading of masks. */
    private static CpuSet allowedByKernel() throws Exception {
        String key = "Cpus_allowed_list:";
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream().filter(line -> line.startsWith(key))
                .map(line -> CpuSet.parse(line.substring(key.length()))).findFirst().orElseThrow();
    }
}
