package io.hioload.reactor.internal;

import java.util.Arrays;

/**
 * What is to run at the end of a turn. The reactor's thread only. Cost: two arrays, doubled when full, never given back.
 */
final class TurnEnd {

    private static final int FIRST_TASKS = 16;

    private final LoopCounters count;
    private Runnable[] waiting = new Runnable[FIRST_TASKS];
    private Runnable[] running = new Runnable[FIRST_TASKS];
    private int size;

    TurnEnd(LoopCounters count) {
        this.count = count;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Runnable task) {
        if (size == waiting.length) {
            waiting = Arrays.copyOf(waiting, size * 2);
        }
        waiting[size++] = task;
    }

    /** Runs what is there; what comes meanwhile waits for the next turn. */
    void run() {
        if (size == 0) {
            return;
        }
        Runnable[] now = waiting;
        int length = size;
        waiting = running;
        running = now;
        size = 0;
        for (int i = 0; i < length; i++) {
            Runnable task = now[i];
            now[i] = null;
            TaskQueue.run(task, count);
        }
    }
}
