package io.hioload.reactor.internal;

import io.hioload.concurrent.Cancelable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A task that runs once, later. Whoever moves the state away from PENDING, by compare-and-swap, decides: the reactor
 * that runs it or the thread that calls it off. Any thread may cancel; the rest is the reactor's.
 */
final class LoopTimer implements Runnable, Cancelable {

    /** Not in the wheel. */
    static final long NOT_ARMED = -1;

    private static final int PENDING = 0;
    private static final int RUN = 1;
    private static final int CANCELLED = 2;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(LoopTimer.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final long deadlineNs;
    /** Its number in the wheel; the reactor's thread only. */
    long timerId = NOT_ARMED;

    private final EventLoop loop;
    private Runnable task;
    private int state;

    LoopTimer(EventLoop loop, Runnable task, long deadlineNs) {
        this.loop = loop;
        this.task = task;
        this.deadlineNs = deadlineNs;
    }

    /** Any thread: into the wheel, at once or with the next tasks. */
    LoopTimer begin() {
        if (loop.inEventLoop() && !loop.tasks().isStopping()) {
            loop.timers().arm(this);
        } else {
            loop.tasks().execute(this);
        }
        return this;
    }

    /** On the reactor: into the wheel, or out of it when it was called off. */
    @Override
    public void run() {
        if ((int) STATE.getAcquire(this) == PENDING) {
            loop.timers().arm(this);
        } else {
            loop.timers().disarm(this);
        }
    }

    /** On the reactor: its time has come. Returns what to run, or null if it was called off. */
    Runnable take() {
        if (!STATE.compareAndSet(this, PENDING, RUN)) {
            return null;
        }
        Runnable taken = task;
        task = null;
        return taken;
    }

    @Override
    public boolean cancel() {
        if (!STATE.compareAndSet(this, PENDING, CANCELLED)) {
            return false;
        }
        task = null;
        disarm();
        return true;
    }

    /** Out of the wheel, at once or with the next tasks. */
    private void disarm() {
        if (loop.inEventLoop()) {
            loop.timers().disarm(this);
        } else {
            loop.tasks().offer(this);
        }
    }
}
