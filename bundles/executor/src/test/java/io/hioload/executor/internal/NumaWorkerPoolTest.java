package io.hioload.executor.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.concurrent.WorkerPool;
import io.hioload.concurrent.WorkerSettings;
import io.hioload.testkit.affinity.RecordedAffinity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class NumaWorkerPoolTest {

    private static final Runnable NOTHING = () -> {
    };

    private static WorkerSettings settings(int workers, int queue, boolean pinned) {
        return new WorkerSettings("test-worker", workers, queue, pinned);
    }

    /** Keeps workers busy until it is opened. */
    private static final class Gate implements Runnable {
        final CountDownLatch entered;
        final CountDownLatch open = new CountDownLatch(1);

        Gate(int workers) {
            entered = new CountDownLatch(workers);
        }

        @Override
        public void run() {
            entered.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("test-worker")).count();
    }

    private static void awaitThreads(WorkerPool pool, int count) {
        while ((int) pool.probe().get("threads") != count) {
            Thread.yield();
        }
    }

    @Test
    void shouldRunEveryTaskOnceWhenManyThreadsOffer() throws Exception {
        int each = 100_000;
        AtomicInteger ran = new AtomicInteger();
        long refused;
        try (WorkerPool pool = new NumaWorkerPool(settings(3, 1 << 10, false), null)) {
            Thread[] offerers = new Thread[3];
            AtomicInteger failed = new AtomicInteger();
            for (int i = 0; i < offerers.length; i++) {
                offerers[i] = Thread.ofPlatform().start(() -> {
                    for (int n = 0; n < each; n++) {
                        while (!pool.offer(ran::incrementAndGet)) {
                            failed.incrementAndGet();
                            Thread.yield();
                        }
                    }
                });
            }
            for (Thread offerer : offerers) {
                offerer.join();
            }
            refused = pool.refused();
            assertEquals(failed.get(), refused);
        }
        assertEquals(3 * each, ran.get());
        assertEquals(0, threads());
    }

    @Test
    void shouldStartThreadsWhenFirstTaskComes() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        try (WorkerPool pool = new NumaWorkerPool(settings(3, 8, false), null)) {
            pool.configure(settings(2, 8, false));
            assertEquals(0, pool.probe().get("threads"));
            assertEquals(0, threads());
            pool.execute(ran::incrementAndGet);
            assertEquals(2, pool.probe().get("threads"));
            pool.configure(settings(4, 8, false));
            assertEquals(4, pool.probe().get("threads"));
        }
        assertEquals(1, ran.get());
        assertEquals(0, threads());
    }

    @Test
    void shouldRunOnNodeWhenFirstTaskIsGivenToIt() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        try (WorkerPool pool = new NumaWorkerPool(settings(1, 8, false), null)) {
            pool.node(0).execute(ran::countDown);
            assertTrue(ran.await(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldStartNothingWhenClosedUnused() {
        WorkerPool pool = new NumaWorkerPool(settings(3, 8, false), null);
        pool.close();
        assertFalse(pool.offer(NOTHING));
        assertEquals(0, pool.probe().get("threads"));
        assertEquals(0, threads());
    }

    @Test
    void shouldRefuseAndCountWhenQueueIsFull() throws Exception {
        Gate gate = new Gate(1);
        AtomicInteger ran = new AtomicInteger();
        try (WorkerPool pool = new NumaWorkerPool(settings(1, 3, false), null)) {
            pool.execute(gate);
            gate.entered.await();
            for (int i = 0; i < 3; i++) {
                pool.execute(ran::incrementAndGet);
            }
            assertFalse(pool.offer(NOTHING));
            assertThrows(RejectedExecutionException.class, () -> pool.execute(NOTHING));
            assertThrows(RejectedExecutionException.class, () -> pool.node(0).execute(NOTHING));
            assertEquals(3, pool.refused());
            assertEquals(3L, pool.probe().get("refused"));
            gate.open.countDown();
        }
        assertEquals(3, ran.get());
    }

    @Test
    void shouldLoseNothingWhenQueueIsResizedUnderLoad() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger();
        try (WorkerPool pool = new NumaWorkerPool(settings(2, 1, false), null)) {
            AtomicReference<Boolean> stop = new AtomicReference<>(false);
            Thread[] offerers = new Thread[2];
            for (int i = 0; i < offerers.length; i++) {
                offerers[i] = Thread.ofPlatform().start(() -> {
                    while (!stop.get()) {
                        if (pool.offer(ran::incrementAndGet)) {
                            accepted.incrementAndGet();
                        }
                    }
                });
            }
            for (int round = 0; round < 300; round++) {
                pool.configure(settings(1 + round % 4, 1 << round % 13, false));
            }
            stop.set(true);
            for (Thread offerer : offerers) {
                offerer.join();
            }
        }
        assertTrue(accepted.get() > 0);
        assertEquals(accepted.get(), ran.get());
    }

    @Test
    void shouldKeepItsLimitWhenQueueIsMadeLongerAndShorter() throws Exception {
        Gate gate = new Gate(1);
        try (WorkerPool pool = new NumaWorkerPool(settings(1, 2, false), null)) {
            pool.execute(gate);
            gate.entered.await();
            pool.execute(NOTHING);
            pool.execute(NOTHING);
            assertFalse(pool.offer(NOTHING));
            pool.configure(settings(1, 5, false));
            for (int i = 0; i < 3; i++) {
                pool.execute(NOTHING);
            }
            assertFalse(pool.offer(NOTHING));
            pool.configure(settings(1, 4, false));
            assertFalse(pool.offer(NOTHING));
            assertEquals(4, pool.settings().queueTasks());
            gate.open.countDown();
        }
    }

    @Test
    void shouldHaveAsManyThreadsAsAskedForWhenResizedLive() throws Exception {
        try (WorkerPool pool = new NumaWorkerPool(settings(1, 16, false), null)) {
            pool.configure(settings(4, 16, false));
            Gate gate = new Gate(4);
            for (int i = 0; i < 4; i++) {
                pool.execute(gate);
            }
            gate.entered.await();
            pool.configure(settings(2, 16, false));
            gate.open.countDown();
            awaitThreads(pool, 2);
            pool.configure(settings(0, 16, false));
            awaitThreads(pool, Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void shouldPinWorkersAndServeEachNodeWithItsOwnWhenMachineHasSeveral() throws Exception {
        RecordedAffinity affinity = RecordedAffinity.machine(2, 2);
        Set<String> where = ConcurrentHashMap.newKeySet();
        try (WorkerPool pool = new NumaWorkerPool(settings(0, 16, true), affinity)) {
            assertArrayEquals(new int[]{0, 1}, pool.nodes());
            Gate gate = new Gate(4);
            for (int i = 0; i < 2; i++) {
                for (int node : pool.nodes()) {
                    pool.node(node).execute(() -> {
                        where.add("node " + node + " cpu " + affinity.cpuOf(Thread.currentThread()));
                        gate.run();
                    });
                }
            }
            gate.entered.await();
            gate.open.countDown();
            assertThrows(IllegalArgumentException.class, () -> pool.node(2));
            assertEquals(2, ((List<?>) pool.probe().get("nodes")).size());
        }
        assertEquals(Set.of(0, 1, 2, 3), affinity.pinned());
        assertEquals(4, where.size(), where.toString());
    }

    @Test
    void shouldHelpTheOtherNodeWhenItsOwnHasNothing() throws Exception {
        RecordedAffinity affinity = RecordedAffinity.machine(2, 1);
        try (WorkerPool pool = new NumaWorkerPool(settings(2, 64, true), affinity)) {
            Gate gate = new Gate(1);
            CountDownLatch helped = new CountDownLatch(1);
            pool.node(0).execute(gate);
            gate.entered.await();
            pool.node(0).execute(helped::countDown);
            helped.await();
            gate.open.countDown();
            assertTrue((long) pool.probe().get("helpedOtherNodes") >= 1);
        }
    }

    @Test
    void shouldRunWhatWaitsWhenItsNodeLosesItsWorkers() throws Exception {
        RecordedAffinity affinity = RecordedAffinity.machine(2, 1);
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(10);
        try (WorkerPool pool = new NumaWorkerPool(settings(2, 64, true), affinity)) {
            Gate gate = new Gate(2);
            pool.node(0).execute(gate);
            pool.node(1).execute(gate);
            gate.entered.await();
            for (int i = 0; i < 10; i++) {
                pool.node(1).execute(() -> {
                    ran.incrementAndGet();
                    all.countDown();
                });
            }
            pool.configure(settings(1, 64, false));
            gate.open.countDown();
            all.await();
        }
        assertEquals(10, ran.get());
    }

    @Test
    void shouldSayWhyWhenPinningFails() throws Exception {
        Logger log = Logger.getLogger(NumaWorkerPool.class.getName());
        log.setLevel(Level.OFF);
        RecordedAffinity affinity = RecordedAffinity.machine(1, 2).failing("not allowed here");
        try (WorkerPool pool = new NumaWorkerPool(settings(2, 16, true), affinity)) {
            Gate gate = new Gate(2);
            pool.execute(gate);
            pool.execute(gate);
            gate.entered.await();
            gate.open.countDown();
            assertEquals("not allowed here", pool.probe().get("pinProblem"));
        } finally {
            log.setLevel(null);
        }
    }

    @Test
    void shouldGoOnWhenATaskFailsOrIsInterrupted() throws Exception {
        Logger log = Logger.getLogger(NumaWorkerPool.class.getName());
        log.setLevel(Level.OFF);
        try (WorkerPool pool = new NumaWorkerPool(settings(1, 16, false), null)) {
            CountDownLatch ran = new CountDownLatch(1);
            pool.execute(() -> {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("on purpose");
            });
            pool.execute(ran::countDown);
            ran.await();
            Map<String, Object> probe = pool.probe();
            assertEquals(1L, probe.get("failures"));
            assertEquals("workers-test-worker", pool.probeName());
        } finally {
            log.setLevel(null);
        }
    }

    @Test
    void shouldRunWhatWasAcceptedAndRefuseTheRestWhenClosed() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        WorkerPool pool = new NumaWorkerPool(settings(2, 1 << 12, false), null);
        int accepted = 0;
        for (int i = 0; i < 4000; i++) {
            accepted += pool.offer(ran::incrementAndGet) ? 1 : 0;
        }
        pool.close();
        pool.close();
        assertEquals(accepted, ran.get());
        assertFalse(pool.offer(NOTHING));
        assertThrows(RejectedExecutionException.class, () -> pool.execute(NOTHING));
        pool.configure(settings(4, 16, false));
        assertEquals(0, threads());
    }

    @Test
    void shouldRunOrRefuseEachTaskWhenClosedUnderLoad() throws Exception {
        for (int round = 0; round < 50; round++) {
            AtomicInteger ran = new AtomicInteger();
            AtomicInteger accepted = new AtomicInteger();
            WorkerPool pool = new NumaWorkerPool(settings(2, 64, false), null);
            CountDownLatch begun = new CountDownLatch(1);
            AtomicReference<Boolean> over = new AtomicReference<>(false);
            Thread offerer = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    if (pool.offer(ran::incrementAndGet)) {
                        accepted.incrementAndGet();
                    }
                    begun.countDown();
                }
            });
            begun.await();
            pool.close();
            over.set(true);
            offerer.join();
            assertEquals(accepted.get(), ran.get());
        }
    }
}
