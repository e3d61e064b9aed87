package io.hioload.bench.load;

import org.HdrHistogram.Histogram;

/** How latencies are kept: nanoseconds in three significant digits. */
final class Latencies {

    /** More counts as this. */
    static final long MAX_NS = 3_600_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;

    private Latencies() {
    }

    /** A histogram whose size is fixed, so that recording allocates nothing. */
    static Histogram newHistogram() {
        return new Histogram(MAX_NS, SIGNIFICANT_DIGITS);
    }
}
