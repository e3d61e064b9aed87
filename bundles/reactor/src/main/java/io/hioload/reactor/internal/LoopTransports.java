package io.hioload.reactor.internal;

import io.hioload.reactor.ChangePolicy;
import io.hioload.transport.Capability;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The transport loops of one reactor: the one that serves, and older ones with connections that have not moved or ended yet.
 * Each has a place, a small number that its connections carry in their flags, so that a change touches none of them. The
 * reactor's thread only, except {@link #name} and {@link #provider}.
 *
 * <p>Cost without a change under way: one look at an empty list in each turn, and one array look-up in each call of a
 * connection to its transport. While there are older loops they are polled in each turn, and the one that serves does not
 * block for more than a millisecond.
 */
final class LoopTransports {

    /** Loops at the same time; a power of two. */
    static final int PLACES = 8;
    static final long SHORT_POLL_NS = 1_000_000;
    private static final int MOST_DRAINS = 64;
    private static final int DRAINED_EVENTS = 256;

    private final EventLoop loop;
    private final LoopHost host;
    private final RestingHandles resting;
    private final TransportLoop[] loops = new TransportLoop[PLACES];
    private final String[] kinds = new String[PLACES];
    private final boolean[] detachable = new boolean[PLACES];
    private final LongConsumer[] discards = new LongConsumer[PLACES];
    private final int[] connections = new int[PLACES];
    private final List<LoopChange> changes = new ArrayList<>();
    private final Moves moves;
    private final Departures departures;
    private volatile TransportProvider provider;
    private TransportProvider next;
    private TransportLoop prepared;
    private int place;
    private int polled;
    private boolean leaked;

    LoopTransports(EventLoop loop, RestingHandles resting) {
        this.loop = loop;
        this.host = new LoopHost(loop);
        this.resting = resting;
        this.moves = new Moves(loop);
        this.departures = new Departures(loop);
    }

    TransportLoop[] loops() {
        return loops;
    }

    Moves moves() {
        return moves;
    }

    Departures departures() {
        return departures;
    }

    /** Where new connections are. */
    int place() {
        return place;
    }

    /** Which loop is delivering. */
    int polled() {
        return polled;
    }

    /** What the serving loop came from, null at rest. Any thread. */
    TransportProvider provider() {
        return provider;
    }

    /** Any thread. */
    String name() {
        TransportProvider present = provider;
        return present == null ? "" : present.name();
    }

    /** The kernel may use the group's memory for ever. */
    void leaked() {
        leaked = true;
    }

    boolean isLeaked() {
        return leaked;
    }

    // ---- opening

    /** The first loop. */
    void begin(TransportProvider first) throws TransportException {
        prepare(first);
        put(place);
    }

    /**
     * Opens the next loop beside those that there are.
     *
     * @param from what opens it, null for a rest
     */
    void prepare(TransportProvider from) throws TransportException {
        forget();
        if (freePlace() < 0) {
            throw new IllegalStateException(
                    "reactor " + loop.index() + " still has connections on " + changes.size() + " older transports");
        }
        prepared = from == null ? new RestingLoop(loop, kinds[place] == null ? null : resting.closer(kinds[place])) : from.open(host);
        next = from;
    }

    /** Closes what was prepared and is not wanted after all. */
    void forget() {
        if (prepared != null) {
            prepared.close();
            prepared = null;
            next = null;
        }
    }

    private int freePlace() {
        for (int free = 0; free < PLACES; free++) {
            if (loops[free] == null) {
                return free;
            }
        }
        return -1;
    }

    private void put(int at) {
        String kind = next != null ? next.handleKind() : kinds[place] == null ? "" : kinds[place];
        loops[at] = prepared;
        kinds[at] = kind;
        detachable[at] = next == null || (next.capabilities() & Capability.DETACH) != 0;
        discards[at] = next != null ? next::discard : resting.closer(kind);
        place = at;
        polled = at;
        provider = next;
        loop.serveBy(prepared, next == null || (next.capabilities() & Capability.BLOCKING_POLL) != 0);
        prepared = null;
        next = null;
    }

    // ---- changing

