package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.transport.Status;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;

/** The connections of one reactor that are between two loops, while it has them. The reactor's thread. */
final class Moves {

    private final EventLoop loop;
    private final Long2ObjectHashMap<Move> byId = new Long2ObjectHashMap<>();
    private final List<Move> ready = new ArrayList<>();
    private final List<Move> departing = new ArrayList<>();

    Moves(EventLoop loop) {
        this.loop = loop;
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /**
     * Takes a connection off its loop; it arrives when that has let go of it.
     *
     * @param to another reactor, or null for this one
     * @return false if the loop does not let it go
     */
    boolean begin(ReactorConnection connection, EventLoop to) {
        Move move = new Move(connection, to);
        byId.put(connection.id(), move);
        connection.set(ReactorConnection.MOVING);
        if (connection.transport().detach(connection.id()) != Status.OK) {
            byId.remove(connection.id());
            connection.clear(ReactorConnection.MOVING);
            return false;
        }
        arrive();
        return true;
    }

    /** An unsent buffer comes back; false if no connection of this id moves. */
    boolean unsent(long id, Buffer buffer, int offset, int length) {
        Move move = byId.get(id);
        if (move == null) {
            return false;
        }
        move.unsent(buffer, offset, length);
        return true;
    }

    /** A connection that moves sends. */
    void hold(ReactorConnection connection, Buffer buffer, int offset, int length) {
        byId.get(connection.id()).hold(buffer, offset, length);
    }

    /** The old loop has let go; false if no connection of this id moves. */
    boolean detached(long id, DetachedHandle handle) {
        Move move = byId.get(id);
        if (move == null) {
            return false;
        }
        move.detached(handle);
        (move.isToAnotherReactor() ? departing : ready).add(move);
        return true;
    }

    /** A connection ended before the old loop let go of it. */
    void gone(ReactorConnection connection) {
        Move move = byId.remove(connection.id());
        if (move != null) {
            departing.remove(move);
            move.drop();
        }
    }

    /** Brings those that have left their loop to the next one; not from within the old loop's call. */
    void arrive() {
        for (int i = 0; i < ready.size(); i++) {
            Move move = ready.get(i);
            byId.remove(move.connection().id());
            move.arrive(loop);
        }
        ready.clear();
    }

    /** Sends off those that go to other reactors; when nothing else in this turn knows of them. */
    void depart() {
        for (int i = 0; i < departing.size(); i++) {
            Move move = departing.get(i);
            if (!move.connection().has(ReactorConnection.LISTED)) {
                departing.remove(i--);
                byId.remove(move.connection().id());
                move.depart();
            }
        }
    }
}
