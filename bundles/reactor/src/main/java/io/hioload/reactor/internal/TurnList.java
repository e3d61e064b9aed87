package io.hioload.reactor.internal;

import java.util.Arrays;

/**
 * The connections of one reactor that are to be looked at when the turn ends: new ones are opened, relief and the end are
 * told, corks are flushed. The reactor's thread only.
 *
 * <p>Each connection is on the list once at the most. A failure with one of them, whoever is to blame, costs the others
 * nothing. Cost: two arrays, doubled when full, never given back.
 */
final class TurnList {

    private static final int FIRST_LISTED = 64;
    /** What handlers list from within the look is looked at in the same turn, but not for ever. */
    private static final int ROUNDS = 4;

    private final LoopConnections connections;
    private final HandlerGuard guard;
    private final LoopCounters count;
    private ReactorConnection[] listed = new ReactorConnection[FIRST_LISTED];
    private ReactorConnection[] settling = new ReactorConnection[FIRST_LISTED];
    private int size;

    TurnList(LoopConnections connections, HandlerGuard guard, LoopCounters count) {
        this.connections = connections;
        this.guard = guard;
        this.count = count;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(ReactorConnection connection) {
        if (connection.has(ReactorConnection.LISTED)) {
            return;
        }
        connection.set(ReactorConnection.LISTED);
        if (size == listed.length) {
            listed = Arrays.copyOf(listed, size * 2);
        }
        listed[size++] = connection;
    }

    /**
     * Looks at the connections that were listed. Handlers called from here may list more; what is still listed after a
     * few rounds waits for the next turn, which does not block then.
     */
    void settle() {
        for (int round = 0; round < ROUNDS && size > 0; round++) {
            ReactorConnection[] now = listed;
            int length = size;
            listed = settling;
            settling = now;
            size = 0;
            for (int i = 0; i < length; i++) {
                ReactorConnection connection = now[i];
                now[i] = null;
                connection.clear(ReactorConnection.LISTED);
                try {
                    settle(connection);
                } catch (Throwable t) {
                    guard.loopFailed(connection, t);
                }
            }
        }
    }

    private void settle(ReactorConnection connection) {
        if (connection.has(ReactorConnection.GONE)) {
            end(connection);
            return;
        }
        opened(connection);
        if (connection.has(ReactorConnection.RELIEVED)) {
            connection.clear(ReactorConnection.RELIEVED);
            if (connection.isWritable()) {
                guard.writable(connection);
            }
        }
        connection.endOfTurn();
    }

    /** Tells the handler of a new connection, unless it is already closing; true if the connection is open then. */
    boolean opened(ReactorConnection connection) {
        if (connection.has(ReactorConnection.NEW) && connection.has(ReactorConnection.OPEN)) {
            connection.clear(ReactorConnection.NEW | ReactorConnection.CONNECTING);
            guard.open(connection);
        }
        return connection.isReady();
    }

    private void end(ReactorConnection connection) {
        if (connection.has(ReactorConnection.CONNECTING)) {
            guard.connectFailed(connection, connection.reason());
        } else {
            count.closed.increment();
            guard.closed(connection, connection.reason());
        }
        connections.remove(connection);
    }
}
