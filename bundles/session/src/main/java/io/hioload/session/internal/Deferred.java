package io.hioload.session.internal;

import io.hioload.reactor.Reactor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Small tasks for the reactor that must not get lost when its queue is full, or that shall wait a moment: at most two for
 * each session. {@link #add} is for any thread. A rejected timer is made up for by the next input of any session here.
 */
final class Deferred implements Runnable {

    /** Long enough for queues to move, short against what a person notices. */
    static final long DELAY_NS = 10_000_000L;

    private final Reactor reactor;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean stranded;

    Deferred(Reactor reactor) {
        this.reactor = reactor;
    }

    void add(Runnable task) {
        tasks.add(task);
        if (scheduled.compareAndSet(false, true)) {
            try {
                reactor.schedule(this, DELAY_NS);
            } catch (RejectedExecutionException e) {
                scheduled.set(false);
                stranded = true;
            }
        }
    }

    /** Whether tasks wait that no timer will run. */
    boolean isStranded() {
        return stranded;
    }

    @Override
    public void run() {
        stranded = false;
        scheduled.set(false);
        // What a task defers again is for the next time.
        List<Runnable> due = new ArrayList<>();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            due.add(task);
        }
        due.forEach(Runnable::run);
    }
}
