package io.hioload.reactor.internal;

import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The connections of one reactor with their timeouts: how they come, where they are, how they go. Its thread only,
 * except {@link #unsentBytes} and {@link #discard}.
 */
final class LoopConnections implements DeadlineSweep.Expiry {

    /** Of a connection that never gets a slot: the table finds nothing by it. */
    private static final long NO_ID = -1;

    private final EventLoop loop;
    private final LoopSetup setup;
    private final Admission admission;
    private final HandlerGuard guard;
    private final LoopCounters count;
    private final ConnectionTable table = new ConnectionTable();
    private final DeadlineSweep deadlines;
    /** There is no more turn in which a handler could be told of a refused connect. */
    private boolean ended;

    LoopConnections(EventLoop loop, LoopSetup setup, HandlerGuard guard, LoopCounters count, long startNs) {
        this.loop = loop;
        this.setup = setup;
        this.admission = setup.admission();
        this.guard = guard;
        this.count = count;
        this.deadlines = new DeadlineSweep(startNs, table.capacity());
    }

    ReactorConnection find(long id) {
        return table.find(id);
    }

    /** A new connection in a slot of its own; it was admitted before. */
    private ReactorConnection register(ConnectionHandler handler, int flags) {
        ReactorConnection connection = new ReactorConnection(loop, table.allot(), handler, flags);
        deadlines.fit(table.capacity());
        table.put(connection);
        count.connections.increment();
        return connection;
    }

    /** Frees the slot; the admission stays with who has the connection now. */
    private void unregister(ReactorConnection connection) {
        deadlines.clear((int) connection.id());
        table.remove(connection);
        count.connections.add(-1);
    }

    /** The connection is no more, unless it never was in the table. */
    void remove(ReactorConnection connection) {
        if (table.find(connection.id()) == connection) {
            unregister(connection);
            admission.leave();
        }
    }

    /**
     * Admits a connection that the transport accepted.
     *
     * @param acceptor of the listening socket, or null if it was closed meanwhile
     * @return the connection's id, or REFUSED
     */
    long accept(Acceptor acceptor) {
        if (acceptor == null || loop.tasks().isStopping() || !admission.tryEnter()) {
            count.refused.increment();
            return Status.REFUSED;
        }
        count.accepted.increment();
        ReactorConnection connection = register(acceptor.next(), ReactorConnection.OPEN | ReactorConnection.NEW);
        loop.list(connection);
        return connection.id();
    }

    /** Opens a connection; its handler is told when the turn ends, or later. */
    void connect(SocketAddress remote, ConnectionHandler handler) {
        int flags = ReactorConnection.CONNECTING;
        if (ended) {
            count.refused.increment();
            throw new RejectedExecutionException("the reactor is stopped");
        }
        if (loop.tasks().isStopping() || !admission.tryEnter()) {
            count.refused.increment();
            new ReactorConnection(loop, NO_ID, handler, flags).gone(Status.REFUSED);
            return;
        }
        ReactorConnection connection = register(handler, flags);
        int status = loop.transport().connect(connection.id(), remote);
        if (status < 0) {
            connection.gone(status);
        }
    }

    /** The transport has done, or failed at, what {@link #connect} asked for. */
    void connected(long id, int status) {
        ReactorConnection connection = table.find(id);
        if (connection == null || !connection.has(ReactorConnection.CONNECTING) || connection.has(ReactorConnection.NEW)) {
            count.staleEvents.increment();
        } else if (status != Status.OK) {
            connection.gone(status);
        } else if (!connection.has(ReactorConnection.CLOSING)) {
            count.connected.increment();
            connection.set(ReactorConnection.OPEN | ReactorConnection.NEW);
            loop.list(connection);
        }
    }

    /** A connection has left the transport, to be handed out. */
    void detached(long id, long handle) {
        ReactorConnection connection = table.find(id);
        if (connection == null || !(connection.handler() instanceof HandOut handOut)) {
            count.staleEvents.increment();
            setup.transport().discard(handle);
            return;
        }
        unregister(connection);
        connection.left();
        handOut.detached(loop, handle);
    }

    /**
     * Takes over a connection that another reactor accepted.
     *
     * @return the connection, or null when it cannot be had; then the handle is still the caller's
     */
    ReactorConnection adopt(long handle, ConnectionHandler handler) {
        if (loop.tasks().isStopping()) {
            return null;
        }
        ReactorConnection connection = register(handler, ReactorConnection.OPEN | ReactorConnection.NEW);
        if (loop.transport().adopt(connection.id(), handle) != Status.OK) {
            unregister(connection);
            return null;
        }
        loop.list(connection);
        return connection;
    }

    /** Any thread: a detached connection is nobody's. */
    void discard(long handle) {
        setup.transport().discard(handle);
        admission.leave();
    }

    void deadline(ReactorConnection connection, long nowNs, long delayNs) {
        int slot = (int) connection.id();
        if (delayNs < 0) {
            deadlines.clear(slot);
        } else {
            deadlines.set(slot, nowNs, delayNs);
        }
    }

    /** So long the reactor itself was away, at one stretch. */
    void stalled(long stallNs) {
        deadlines.stalled(stallNs);
    }

    boolean isSweepDue(long nowNs) {
        return deadlines.isDue(nowNs);
    }

    int sweep(long nowNs) {
        return deadlines.sweep(nowNs, table.begun(), this);
    }

    long idleNs(long nowNs) {
        return deadlines.idleNs(nowNs);
    }

    @Override
    public void expired(int slot) {
        ReactorConnection connection = table.at(slot);
        if (connection == null || connection.has(ReactorConnection.GONE)) {
            return;
        }
        if (!connection.has(ReactorConnection.CLOSING)) {
            count.timeouts.increment();
            guard.timeout(connection);
        } else if (!connection.lingersOn()) {
            count.timeouts.increment();
            connection.close(CloseMode.ABORT);
        }
    }

    /** Those whose handlers have heard of them and that are not closing. */
    void forEach(Consumer<Connection> visitor) {
        for (int slot = 0; slot < table.begun(); slot++) {
            ReactorConnection connection = table.at(slot);
            if (connection != null && connection.isReady()) {
                visitor.accept(connection);
            }
        }
    }

    /** Resets everything, also what its handler has not heard of yet. */
    void abortAll() {
        for (int slot = 0; slot < table.begun(); slot++) {
            ReactorConnection connection = table.at(slot);
            if (connection != null) {
                connection.close(CloseMode.ABORT);
            }
        }
    }

    /** Lets go of what the transport did not let go of; there are no connections from now on. */
    void loseAll(int reason) {
        ended = true;
        for (int slot = 0; slot < table.begun(); slot++) {
            ReactorConnection connection = table.at(slot);
            if (connection != null && !connection.has(ReactorConnection.GONE)) {
                connection.gone(reason);
            }
        }
    }

    /** Any thread. */
    long unsentBytes() {
        return table.unsentBytes();
    }
}
