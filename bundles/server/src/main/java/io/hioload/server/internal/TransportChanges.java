package io.hioload.server.internal;

import io.hioload.reactor.TransportChange;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells what changes of a server's transport did: a log line for each, sums and the last one in a probe. Any thread. */
final class TransportChanges {

    private static final Logger LOG = System.getLogger(TransportChanges.class.getName());
    private static final long NS_PER_US = 1000;

    private final String server;
    // All guarded by this.
    private long changes;
    private long failures;
    private int underWay;
    private long moved;
    private long finished;
    private long closed;
    private long aborted;
    private long lost;
    private TransportChange last;
    private Instant lastEnded;

    TransportChanges(String server) {
        this.server = server;
    }

    synchronized void begun() {
        underWay++;
    }

    /** One is over: one of the two is {@code null}. */
    synchronized void ended(TransportChange change, Throwable failure) {
        underWay--;
        if (failure != null) {
            failures++;
            LOG.log(Level.WARNING, "server " + server + ": a change of transport failed: " + failure.getMessage());
            return;
        }
        changes++;
        moved += change.moved();
        finished += change.finished();
        closed += change.closed();
        aborted += change.aborted();
        lost += change.lost();
        last = change;
        lastEnded = Instant.now();
        LOG.log(Level.INFO, "server " + server + ": " + text(change));
    }

    private static String text(TransportChange change) {
        return "transport " + nameOf(change.from()) + " -> " + nameOf(change.to()) + ": connections " + change.moved() + " moved, "
                + change.finished() + " finished, " + change.closed() + " closed, " + change.aborted() + " reset, " + change.lost()
                + " lost; listeners " + change.listeners() + " moved, " + change.rebound() + " bound anew; switched in "
                + us(change.switchNs()) + ", done in " + us(change.durationNs()) + ", longest pause " + us(change.longestPauseNs());
    }

    private static String nameOf(String transport) {
        return transport.isEmpty() ? "none" : transport;
    }

    private static String us(long ns) {
        return ns / NS_PER_US + " us";
    }

    synchronized Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("changes", changes);
        state.put("failures", failures);
        state.put("underWay", underWay);
        state.put("moved", moved);
        state.put("finished", finished);
        state.put("closed", closed);
        state.put("aborted", aborted);
        state.put("lost", lost);
        if (last != null) {
            state.put("last", text(last));
            state.put("lastEnded", lastEnded.toString());
            state.put("lastSwitchUs", last.switchNs() / NS_PER_US);
            state.put("lastDurationUs", last.durationNs() / NS_PER_US);
            state.put("lastPauseUs", last.longestPauseNs() / NS_PER_US);
        }
        return state;
    }
}
