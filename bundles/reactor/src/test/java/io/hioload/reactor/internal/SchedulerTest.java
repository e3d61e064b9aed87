package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.concurrent.Cancelable;
import io.hioload.reactor.Reactor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SchedulerTest {

    @Test
    void shouldRunOnTheReactorInOrderOfDeadlinesAndNeverEarly() throws Exception {
        try (Rig rig = Rig.open()) {
            Reactor reactor = rig.reactor();
            List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
            AtomicInteger early = new AtomicInteger();
            CountDownLatch left = new CountDownLatch(6);
            for (int delayMs : new int[]{60, 5, 0, 40, 20, 90}) {
                long dueNs = System.nanoTime() + delayMs * 1_000_000L;
                reactor.schedule(() -> {
                    if (!reactor.inEventLoop() || System.nanoTime() < dueNs) {
                        early.incrementAndGet();
                    }
                    ran.add(delayMs);
                    left.countDown();
                }, delayMs * 1_000_000L);
            }
            assertTrue(left.await(10, TimeUnit.SECONDS));
            assertEquals(List.of(0, 5, 20, 40, 60, 90), ran);
            assertEquals(0, early.get());
            assertEquals(0, reactor.probe().get("timers"));
        }
    }

    @Test
    void shouldSleepUntilTheNextTimer() throws Exception {
        try (Rig rig = Rig.open()) {
            CountDownLatch ran = new CountDownLatch(1);
            long before = rig.count("turns");
            rig.reactor().schedule(ran::countDown, 300_000_000);
            assertTrue(ran.await(10, TimeUnit.SECONDS));
            assertTrue(rig.count("turns") - before < 20, "turns " + (rig.count("turns") - before));
        }
    }

    @Test
    void shouldNotRunWhatWasCancelled() throws Exception {
        try (Rig rig = Rig.open()) {
            Reactor reactor = rig.reactor();
            AtomicInteger ran = new AtomicInteger();
            Cancelable fromHere = reactor.schedule(ran::incrementAndGet, 30_000_000);
            assertTrue(fromHere.cancel());
            assertFalse(fromHere.cancel());
            Rig.on(reactor, () -> {
                Cancelable fromThere = reactor.schedule(ran::incrementAndGet, 30_000_000);
                assertEquals(1, reactor.probe().get("timers"));
                assertTrue(fromThere.cancel());
                assertEquals(0, reactor.probe().get("timers"));
                return null;
            });
            CountDownLatch later = new CountDownLatch(1);
            Cancelable done = reactor.schedule(later::countDown, 60_000_000);
            assertTrue(later.await(10, TimeUnit.SECONDS));
            assertFalse(done.cancel());
            assertEquals(0, ran.get());
            assertEquals(0, reactor.probe().get("timers"));
        }
    }

    @Test
    void shouldRejectAndCountWhenTheQueueIsFull() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.taskQueueSlots = 16;
        try (Rig rig = setup.open()) {
            CountDownLatch stuck = new CountDownLatch(1);
            CountDownLatch free = new CountDownLatch(1);
            rig.reactor().execute(() -> {
                stuck.countDown();
                try {
                    free.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertTrue(stuck.await(10, TimeUnit.SECONDS));
            CountDownLatch ran = new CountDownLatch(16);
            for (int i = 0; i < 16; i++) {
                rig.reactor().execute(ran::countDown);
            }
            assertThrows(RejectedExecutionException.class, () -> rig.reactor().execute(ran::countDown));
            assertThrows(RejectedExecutionException.class, () -> rig.reactor().schedule(ran::countDown, 1));
            free.countDown();
            assertTrue(ran.await(10, TimeUnit.SECONDS));
            rig.await(() -> rig.count("tasks.rejected") == 2);
        }
    }

    @Test
    void shouldRejectWhenStopped() throws Exception {
        Rig rig = Rig.open();
        Reactor reactor = rig.reactor();
        rig.close();
        assertThrows(RejectedExecutionException.class, () -> reactor.execute(() -> {
        }));
        assertThrows(RejectedExecutionException.class, () -> reactor.schedule(() -> {
        }, 1));
    }
}
