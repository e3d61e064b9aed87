package io.hioload.reactor.internal;

import io.hioload.concurrent.Batch;
import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The timers of one reactor on Agrona's timing wheel: 512 ticks of 2^20 ns, about a millisecond. The reactor's thread
 * only.
 *
 * <p>A lower bound of the earliest deadline is kept, so that a turn without a due timer costs one comparison, and ticks
 * in which nothing can expire are jumped over. After timers ran, the bound is found anew, by reading the wheel, when the
 * reactor wants to sleep; with very many timers it sleeps just a tick instead.
 */
final class LoopTimers {

    private static final int TICK_SHIFT = 20;
    private static final int TICKS_PER_WHEEL = 512;
    private static final int FIRST_TIMERS_PER_TICK = 4;
    /** Above this many, reading the wheel costs more than waking up each tick. */
    private static final int MANY_TIMERS = 4096;

    private final DeadlineTimerWheel wheel;
    private final Long2ObjectHashMap<LoopTimer> byId = new Long2ObjectHashMap<>();
    private Batch<LoopTimer> due;
    private final DeadlineTimerWheel.TimerHandler collect = this::collect;
    private final DeadlineTimerWheel.TimerConsumer findEarliest = this::findEarliest;
    private long earliestNs = Long.MAX_VALUE;
    private boolean earliestKnown = true;

    LoopTimers(long startNs, int timersPerTurn) {
        wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, startNs, 1L << TICK_SHIFT, TICKS_PER_WHEEL, FIRST_TIMERS_PER_TICK);
        due = new Batch<>(timersPerTurn);
    }

    /** So many timers run in one turn from now on; not to be called by a timer's task. */
    void perTurn(int timers) {
        if (timers != due.capacity() && due.isEmpty()) {
            due = new Batch<>(timers);
        }
    }

    void arm(LoopTimer timer) {
        timer.timerId = wheel.scheduleTimer(timer.deadlineNs);
        byId.put(timer.timerId, timer);
        earliestNs = Math.min(earliestNs, timer.deadlineNs);
    }

    void disarm(LoopTimer timer) {
        if (timer.timerId != LoopTimer.NOT_ARMED && byId.remove(timer.timerId) != null) {
            wheel.cancelTimer(timer.timerId);
            timer.timerId = LoopTimer.NOT_ARMED;
        }
    }

    int size() {
        return byId.size();
    }

    /**
     * Runs the timers whose time has come, outside of the wheel: a task may set and cancel timers.
     *
     * @param nowNs the clock
     * @param count failures are counted here
     * @return how many were due
     */
    int run(long nowNs, LoopCounters count) {
        if (nowNs < earliestNs) {
            return 0;
        }
        expire(nowNs);
        int size = due.size();
        try {
            for (int i = 0; i < size; i++) {
                Runnable task = due.get(i).take();
                if (task != null) {
                    TaskQueue.run(task, count);
                }
            }
        } finally {
            due.clear();
        }
        return size;
    }

    private void expire(long nowNs) {
        if (wheel.timerCount() == 0) {
            earliestNs = Long.MAX_VALUE;
            earliestKnown = true;
            return;
        }
        // Nothing expires before the bound, so the ticks up to it need no look.
        wheel.currentTickTime(earliestNs);
        earliestKnown = false;
        int limit = due.capacity();
        boolean behind = true;
        while (behind && due.size() < limit) {
            behind = wheel.currentTickTime() <= nowNs;
            wheel.poll(nowNs, collect, limit - due.size());
        }
        if (due.size() < limit) {
            // Up to the end of this tick others may be left in it; they count from now on.
            earliestNs = wheel.timerCount() == 0 ? Long.MAX_VALUE : nowNs;
            earliestKnown = wheel.timerCount() == 0;
        }
    }

    private boolean collect(TimeUnit unit, long nowNs, long timerId) {
        LoopTimer timer = byId.remove(timerId);
        timer.timerId = LoopTimer.NOT_ARMED;
        return due.add(timer);
    }

    /**
     * How long nothing here needs the reactor.
     *
     * @param nowNs the clock
     * @return nanoseconds, {@link Long#MAX_VALUE} without timers
     */
    long idleNs(long nowNs) {
        if (wheel.timerCount() == 0) {
            return Long.MAX_VALUE;
        }
        if (!earliestKnown) {
            if (wheel.timerCount() > MANY_TIMERS) {
                return 1L << TICK_SHIFT;
            }
            earliestNs = Long.MAX_VALUE;
            wheel.forEach(findEarliest);
            earliestKnown = true;
        }
        return Math.max(0, earliestNs - nowNs);
    }

    private void findEarliest(long deadlineNs, long timerId) {
        earliestNs = Math.min(earliestNs, deadlineNs);
    }
}
