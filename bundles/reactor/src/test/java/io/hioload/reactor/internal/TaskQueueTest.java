package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hioload.control.Counters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TaskQueueTest {

    private final LoopCounters count = new LoopCounters(new Counters());

    @Test
    void shouldRunWhatWasAcceptedAndRejectWhatComesBehindTheEnd() {
        TaskQueue queue = new TaskQueue(8, 8, count);
        AtomicInteger ran = new AtomicInteger();
        queue.execute(ran::incrementAndGet);
        queue.end();
        assertEquals(1, ran.get());
        assertThrows(RejectedExecutionException.class, () -> queue.execute(ran::incrementAndGet));
        assertFalse(queue.offer(ran::incrementAndGet));
        assertEquals(1, ran.get());
    }

    /** Producers race with the end again and again: each task is either run or rejected, never both, never neither. */
    @Test
    void shouldNeitherLoseNorRepeatATaskWhenTheReactorEnds() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            TaskQueue queue = new TaskQueue(64, 16, count);
            AtomicInteger ran = new AtomicInteger();
            AtomicInteger accepted = new AtomicInteger();
            CountDownLatch begin = new CountDownLatch(1);
            List<Thread> producers = new ArrayList<>();
            for (int p = 0; p < 2; p++) {
                producers.add(Thread.ofPlatform().start(() -> {
                    try {
                        begin.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    for (int i = 0; i < 50; i++) {
                        if (queue.offer(ran::incrementAndGet)) {
                            accepted.incrementAndGet();
                        }
                    }
                }));
            }
            begin.countDown();
            for (int i = 0; i < round % 10; i++) {
                queue.run();
            }
            queue.end();
            for (Thread producer : producers) {
                producer.join();
            }
            assertEquals(accepted.get(), ran.get(), "round " + round);
        }
    }
}
