package io.hioload.reactor.internal;

import io.hioload.reactor.ReactorSettings;

/**
 * What one reactor runs by at present. The reactor's thread only. What its connections ask in every write is read from plain
 * fields.
 */
final class LoopSettings {

    private ReactorSettings present;
    private int highWaterBytes;
    private int lowWaterBytes;
    private long lingerNs;

    LoopSettings(ReactorSettings first) {
        take(first);
    }

    /** These are in force from now on. */
    void take(ReactorSettings changed) {
        present = changed;
        highWaterBytes = changed.highWaterBytes();
        lowWaterBytes = changed.lowWaterBytes();
        lingerNs = changed.lingerNs();
    }

    /** A loop opened from now on is tuned by these; what connections ask for stays. */
    void tuneBy(ReactorSettings changed) {
        present = changed;
    }

    ReactorSettings present() {
        return present;
    }

    int highWaterBytes() {
        return highWaterBytes;
    }

    int lowWaterBytes() {
        return lowWaterBytes;
    }

    long lingerNs() {
        return lingerNs;
    }
}