    /** From now on the prepared loop serves; the one before is on its way out. */
    LoopChange change(ChangePolicy policy) {
        int before = place;
        boolean wasResting = provider == null;
        put(freePlace());
        boolean exchangeable = discards[place] != null && kinds[before].equals(kinds[place]);
        boolean migrates = exchangeable && detachable[before] && detachable[place]
                && (wasResting || policy.live() == ChangePolicy.Live.MIGRATE);
        LoopChange change = new LoopChange(loop, before, policy, exchangeable, migrates, wasResting);
        changes.add(change);
        change.begin();
        return change;
    }

    /** What the older loops still have. Any thread; as exact as a reading of moving things can be. */
    List<String> progress() {
        List<String> lines = new ArrayList<>();
        for (LoopChange change : changes.toArray(new LoopChange[0])) {
            if (change != null) {
                lines.add(change.progress());
            }
        }
        return lines;
    }

    boolean isActive() {
        return !changes.isEmpty() || !moves.isEmpty() || departures.isActive();
    }

    /** How long the serving loop may block. */
    long idleNs() {
        if (!moves.isEmpty()) {
            return 0;
        }
        long idleNs = departures.idleNs();
        for (int i = 0; i < changes.size(); i++) {
            idleNs = Math.min(idleNs, changes.get(i).hasWork() ? 0 : SHORT_POLL_NS);
        }
        return idleNs;
    }

    /** Lets the older loops deliver. */
    int poll(int limit) {
        int delivered = 0;
        for (int i = 0; i < changes.size(); i++) {
            LoopChange change = changes.get(i);
            polled = change.place();
            try {
                delivered += loops[polled].poll(limit, 0);
            } catch (Throwable t) {
                change.broken(t);
            } finally {
                polled = place;
            }
        }
        moves.arrive();
        return delivered;
    }

    /** Lets a loop deliver what waits there now. */
    void drain(int at) {
        polled = at;
        try {
            for (int polls = 0; polls < MOST_DRAINS && loops[at].poll(DRAINED_EVENTS, 0) > 0;) {
                polls++;
            }
        } finally {
            polled = place;
        }
    }

    /** Once a turn, after the connections were looked at. */
    void step(long nowNs) {
        for (int i = 0; i < changes.size(); i++) {
            LoopChange change = changes.get(i);
            try {
                change.step(nowNs);
                if (!change.isOver()) {
                    loops[change.place()].flush();
                }
            } catch (Throwable t) {
                change.broken(t);
            }
            if (change.isOver()) {
                changes.remove(i--);
                vacate(change.place());
            }
        }
        departures.step(nowNs);
        moves.arrive();
        moves.depart();
    }

    private void vacate(int at) {
        loops[at] = null;
        kinds[at] = null;
        discards[at] = null;
    }

    // ---- connections and handles

    void came(int at) {
        connections[at]++;
    }

    void left(int at) {
        connections[at]--;
    }

    int connections(int at) {
        return connections[at];
    }

    DetachedHandle handle(int at, long value) {
        return new DetachedHandle(value, kinds[at], discards[at]);
    }

    /** Where a handle of a kind can be adopted, the serving loop first; -1 for nowhere. */
    int placeFor(String kind) {
        if (discards[place] != null && kinds[place].equals(kind)) {
            return place;
        }
        for (int i = 0; i < changes.size(); i++) {
            if (discards[changes.get(i).place()] != null && kinds[changes.get(i).place()].equals(kind)) {
                return changes.get(i).place();
            }
        }
        return -1;
    }

    boolean isDetachable(int at) {
        return detachable[at];
    }

    /** The change that empties a place, or null if it serves. */
    LoopChange changeOf(int at) {
        for (int i = 0; i < changes.size(); i++) {
            if (changes.get(i).place() == at) {
                return changes.get(i);
            }
        }
        return null;
    }

    // ---- the end

    /** What the kernel may still touch. */
    int inFlight() {
        int sum = 0;
        for (TransportLoop each : loops) {
            sum += each == null ? 0 : each.inFlight();
        }
        return sum;
    }

    /** Polls and flushes all of them, without a step of a change. */
    void pollAll(int limit, long timeoutNs) {
        poll(limit);
        loops[place].poll(limit, changes.isEmpty() ? timeoutNs : 0);
    }

    void flushAll() {
        for (TransportLoop each : loops) {
            if (each != null) {
                each.flush();
            }
        }
    }

    /** Closes all of them; nothing is in flight. */
    void close() {
        forget();
        for (int at = 0; at < PLACES; at++) {
            if (loops[at] != null) {
                loops[at].close();
            }
        }
        changes.forEach(LoopChange::over);
        changes.clear();
    }
}
