package io.hioload.reactor.internal;

import io.hioload.reactor.ChangePolicy;
import io.hioload.transport.CloseMode;

/**
 * Gets connections of one reactor away from something that goes: they are moved, a bounded number in each turn; those that
 * cannot move come to their own end, then are asked to end, then are reset. The reactor's thread.
 */
abstract class Emptying {

    /** So many moves begin in one turn at the most. */
    private static final int MOVES_PER_TURN = 64;
    /** So many slots are looked through in one turn at the most. */
    private static final int SLOTS_PER_TURN = 8192;
    /** Connections that could not move at first, such as those that were still connecting, are tried again. */
    private static final long RETRY_NS = 20_000_000L;

    /** Where it stands. */
    enum Phase {
        /** The first pass over the connections. */
        MOVING,
        /** Those that stayed come to their own end. */
        FINISHING,
        /** They are asked to end. */
        CLOSING,
        /** They are reset. */
        RESETTING,
        /** Nothing is left. */
        OVER
    }

    final EventLoop loop;
    final ChangePolicy policy;
    int finished;
    int closed;
    int aborted;

    private Phase phase = Phase.MOVING;
    private long phaseBeganNs = System.nanoTime();
    private long nextPassNs;
    private int cursor;
    private int passEnd;

    Emptying(EventLoop loop, ChangePolicy policy) {
        this.loop = loop;
        this.policy = policy;
    }

    /** Whether a connection has to go. */
    abstract boolean concerns(ReactorConnection connection);

    /** Begins to move a connection; false if it cannot move now. */
    abstract boolean move(ReactorConnection connection);

    /** Whether anything can move at all. */
    abstract boolean migrates();

    /** Whether moves are under way. */
    abstract boolean isMoving();

    /** How many connections have not gone. */
    abstract int left();

    /** What follows the first pass. */
    abstract Phase behindMoving();

    /** Looks whether it is over; called in each turn behind the first pass. */
    abstract void finishIfEmpty(long nowNs);

    Phase phase() {
        return phase;
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** Whether the next turn has something to do at once. */
    boolean hasWork() {
        return phase == Phase.MOVING || cursor < passEnd && phase != Phase.CLOSING;
    }

    void begin() {
        passEnd = loop.connections().begun();
    }

    void over() {
        phase = Phase.OVER;
    }

    void step(long nowNs) {
        switch (phase) {
            case MOVING -> stepMoving(nowNs);
            case FINISHING -> stepFinishing(nowNs);
            case CLOSING -> stepClosing(nowNs);
            case RESETTING -> reset();
            case OVER -> {
            }
        }
        if (phase != Phase.MOVING && phase != Phase.OVER) {
            finishIfEmpty(nowNs);
        }
    }

    private void enter(Phase next, long nowNs) {
        phase = next;
        phaseBeganNs = nowNs;
        cursor = 0;
        passEnd = next == Phase.CLOSING || next == Phase.RESETTING ? loop.connections().begun() : 0;
    }

    private void stepMoving(long nowNs) {
        if (migrates()) {
            pass();
        }
        if (!migrates() || cursor >= passEnd && !isMoving()) {
            enter(behindMoving(), nowNs);
            nextPassNs = nowNs + RETRY_NS;
        }
    }

    /** Begins to move what it finds, up to the bounds of a turn. */
    private void pass() {
        int end = Math.min(passEnd, cursor + SLOTS_PER_TURN);
        int begun = 0;
        while (cursor < end && begun < MOVES_PER_TURN) {
            ReactorConnection connection = loop.connections().at(cursor++);
            if (connection != null && concerns(connection) && connection.mayMigrate() && move(connection)) {
                begun++;
            }
        }
    }

    private void stepFinishing(long nowNs) {
        if (nowNs - phaseBeganNs >= policy.finishNs()) {
            enter(Phase.CLOSING, nowNs);
            return;
        }
        if (migrates() && left() > 0) {
            if (cursor < passEnd) {
                pass();
            } else if (nowNs - nextPassNs >= 0) {
                cursor = 0;
                passEnd = loop.connections().begun();
                nextPassNs = nowNs + RETRY_NS;
            }
        }
    }

    /** Asks those in a part of the table that grows with the time; all of them when the jitter is over. */
    private void stepClosing(long nowNs) {
        long sinceNs = nowNs - phaseBeganNs;
        int due = sinceNs >= policy.closeJitterNs() ? passEnd : (int) (passEnd * ((double) sinceNs / policy.closeJitterNs()));
        for (int end = Math.min(due, cursor + SLOTS_PER_TURN); cursor < end; cursor++) {
            ReactorConnection connection = loop.connections().at(cursor);
            if (connection != null && concerns(connection) && connection.isReady()) {
                connection.set(ReactorConnection.ASKED);
                loop.guard().transportGoing(connection);
            }
        }
        if (cursor >= passEnd && sinceNs >= policy.closeJitterNs() + policy.closeNs()) {
            enter(Phase.RESETTING, nowNs);
        }
    }

    private void reset() {
        for (int end = Math.min(passEnd, cursor + SLOTS_PER_TURN); cursor < end; cursor++) {
            ReactorConnection connection = loop.connections().at(cursor);
            if (connection != null && concerns(connection) && !connection.has(ReactorConnection.GONE | ReactorConnection.ABORTED)) {
                connection.clear(ReactorConnection.ASKED);
                connection.close(CloseMode.ABORT);
            }
        }
    }

    /** A connection that had stayed has ended. */
    void ended(ReactorConnection connection) {
        if (connection.has(ReactorConnection.ASKED)) {
            closed++;
        } else if (phase == Phase.RESETTING) {
            aborted++;
        } else {
            finished++;
        }
    }

    /** For people. */
    String progress() {
        return phase.name().toLowerCase(java.util.Locale.ROOT) + ", " + left() + " connections left";
    }
}
