package io.hioload.reactor.internal;

import io.hioload.concurrent.Cancelable;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.StagedHandler;
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
    /** Of an attempt that is over. */
    private static final Cancelable NOTHING = () -> false;

    private final EventLoop loop;
    private final Admission admission;
    private final HandlerGuard guard;
    private final LoopCounters count;
    private final ConnectionTable table = new ConnectionTable();
    private final DeadlineSweep deadlines;
    /** There is no more turn in which a handler could be told of a refused connect. */
    private boolean ended;

    LoopConnections(EventLoop loop, LoopSetup setup, HandlerGuard guard, LoopCounters count, long startNs) {
        this.loop = loop;
        this.admission = setup.admission();
        this.guard = guard;
        this.count = count;
        this.deadlines = new DeadlineSweep(startNs, table.capacity());
    }

    ReactorConnection find(long id) {
        return table.find(id);
    }

    /** A new connection in a slot of its own; it was admitted before. */
    private ReactorConnection register(ConnectionHandler handler, int flags, int place) {
        ReactorConnection connection = new ReactorConnection(loop, table.allot(), handler, flags);
        connection.place(place);
        loop.transports().came(place);
        deadlines.fit(table.capacity());
        table.put(connection);
        count.connections.increment();
        return connection;
    }

    /** It leaves for another reactor; its admission goes with it. What is left of its timeout, or -1. */
    long leave(ReactorConnection connection) {
        long leftNs = deadlines.leftNs((int) connection.id(), loop.nowNs());
        unregister(connection);
        return leftNs;
    }

    /** It came from another reactor, admission and all: it gets a number here. */
    void enter(ReactorConnection connection, EventLoop here, int place) {
        connection.settleIn(here, table.allot());
        connection.place(place);
        here.transports().came(place);
        deadlines.fit(table.capacity());
        table.put(connection);
        count.connections.increment();
    }

    void deadlineLeft(ReactorConnection connection, long leftNs) {
        if (leftNs >= 0) {
            deadline(connection, loop.nowNs(), leftNs);
        }
    }

    /** It is on another loop of this reactor now. */
    void placed(ReactorConnection connection, int place) {
        loop.transports().left(connection.place());
        loop.transports().came(place);
        connection.place(place);
    }

    /** Frees the slot; the admission stays with who has the connection now. */
    private void unregister(ReactorConnection connection) {
        deadlines.clear((int) connection.id());
        table.remove(connection);
        loop.transports().left(connection.place());
        count.connections.add(-1);
    }

    /** The connection is no more, unless it never was in the table. */
    void remove(ReactorConnection connection) {
        if (table.find(connection.id()) == connection) {
            LoopChange change = loop.transports().changeOf(connection.place());
            if (change != null) {
                change.ended(connection);
            }
            ReactorEnd end = loop.transports().departures().ending();
            if (end != null) {
                end.ended(connection);
            }
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
        ReactorConnection connection = register(acceptor.next(), ReactorConnection.OPEN | ReactorConnection.NEW,
                loop.transports().polled());
        loop.list(connection);
        return connection.id();
    }

    /** Opens a connection; its handler is told when the turn ends, or later. */
    Cancelable connect(SocketAddress remote, ConnectionHandler handler) {
        int flags = ReactorConnection.CONNECTING;
        if (ended) {
            count.refused.increment();
            throw new RejectedExecutionException("the reactor is stopped");
        }
        if (loop.tasks().isStopping() || !admission.tryEnter()) {
            count.refused.increment();
            new ReactorConnection(loop, NO_ID, handler, flags).gone(Status.REFUSED);
            return NOTHING;
        }
        ReactorConnection connection = register(handler, flags, loop.transports().place());
        int status = loop.transport().connect(connection.id(), remote);
        if (status < 0) {
            connection.gone(status);
            return NOTHING;
        }
        return new ConnectAttempt(loop, connection);
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

    /** The peer of a connection has said that it sends no more. */
    void endOfInput(long id, TurnList list) {
        ReactorConnection connection = table.find(id);
        if (connection == null) {
            count.staleEvents.increment();
            return;
        }
        if (connection.has(ReactorConnection.NEW) && connection.handler() instanceof HandOut handOut) {
            handOut.onEndOfInput(connection);
            return;
        }
        // A loop that has adopted the connection tells it again.
        if ((connection.isReady() || list.opened(connection)) && !connection.has(ReactorConnection.INPUT_ENDED)) {
            connection.set(ReactorConnection.INPUT_ENDED);
            guard.endOfInput(connection);
        }
    }

    /** A connection is no more for the transport. */
    void closed(long id, int reason) {
        ReactorConnection connection = table.find(id);
        if (connection == null || connection.has(ReactorConnection.GONE)) {
            count.staleEvents.increment();
            return;
        }
        connection.gone(reason);
    }

    /** A connection has left the transport, to be handed out. */
    void detached(long id, long handle) {
        ReactorConnection connection = table.find(id);
        DetachedHandle off = loop.transports().handle(connection == null ? loop.transports().polled() : connection.place(), handle);
        if (connection != null && connection.handler() instanceof HandOut handOut) {
            unregister(connection);
            connection.left();
            handOut.detached(loop, off);
        } else if (!loop.transports().moves().detached(id, off)) {
            count.staleEvents.increment();
            off.dispose();
        }
    }

    /**
     * Takes over a connection that another reactor accepted.
     *
     * @return the connection, or null when it cannot be had; then the handle is still the caller's
     */
    ReactorConnection adopt(DetachedHandle handle, ConnectionHandler handler) {
        int place = loop.transports().placeFor(handle.kind());
        if (place < 0 || loop.tasks().isStopping()) {
            return null;
        }
        ReactorConnection connection = register(handler, ReactorConnection.OPEN | ReactorConnection.NEW, place);
        if (connection.transport().adopt(connection.id(), handle.value()) != Status.OK) {
            unregister(connection);
            return null;
        }
        loop.list(connection);
        return connection;
    }

    /** Any thread: a detached connection is nobody's. */
    void discard(DetachedHandle handle) {
        handle.dispose();
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
                Connection top = connection.handler() instanceof StagedHandler staged ? staged.top() : null;
                visitor.accept(top == null ? connection : top);
            }
        }
    }

    /** The connection in a slot, or null. */
    ReactorConnection at(int slot) {
        return table.at(slot);
    }

    /** How many slots there is room for now. */
    int capacity() {
        return table.capacity();
    }

    /** Slots from here on were never in use. */
    int begun() {
        return table.begun();
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
