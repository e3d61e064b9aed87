package io.hioload.reactor.internal;

import io.hioload.reactor.ChangePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections of one reactor that go to others: some, because it is busy, or all, because it ends. A handler that does not
 * let its connection go at once is asked again in the next turns. The reactor's thread.
 */
final class Departures {

    private static final int MOST_WAITING = 256;
    private static final int MOST_ASKS = 200;

    private final EventLoop loop;
    private final List<Wait> waiting = new ArrayList<>();
    /** Connections that have left and are not on the other reactor yet; it counts down. */
    private final AtomicInteger away = new AtomicInteger();
    private ReactorEnd end;
    private EventLoop target;
    private int wanted;
    private int cursor;
    private int looked;

    /** A connection whose handler has said no. */
    private static final class Wait {
        final ReactorConnection connection;
        final EventLoop to;
        int asks;

        Wait(ReactorConnection connection, EventLoop to) {
            this.connection = connection;
            this.to = to;
        }
    }

    Departures(EventLoop loop) {
        this.loop = loop;
    }

    boolean isActive() {
        return wanted > 0 || end != null || !waiting.isEmpty();
    }

    long idleNs() {
        return wanted > 0 || !waiting.isEmpty() || end != null && end.hasWork() ? 0 : end != null ? LoopTransports.SHORT_POLL_NS
                : Long.MAX_VALUE;
    }

    AtomicInteger away() {
        return away;
    }

    boolean isAnyWaiting() {
        return !waiting.isEmpty();
    }

    /**
     * Sends some connections to another reactor, beginning where the last time ended.
     *
     * @param connections how many at the most
     * @param to          the other one
     */
    void shed(int connections, EventLoop to) {
        if (end == null) {
            target = to;
            wanted = connections;
            looked = 0;
        }
    }

    /**
     * Sends all of them away.
     *
     * @return completes when none is left
     */
    CompletableFuture<Void> end(EventLoop[] targets, ChangePolicy policy) {
        wanted = 0;
        end = new ReactorEnd(loop, policy, targets);
        end.begin();
        return end.done();
    }

    ReactorEnd ending() {
        return end;
    }

    void step(long nowNs) {
        askAgain();
        if (end != null) {
            end.step(nowNs);
            return;
        }
        int begun = loop.connections().begun();
        for (int slots = 0; wanted > 0 && slots < MOST_WAITING; slots++) {
            if (looked++ >= begun) {
                wanted = 0;
                return;
            }
            cursor = cursor >= begun - 1 ? 0 : cursor + 1;
            ReactorConnection connection = loop.connections().at(cursor);
            if (connection != null && connection.isReady() && connection.mayMigrate() && send(connection, target)) {
                wanted--;
            }
        }
    }

    /**
     * Sends one connection away, now or when its handler lets it.
     *
     * @return whether it goes now
     */
    boolean send(ReactorConnection connection, EventLoop to) {
        if (connection.has(ReactorConnection.WAITING) || waiting.size() >= MOST_WAITING
                || !loop.transports().isDetachable(connection.place())) {
            return false;
        }
        if (loop.guard().mayMove(connection, to)) {
            return depart(connection, to);
        }
        if (connection.isReady()) {
            connection.set(ReactorConnection.WAITING);
            waiting.add(new Wait(connection, to));
        }
        return false;
    }

    private boolean depart(ReactorConnection connection, EventLoop to) {
        connection.emptyCork();
        if (connection.isReady() && loop.transports().moves().begin(connection, to)) {
            return true;
        }
        if (connection.isReady()) {
            loop.guard().moved(connection);
        }
        return false;
    }

    private void askAgain() {
        for (int i = 0; i < waiting.size(); i++) {
            Wait wait = waiting.get(i);
            ReactorConnection connection = wait.connection;
            boolean gone = !connection.isReady() || connection.has(ReactorConnection.MOVING);
            boolean goes = !gone && loop.guard().mayMove(connection, wait.to);
            if (gone || goes || ++wait.asks == MOST_ASKS) {
                waiting.remove(i--);
                connection.clear(ReactorConnection.WAITING);
                if (goes) {
                    if (depart(connection, wait.to) && wanted > 0) {
                        wanted--;
                    }
                } else if (!gone) {
                    loop.guard().moved(connection);
                }
            }
        }
    }
}
