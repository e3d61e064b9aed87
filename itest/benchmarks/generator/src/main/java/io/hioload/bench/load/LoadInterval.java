package io.hioload.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What a loop tells of itself.
 *
 * @param latencies   measured since the last time
 * @param echoes      since the start, also those outside of the window
 * @param outstanding messages that have not come back
 * @param open        connections that are open
 * @param faults      since the start
 */
record LoadInterval(Histogram latencies, long echoes, long outstanding, int open, LoadFaults faults) {

    /** The same loops later: their state is the newer one, what they measured is the sum. */
    LoadInterval then(LoadInterval later) {
        later.latencies.add(latencies);
        return later;
    }

    /** With that of other loops at the same time. */
    LoadInterval plus(LoadInterval other) {
        latencies.add(other.latencies);
        LoadFaults both = faults.copy();
        both.add(other.faults);
        return new LoadInterval(latencies, echoes + other.echoes, outstanding + other.outstanding, open + other.open, both);
    }
}
