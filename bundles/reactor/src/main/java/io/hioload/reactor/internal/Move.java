package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import io.hioload.transport.TransportLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * One connection between two loops: off the one, with its unsent bytes, not on the other yet. What is sent meanwhile is kept
 * behind those bytes; a close waits. The thread of the reactor that has it: a move to another reactor is handed to that one
 * as a task. Owns the handle and the buffers.
 */
final class Move implements Runnable {

    private static final int FIRST_PIECES = 4;
    private static final long NO_ID = -1;

    private final ReactorConnection connection;
    private final long beganNs = System.nanoTime();
    private final EventLoop from;
    /** The reactor that it goes to; none when it stays on its own. */
    private EventLoop to;
    private long timeoutNs;
    private List<Piece> unsent;
    private List<Piece> late;
    private DetachedHandle handle;

    private record Piece(Buffer buffer, int offset, int length) {
    }

    Move(ReactorConnection connection, EventLoop to) {
        this.connection = connection;
        this.from = connection.loop();
        this.to = to;
    }

    boolean isToAnotherReactor() {
        return to != null;
    }

    ReactorConnection connection() {
        return connection;
    }

    private static List<Piece> add(List<Piece> pieces, Buffer buffer, int offset, int length) {
        List<Piece> all = pieces == null ? new ArrayList<>(FIRST_PIECES) : pieces;
        all.add(new Piece(buffer, offset, length));
        return all;
    }

    /** Bytes that the old loop has not sent. */
    void unsent(Buffer buffer, int offset, int length) {
        unsent = add(unsent, buffer, offset, length);
    }

    /** Bytes that were sent since. */
    void hold(Buffer buffer, int offset, int length) {
        late = add(late, buffer, offset, length);
    }

    void detached(DetachedHandle off) {
        handle = off;
    }

    boolean isDetached() {
        return handle != null;
    }

    /** On to the loop that serves, or, if that will not have it, back to where it was. */
    void arrive(EventLoop loop) {
        LoopTransports transports = loop.transports();
        LoopChange change = transports.changeOf(connection.place());
        int place = transports.placeFor(handle.kind());
        if (place < 0 || !adopt(loop, place)) {
            place = connection.place();
            if (!adopt(loop, place)) {
                lose(loop, change);
                return;
            }
        }
        if (place != connection.place()) {
            loop.connections().placed(connection, place);
            if (change != null) {
                change.moved(System.nanoTime() - beganNs);
            }
        }
        resume(loop);
    }

    /**
     * Leaves its reactor for the other one, unless it is closing or that one takes nothing: then it stays.
     */
    void depart() {
        if (connection.isReady()) {
            timeoutNs = from.connections().leave(connection);
            connection.settleIn(to, NO_ID);
            from.transports().departures().away().incrementAndGet();
            try {
                to.execute(this);
                from.count().movedOut.increment();
                return;
            } catch (RejectedExecutionException e) {
                from.transports().departures().away().decrementAndGet();
                from.connections().enter(connection, from, connection.place());
            }
        }
        to = null;
        arrive(from);
        from.connections().deadlineLeft(connection, timeoutNs);
        from.guard().moved(connection);
    }

    /** On the other reactor, or, when that one could not have it, on the first one again. */
    @Override
    public void run() {
        if (!goesBack()) {
            from.transports().departures().away().decrementAndGet();
        }
    }

    private boolean goesBack() {
        int place = to.transports().placeFor(handle.kind());
        if (place >= 0 && !to.tasks().isStopping()) {
            to.connections().enter(connection, to, place);
            if (adopt(to, place)) {
                to.connections().deadlineLeft(connection, timeoutNs);
                to.count().movedIn.increment();
                resume(to);
                to.guard().moved(connection);
                return false;
            }
            to.connections().leave(connection);
            connection.settleIn(to, NO_ID);
        }
        if (to != from) {
            EventLoop refused = to;
            to = from;
            connection.settleIn(from, NO_ID);
            try {
                from.execute(this);
                return true;
            } catch (RejectedExecutionException e) {
                to = refused;
            }
        }
        to.connections().enter(connection, to, to.transports().place());
        lose(to, null);
        return false;
    }

    private boolean adopt(EventLoop loop, int place) {
        TransportLoop at = loop.transports().loops()[place];
        int status = connection.has(ReactorConnection.PAUSED) ? at.adoptPaused(connection.id(), handle.value())
                : at.adopt(connection.id(), handle.value());
        return status == Status.OK;
    }

    private void lose(EventLoop loop, LoopChange change) {
        handle.dispose();
        drop();
        connection.clear(ReactorConnection.MOVING);
        loop.count().lost.increment();
        if (change != null) {
            change.lost();
        }
        connection.gone(Status.NO_RESOURCES);
    }

    /** What is unsent goes over, and a close that was asked for. */
    void resume(EventLoop loop) {
        TransportLoop to = connection.transport();
        connection.clear(ReactorConnection.MOVING);
        connection.held(bytes(unsent) + bytes(late));
        if (!connection.has(ReactorConnection.ABORTED)) {
            resend(loop, to, unsent);
            resend(loop, to, late);
        }
        drop();
        if (connection.has(ReactorConnection.CLOSING) && !connection.has(ReactorConnection.GONE)) {
            to.close(connection.id(), connection.has(ReactorConnection.ABORTED) ? CloseMode.ABORT : CloseMode.FLUSH);
        }
    }

    private void resend(EventLoop loop, TransportLoop to, List<Piece> pieces) {
        for (int i = 0; pieces != null && i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            int status = to.send(connection.id(), piece.buffer, piece.offset, piece.length);
            if (status == Status.OK) {
                pieces.set(i, null);
            } else if (status == Status.SENT) {
                connection.sent(piece.length);
            } else {
                loop.count().sendFailures.increment();
                connection.set(ReactorConnection.CLOSING | ReactorConnection.ABORTED);
                connection.clear(ReactorConnection.OPEN);
                return;
            }
        }
    }

    private static int bytes(List<Piece> pieces) {
        int sum = 0;
        for (int i = 0; pieces != null && i < pieces.size(); i++) {
            sum += pieces.get(i).length;
        }
        return sum;
    }

    /** Gives back what is still here. */
    void drop() {
        drop(unsent);
        drop(late);
        unsent = null;
        late = null;
    }

    private static void drop(List<Piece> pieces) {
        for (int i = 0; pieces != null && i < pieces.size(); i++) {
            if (pieces.get(i) != null) {
                pieces.get(i).buffer.release();
            }
        }
    }
}
