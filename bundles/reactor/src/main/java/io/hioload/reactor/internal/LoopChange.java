package io.hioload.reactor.internal;

import io.hioload.reactor.ChangePolicy;
import io.hioload.transport.Status;
import io.hioload.transport.TransportLoop;
import java.util.concurrent.CompletableFuture;

/**
 * One reactor's change from one transport loop to another: it empties the old loop and closes it. Listening sockets go first,
 * then connections. The reactor's thread; the counts may be read by any when {@link #done} has completed.
 */
final class LoopChange extends Emptying {

    /** How long the kernel may take to let go of a loop without connections. */
    private static final long LET_GO_NS = 2_000_000_000L;

    private static final System.Logger LOG = System.getLogger(LoopChange.class.getName());

    private final LoopTransports transports;
    private final TransportLoop old;
    private final int place;
    private final boolean exchangeable;
    private final boolean migrates;
    private final boolean wasResting;
    private final CompletableFuture<Void> switched = new CompletableFuture<>();
    private final CompletableFuture<LoopChange> done = new CompletableFuture<>();
    private long emptySinceNs = -1;

    int moved;
    int lost;
    int listeners;
    long longestPauseNs;

    /**
     * A change; the next loop serves already.
     *
     * @param loop         the reactor
     * @param place        of the old loop
     * @param policy       what becomes of connections
     * @param exchangeable the next loop can have the old one's handles
     * @param migrates     live connections too
     * @param wasResting   the old loop is one that nothing can end on
     */
    LoopChange(EventLoop loop, int place, ChangePolicy policy, boolean exchangeable, boolean migrates, boolean wasResting) {
        super(loop, policy);
        this.transports = loop.transports();
        this.old = transports.loops()[place];
        this.place = place;
        this.exchangeable = exchangeable;
        this.migrates = migrates;
        this.wasResting = wasResting;
    }

    int place() {
        return place;
    }

    /** Completes when everything that could move has moved. */
    CompletableFuture<Void> switched() {
        return switched;
    }

    /** Completes when the old loop is closed, or is lost. */
    CompletableFuture<LoopChange> done() {
        return done;
    }

    @Override
    void begin() {
        super.begin();
        loop.count().transportChanges.increment();
        moveListeners();
    }

    private void moveListeners() {
        if (exchangeable && loop.listeners().isAnyAt(place)) {
            listeners += loop.listeners().moveAll(place, transports.place());
        }
    }

    @Override
    void step(long nowNs) {
        moveListeners();
        super.step(nowNs);
    }

    @Override
    boolean concerns(ReactorConnection connection) {
        return connection.place() == place;
    }

    @Override
    boolean move(ReactorConnection connection) {
        return transports.moves().begin(connection, null);
    }

    @Override
    boolean migrates() {
        return migrates;
    }

    @Override
    boolean isMoving() {
        return !transports.moves().isEmpty();
    }

    @Override
    int left() {
        return transports.connections(place);
    }

    @Override
    Phase behindMoving() {
        switched.complete(null);
        return wasResting ? Phase.RESETTING : policy.live() == ChangePolicy.Live.CLOSE ? Phase.CLOSING : Phase.FINISHING;
    }

    @Override
    void finishIfEmpty(long nowNs) {
        if (phase() == Phase.RESETTING) {
            loop.listeners().closeAt(place);
        }
        if (left() > 0 || loop.listeners().isAnyAt(place)) {
            emptySinceNs = -1;
            return;
        }
        if (emptySinceNs < 0) {
            emptySinceNs = nowNs;
        }
        int inFlight = old.inFlight();
        if (inFlight == 0) {
            old.close();
            over();
        } else if (nowNs - emptySinceNs > LET_GO_NS) {
            LOG.log(System.Logger.Level.ERROR, () -> loop.probeName() + ": " + inFlight
                    + " operations of the transport before are still in flight; it and the group's memory are left as they are, for ever");
            transports.leaked();
            over();
        }
    }

    @Override
    void over() {
        super.over();
        switched.complete(null);
        done.complete(this);
    }

    /** The old loop has thrown: it is not to be trusted with memory any more. */
    void broken(Throwable t) {
        loop.count().loopFailures.increment();
        FailureLog.log(LOG, System.Logger.Level.ERROR, 1,
                () -> loop.probeName() + ": the transport before failed; its connections are lost", t);
        for (int slot = 0; slot < loop.connections().begun(); slot++) {
            ReactorConnection connection = loop.connections().at(slot);
            if (connection != null && concerns(connection) && !connection.has(ReactorConnection.GONE)) {
                lost++;
                connection.gone(Status.OS_ERROR);
            }
        }
        loop.listeners().loseAt(place);
        transports.leaked();
        over();
    }

    void moved(long pauseNs) {
        moved++;
        longestPauseNs = Math.max(longestPauseNs, pauseNs);
        loop.count().migrated.increment();
    }

    void lost() {
        lost++;
    }
}
