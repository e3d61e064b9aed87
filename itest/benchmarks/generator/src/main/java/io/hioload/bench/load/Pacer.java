package io.hioload.bench.load;

import io.hioload.reactor.Reactor;

/**
 * Sends the messages of an open loop when they are due. A task on the reactor that puts itself into the reactor's queue again,
 * so that it runs each turn and is late by one turn at the most; the reactor does not block meanwhile. Only a pause that is
 * much longer than a tick of the reactor's timers is left to one, which allocates it.
 */
final class Pacer implements Runnable {

    /** A timer of the reactor may be a millisecond late. */
    private static final long TIMER_SLACK_NS = 2_000_000;
    private static final long LONG_PAUSE_NS = 5_000_000;
    /** So many at a time; echoes want to be read between. */
    private static final int MAX_PER_TURN = 256;

    private final Reactor reactor;
    private final LoadSchedule schedule;
    private final LoadConnection[] connections;
    private int next;
    private long number;

    Pacer(Reactor reactor, LoadSchedule schedule, LoadConnection[] connections) {
        this.reactor = reactor;
        this.schedule = schedule;
        this.connections = connections;
    }

    @Override
    public void run() {
        long nowNs = System.nanoTime();
        long dueNs = dueNs();
        for (int i = 0; i < MAX_PER_TURN && dueNs - nowNs <= 0 && !schedule.isOver(dueNs); i++) {
            if (connections[next].isOpen()) {
                connections[next].due();
            }
            if (++next == connections.length) {
                next = 0;
                number++;
            }
            dueNs = dueNs();
        }
        if (schedule.isOver(dueNs)) {
            return;
        }
        if (dueNs - nowNs > LONG_PAUSE_NS) {
            reactor.schedule(this, dueNs - nowNs - TIMER_SLACK_NS);
        } else {
            reactor.execute(this);
        }
    }

    private long dueNs() {
        return schedule.dueNs(number, connections[next].index());
    }
}
