package io.hioload.testkit.concurrent;

import io.hioload.concurrent.Cancelable;
import io.hioload.concurrent.TimerScheduler;
import io.hioload.concurrent.TimerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * Timers on a clock that the test turns: {@link #advance} runs what is due, on the caller's thread, each at its own time and in
 * the order of time, timers that tasks start on the way included. Any thread may start and cancel.
 */
public final class ManualScheduler implements TimerScheduler {

    private record Due(long atNs, long timer) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atNs - other.atNs, 0);
            return byTime != 0 ? byTime : Long.compare(timer, other.timer);
        }
    }

    private final ManualClock clock;
    private final TreeMap<Due, Runnable> tasks = new TreeMap<>();
    private final Map<Long, Due> byTimer = new LinkedHashMap<>();
    private long lastTimer;
    private int maxTimers = TimerSettings.DEFAULT.maxTimers();
    private long refused;
    private boolean closed;

    /**
     * Makes a scheduler.
     *
     * @param clock its time
     */
    public ManualScheduler(ManualClock clock) {
        this.clock = clock;
    }

    /**
     * Turns the clock, and runs what is due on the way.
     *
     * @param ns nanoseconds
     * @return how many timers ran
     */
    public int advance(long ns) {
        long endNs = clock.nowNs() + ns;
        int ran = 0;
        for (Runnable task = nextUntil(endNs); task != null; task = nextUntil(endNs)) {
            task.run();
            ran++;
        }
        clock.advance(endNs - clock.nowNs());
        return ran;
    }

    private synchronized Runnable nextUntil(long endNs) {
        if (tasks.isEmpty() || tasks.firstKey().atNs - endNs > 0) {
            return null;
        }
        Map.Entry<Due, Runnable> first = tasks.pollFirstEntry();
        byTimer.remove(first.getKey().timer);
        clock.advance(Math.max(0, first.getKey().atNs - clock.nowNs()));
        return first.getValue();
    }

    /**
     * When the pending timers are due.
     *
     * @return nanoseconds from now, ascending
     */
    public synchronized List<Long> delaysNs() {
        List<Long> delays = new ArrayList<>();
        tasks.keySet().forEach(due -> delays.add(due.atNs - clock.nowNs()));
        return delays;
    }

    @Override
    public synchronized long start(Runnable task, long delayNs) {
        Objects.requireNonNull(task, "task");
        if (delayNs < 0) {
            throw new IllegalArgumentException("delayNs " + delayNs);
        }
        if (closed || tasks.size() >= maxTimers) {
            refused++;
            return REFUSED;
        }
        Due due = new Due(clock.nowNs() + Math.min(delayNs, Long.MAX_VALUE >> 2), ++lastTimer);
        tasks.put(due, task);
        byTimer.put(due.timer, due);
        return due.timer;
    }

    @Override
    public synchronized boolean cancel(long timer) {
        Due due = byTimer.remove(timer);
        return due != null && tasks.remove(due) != null;
    }

    @Override
    public Cancelable schedule(Runnable task, long delayNs) {
        long timer = start(task, delayNs);
        if (timer == REFUSED) {
            throw new RejectedExecutionException("closed, or too many timers");
        }
        return () -> cancel(timer);
    }

    @Override
    public long resolutionNs() {
        return 1;
    }

    @Override
    public synchronized int pending() {
        return tasks.size();
    }

    @Override
    public synchronized void maxTimers(int most) {
        maxTimers = new TimerSettings("", most).maxTimers();
    }

    @Override
    public String probeName() {
        return "timers";
    }

    @Override
    public synchronized Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("pending", tasks.size());
        state.put("refused", refused);
        return state;
    }

    @Override
    public synchronized void close() {
        closed = true;
        tasks.clear();
        byTimer.clear();
    }
}
