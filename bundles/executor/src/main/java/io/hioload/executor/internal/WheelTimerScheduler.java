package io.hioload.executor.internal;

import io.hioload.concurrent.Cancelable;
import io.hioload.concurrent.TimerScheduler;
import io.hioload.concurrent.TimerSettings;
import io.hioload.control.LogLimit;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Timers on one thread: {@link TimerSlots} brings them to it, its {@link TimerWheel} holds them. The thread sleeps until the
 * wheel's next tick; who starts a timer that is due earlier wakes it.
 *
 * <p>That is Dekker's pattern once more: the thread stores when it will wake and then looks for what was sent; who starts a
 * timer sends it and then looks when the thread wakes. All four are volatile, so one of the two sees the other.
 *
 * <p>Cost: starting is one read of the clock, one locked instruction for the count, one for the slot and one to send it;
 * cancelling two; and a wake-up only for a timer that is due before all others.
 */
final class WheelTimerScheduler implements TimerScheduler {

    /** A tick is 2^14 ns, about 16 microseconds. */
    private static final int TICK_SHIFT = 14;
    private static final long MAX_DELAY_NS = Long.MAX_VALUE >> 2;
    /** The thread does not sleep: no need to wake it. */
    private static final long AWAKE = -1;
    /** So many cancelled timers the thread fetches before its next tick, so that their slots come back. */
    private static final int CANCELLED_PER_WAKEUP = 1 << 12;
    private static final long CLOSE_MS = 5_000;

    private static final VarHandle WAKE_AT;

    static {
        try {
            WAKE_AT = MethodHandles.lookup().findVarHandle(WheelTimerScheduler.class, "wakeAtNs", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final TimerSlots slots = new TimerSlots();
    private final TimerWheel wheel = new TimerWheel();
    private final TimerWheel.Expiry fire = this::fire;
    private final long originNs = System.nanoTime();
    private final Thread thread;
    private final LogLimit failures = new LogLimit(System.getLogger(WheelTimerScheduler.class.getName()));
    /** Slots that are not free. */
    private final AtomicInteger taken = new AtomicInteger();
    /** Of these, the cancelled ones on their way back. */
    private final AtomicInteger cancelled = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final LongAdder cancels = new LongAdder();
    private volatile long wakeAtNs = AWAKE;
    private volatile int maxTimers;
    private volatile boolean closed;
    private volatile boolean started;
    // Written by the thread.
    private volatile long fired;
    private volatile long failed;
    private volatile long worstLateNs;

    WheelTimerScheduler(TimerSettings settings) {
        maxTimers = settings.maxTimers();
        thread = Thread.ofPlatform().name(settings.name()).daemon(true).unstarted(this::run);
    }

    private long nowNs() {
        return System.nanoTime() - originNs;
    }

    @Override
    public long start(Runnable task, long delayNs) {
        Objects.requireNonNull(task, "task");
        if (delayNs < 0) {
            throw new IllegalArgumentException("delayNs " + delayNs + ", must be 0 or more");
        }
        if (closed) {
            refused.increment();
            return REFUSED;
        }
        if (taken.getAndIncrement() >= maxTimers) {
            return refuse();
        }
        long deadlineNs = nowNs() + Math.min(delayNs, MAX_DELAY_NS);
        long timer = slots.open(task, deadlineNs);
        if (!started) {
            startThread();
        }
        wakeBefore(deadlineNs);
        return timer;
    }

    private long refuse() {
        taken.getAndDecrement();
        refused.increment();
        // What is cancelled may be all that is in the way.
        wakeBefore(Long.MIN_VALUE);
        return REFUSED;
    }

    private synchronized void startThread() {
        if (!started && !closed) {
            thread.start();
            started = true;
        }
    }

    private void wakeBefore(long deadlineNs) {
        long wakesAtNs = wakeAtNs;
        // When the swap fails the thread woke meanwhile, or was woken: then it looks for what was sent before it sleeps again.
        if (wakesAtNs != AWAKE && deadlineNs < wakesAtNs && WAKE_AT.compareAndSet(this, wakesAtNs, AWAKE)) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public boolean cancel(long timer) {
        if (!slots.cancel(timer)) {
            return false;
        }
        cancels.increment();
        if (cancelled.incrementAndGet() % CANCELLED_PER_WAKEUP == 0) {
            wakeBefore(Long.MIN_VALUE);
        }
        return true;
    }

    @Override
    public Cancelable schedule(Runnable task, long delayNs) {
        long timer = start(task, delayNs);
        if (timer == REFUSED) {
            throw new RejectedExecutionException(closed ? "the scheduler is closed" : "there are " + maxTimers + " timers already");
        }
        return () -> cancel(timer);
    }

    private void run() {
        while (!closed) {
            takeSent();
            wheel.advance(nowNs() >>> TICK_SHIFT, fire);
            // Else a task that was interrupted would keep this thread from sleeping.
            Thread.interrupted();
            long tick = wheel.nextTick();
            long untilNs = tick > Long.MAX_VALUE >> TICK_SHIFT ? Long.MAX_VALUE : tick << TICK_SHIFT;
            wakeAtNs = untilNs;
            if (!slots.hasSent() && !closed) {
                LockSupport.parkNanos(this, untilNs - nowNs());
            }
            wakeAtNs = AWAKE;
        }
    }

    private void takeSent() {
        for (int slot = slots.takeSent(); slot >= 0;) {
            int next = slots.next(slot);
            if (slots.accept(slot)) {
                // Rounded up: never early.
                wheel.link(slot, slots.deadlineNs(slot) + (1L << TICK_SHIFT) - 1 >>> TICK_SHIFT);
            } else {
                if (wheel.isLinked(slot)) {
                    wheel.unlink(slot);
                }
                slots.free(slot);
                cancelled.getAndDecrement();
                taken.getAndDecrement();
            }
            slot = next;
        }
    }

    private void fire(int slot) {
        long deadlineNs = slots.deadlineNs(slot);
        Runnable task = slots.fire(slot);
        if (task == null) {
            return;
        }
        taken.getAndDecrement();
        fired = fired + 1;
        worstLateNs = Math.max(worstLateNs, nowNs() - deadlineNs);
        try {
            task.run();
        } catch (Throwable e) {
            failed = failed + 1;
            failures.failed(task, "a timer's task", e);
        }
    }

    @Override
    public long resolutionNs() {
        return 1L << TICK_SHIFT;
    }

    @Override
    public int pending() {
        return Math.max(0, taken.get() - cancelled.get());
    }

    @Override
    public void maxTimers(int most) {
        maxTimers = new TimerSettings("", most).maxTimers();
    }

    @Override
    public String probeName() {
        return "timers";
    }

    @Override
    public Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("pending", pending());
        state.put("max", maxTimers);
        state.put("slots", slots.capacity());
        state.put("fired", fired);
        state.put("cancelled", cancels.sum());
        state.put("refused", refused.sum());
        state.put("failures", failed);
        state.put("resolutionNs", resolutionNs());
        state.put("worstLateNs", worstLateNs);
        state.put("closed", closed);
        return state;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        LockSupport.unpark(thread);
        if (!started || Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(CLOSE_MS);
            if (thread.isAlive()) {
                // A task that waits for something.
                thread.interrupt();
                thread.join(TimeUnit.SECONDS.toMillis(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
