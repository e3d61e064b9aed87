package io.hioload.reactor.internal;

import io.hioload.concurrent.Batch;
import io.hioload.concurrent.Ring;
import io.hioload.concurrent.Rings;
import io.hioload.concurrent.SleepFlag;
import io.hioload.transport.TransportLoop;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The tasks of one reactor: a bounded ring that any thread puts into and the reactor runs in the order of arrival, and
 * the wake-up that belongs to it. {@link #execute}, {@link #offer}, {@link #stop} and {@link #isStopping} are for any
 * thread, the rest for the reactor's.
 *
 * <p>Cost of a task: the ring's, one full fence, and a wake-up only when the reactor sleeps (see {@link SleepFlag}).
 *
 * <p>A task that was accepted is run, and one that is not run is rejected, also in the moment in which the reactor ends.
 * That is Dekker's pattern again: the reactor sets {@link #ended}, then takes what is in the ring; a producer stores into
 * the ring, then looks at the flag. Who finds it set takes its task back, unless the reactor was faster.
 */
final class TaskQueue {

    private static final System.Logger LOG = System.getLogger(TaskQueue.class.getName());

    private final Ring<Runnable> ring;
    private Batch<Runnable> batch;
    /** Takes the place of the batch between two turns. */
    private Batch<Runnable> nextBatch;
    private final SleepFlag sleep = new SleepFlag();
    private final LoopCounters count;
    /** Written by many; {@link LoopCounters#tasksRejected} follows it. */
    private final AtomicLong rejected = new AtomicLong();
    private final Object wakeLock = new Object();
    /** Guarded by the lock, so that nobody wakes a loop that is closed. */
    private TransportLoop wakes;
    private volatile boolean stopping;
    private volatile boolean ended;
    /** Taken out of the ring behind the end, until their producers fetch them. Guarded by itself. */
    private final List<Runnable> late = new ArrayList<>();

    TaskQueue(int slots, int tasksPerTurn, LoopCounters count) {
        this.ring = Rings.mpsc(slots);
        this.batch = new Batch<>(tasksPerTurn);
        this.count = count;
    }

    /** So many tasks run in one turn from the next one on. */
    void perTurn(int tasks) {
        if (tasks != batch.capacity()) {
            nextBatch = new Batch<>(tasks);
        }
    }

    /** What a wake-up wakes from now on; null for nothing. */
    void wakes(TransportLoop transport) {
        synchronized (wakeLock) {
            wakes = transport;
        }
    }

    void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (stopping) {
            throw rejected("the reactor is stopped");
        }
        if (!offer(task)) {
            throw rejected(ended ? "the reactor is stopped" : "the reactor's queue of " + ring.capacity() + " tasks is full");
        }
    }

    private RejectedExecutionException rejected(String why) {
        rejected.incrementAndGet();
        return new RejectedExecutionException(why);
    }

    /** Without an exception and a count: false if the ring is full or the reactor has ended. */
    boolean offer(Runnable task) {
        if (!ring.offer(task)) {
            return false;
        }
        wakeIfAsleep();
        // Behind the fence that the look at the sleep flag begins with.
        return !ended || !takeBack(task);
    }

    /** Behind the end: true if the task was still there, and then nobody runs it. */
    private boolean takeBack(Runnable task) {
        synchronized (late) {
            drainAll(late);
            for (int i = 0; i < late.size(); i++) {
                if (late.get(i) == task) {
                    late.remove(i);
                    return true;
                }
            }
            return false;
        }
    }

    /** The last call of the reactor: runs what was accepted; what is offered from now on is rejected. */
    void end() {
        List<Runnable> last = new ArrayList<>();
        synchronized (late) {
            ended = true;
            VarHandle.fullFence();
            drainAll(last);
        }
        for (Runnable task : last) {
            run(task, count);
        }
        count.tasks.add(last.size());
        countRejected();
    }

    private void drainAll(List<Runnable> into) {
        for (Runnable task = ring.poll(); task != null; task = ring.poll()) {
            into.add(task);
        }
    }

    private void countRejected() {
        long refused = rejected.get();
        if (refused != count.tasksRejected.get()) {
            count.tasksRejected.add(refused - count.tasksRejected.get());
        }
    }

    private void wakeIfAsleep() {
        if (sleep.takeWakeup()) {
            synchronized (wakeLock) {
                if (wakes != null) {
                    wakes.wakeup();
                }
            }
        }
    }

    /** Rejects from now on, and has the reactor find that out. */
    void stop() {
        stopping = true;
        wakeIfAsleep();
    }

    boolean isStopping() {
        return stopping;
    }

    /**
     * Before a blocking poll: from now on producers wake.
     *
     * @return false if there is something to do, and then the reactor counts as awake
     */
    boolean fallAsleep() {
        sleep.fallAsleep();
        if (ring.isEmpty() && !stopping) {
            return true;
        }
        sleep.awake();
        return false;
    }

    void awake() {
        sleep.awake();
    }

    /**
     * Runs what is there, up to a batch.
     *
     * @return how many tasks ran
     */
    int run() {
        countRejected();
        if (nextBatch != null) {
            batch = nextBatch;
            nextBatch = null;
        }
        int size = ring.drain(batch);
        if (size > 0) {
            try {
                for (int i = 0; i < size; i++) {
                    run(batch.get(i), count);
                }
            } finally {
                batch.clear();
            }
            count.tasks.add(size);
        }
        return size;
    }

    /** Runs one task; what it throws is counted and, at the 1st, 2nd, 4th … of them, logged. Throws nothing. */
    static void run(Runnable task, LoopCounters count) {
        try {
            task.run();
        } catch (Throwable t) {
            count.taskFailures.increment();
            FailureLog.log(LOG, System.Logger.Level.WARNING, count.taskFailures.get(),
                    () -> "task " + task.getClass().getName() + " failed", t);
        }
    }
}
