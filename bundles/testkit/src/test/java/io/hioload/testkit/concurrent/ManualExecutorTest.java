package io.hioload.testkit.concurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.concurrent.WorkerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ManualExecutorTest {

    private final List<String> ran = new ArrayList<>();

    private Runnable note(String what) {
        return () -> ran.add(what);
    }

    @Test
    void shouldRunTasksInOrderWhenTold() {
        ManualExecutor executor = new ManualExecutor();
        executor.execute(note("a"));
        executor.execute(() -> executor.execute(note("c")));
        executor.execute(note("b"));
        assertEquals(List.of(), ran);
        assertTrue(executor.runNext());
        assertEquals(List.of("a"), ran);
        assertEquals(3, executor.runAll());
        assertEquals(List.of("a", "b", "c"), ran);
        assertFalse(executor.runNext());
    }

    @Test
    void shouldRejectWhenFullOrTold() {
        ManualExecutor executor = new ManualExecutor(1);
        executor.execute(note("a"));
        assertThrows(RejectedExecutionException.class, () -> executor.execute(note("b")));
        executor.runAll();
        executor.rejecting(true);
        assertThrows(RejectedExecutionException.class, () -> executor.execute(note("c")));
        assertEquals(2, executor.rejected());
        executor.rejecting(false);
        executor.execute(note("d"));
        assertEquals(1, executor.waiting());
    }

    @Test
    void shouldDealTasksOutToTheNodesOfAPool() {
        try (ManualWorkerPool pool = new ManualWorkerPool(2, 2)) {
            assertArrayEquals(new int[]{0, 1}, pool.nodes());
            for (int i = 0; i < 3; i++) {
                assertTrue(pool.offer(note("any")));
            }
            assertEquals(2, pool.waiting(0));
            assertEquals(1, pool.waiting(1));
            assertThrows(RejectedExecutionException.class, () -> pool.node(0).execute(note("full")));
            pool.node(1).execute(note("there"));
            assertThrows(RejectedExecutionException.class, () -> pool.execute(note("full")));
            assertThrows(IllegalArgumentException.class, () -> pool.node(2));
            assertEquals(2, pool.refused());
            assertEquals(4, pool.runAll());
            pool.configure(new WorkerSettings("manual", 2, 1, false));
            pool.execute(note("last"));
        }
        assertEquals("last", ran.getLast());
    }

    @Test
    void shouldRefuseWhenPoolIsClosed() {
        ManualWorkerPool pool = new ManualWorkerPool(1, 8);
        pool.close();
        assertFalse(pool.offer(note("late")));
    }
}
