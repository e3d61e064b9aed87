package io.hioload.bench.load;

import io.hioload.reactor.Reactor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The connections of one reactor and what they measure. The reactor's thread only, except the constructor. Owns the histogram
 * that is being written; {@link #swap} hands it over.
 */
final class LoadLoop {

    private final Reactor reactor;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final LoadFaults faults = new LoadFaults();
    private LoadSchedule schedule;
    private Histogram latencies = Latencies.newHistogram();
    private long echoes;
    private boolean ending;
    private LoadConnection clockOf;
    private long clockTurnNs;
    private long clockNs;

    LoadLoop(Reactor reactor) {
        this.reactor = reactor;
    }

    Reactor reactor() {
        return reactor;
    }

    void add(LoadConnection connection) {
        connections.add(connection);
    }

    void closed(LoadConnection connection, int code, String reason) {
        if (!ending) {
            faults.closed++;
            if (faults.firstClose == null) {
                faults.firstClose = "connection " + connection.index() + " was closed with " + code
                        + (reason.isEmpty() ? "" : " " + reason);
            }
        }
    }

    LoadSchedule schedule() {
        return schedule;
    }

    LoadFaults faults() {
        return faults;
    }

    /** Begins to send. */
    void start(LoadSchedule given) {
        schedule = given;
        if (given.isOpenLoop()) {
            connections.sort(Comparator.comparingInt(LoadConnection::index));
            new Pacer(reactor, given, connections.toArray(LoadConnection[]::new)).run();
        } else {
            long nowNs = System.nanoTime();
            for (LoadConnection connection : connections) {
                connection.fill(nowNs);
            }
        }
    }

    /**
     * When an echo of a connection arrived. Echoes that come one after another to one connection in one turn of the reactor came
     * with one read of its socket, so they share one look at the clock, which is a tenth of what such an echo costs.
     */
    long echoTimeNs(LoadConnection connection) {
        long turnNs = reactor.nowNs();
        if (connection != clockOf || turnNs != clockTurnNs) {
            clockOf = connection;
            clockTurnNs = turnNs;
            clockNs = System.nanoTime();
        }
        return clockNs;
    }

    void echoed(long latencyNs, boolean measured) {
        echoes++;
        if (measured) {
            latencies.recordValue(Math.clamp(latencyNs, 0, Latencies.MAX_NS));
        }
    }

    /** Since the start, measured or not. */
    long echoes() {
        return echoes;
    }

    /** Gives what was measured since the last call, and goes on with an empty histogram. */
    LoadInterval swap(Histogram empty) {
        Histogram full = latencies;
        latencies = empty;
        return new LoadInterval(full, echoes, outstanding(), openConnections(), faults.copy());
    }

    private long outstanding() {
        if (schedule == null) {
            return 0;
        }
        long nowNs = System.nanoTime();
        long sum = 0;
        for (LoadConnection connection : connections) {
            sum += connection.isOpen() ? connection.outstanding(schedule, nowNs) : 0;
        }
        return sum;
    }

    private int openConnections() {
        int open = 0;
        for (LoadConnection connection : connections) {
            open += connection.isOpen() ? 1 : 0;
        }
        return open;
    }

    /** From now on it is no fault when a connection ends. */
    void end() {
        ending = true;
    }
}
