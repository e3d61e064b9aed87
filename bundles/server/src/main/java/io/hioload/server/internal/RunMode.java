package io.hioload.server.internal;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSnapshot;
import io.hioload.reactor.IdlePolicy;
import java.util.Locale;

/**
 * What a server is tuned for. A mode gives the values of the keys that are left to it; each of them can be set by itself.
 * The figures behind the values are in the README.
 */
enum RunMode {

    /** Answers soonest: spins before it blocks, and lets the kernel poll the network device. */
    LATENCY(IdlePolicy.LATENCY, 50),
    /** Blocks as soon as nothing is to do. */
    BALANCED(IdlePolicy.BALANCED, 0),
    /** Uses the least CPU: lets work gather, then does it at once. */
    EFFICIENT(IdlePolicy.EFFICIENT, 0);

    /** The value of a key that is left to the mode. */
    static final int BY_MODE = -1;

    private static final long NS_PER_US = 1000;

    private final IdlePolicy idle;
    private final int busyPollUs;

    RunMode(IdlePolicy idle, int busyPollUs) {
        this.idle = idle;
        this.busyPollUs = busyPollUs;
    }

    /** As it is written in a configuration. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RunMode of(ConfigSnapshot config) {
        return valueOf(config.text(ServerSchema.MODE).toUpperCase(Locale.ROOT));
    }

    /** How reactors wait, by the mode and the keys that override it. */
    static IdlePolicy idle(ConfigSnapshot config) {
        IdlePolicy mode = of(config).idle;
        return new IdlePolicy(ns(config, ServerSchema.IDLE_SPIN, mode.spinNs()), ns(config, ServerSchema.IDLE_YIELD, mode.yieldNs()),
                ns(config, ServerSchema.IDLE_GATHER, mode.gatherNs()));
    }

    private static long ns(ConfigSnapshot config, ConfigKey microseconds, long byModeNs) {
        long set = config.number(microseconds);
        return set == BY_MODE ? byModeNs : set * NS_PER_US;
    }

    /** How long waits poll the device, by the mode and the key that overrides it. */
    static int busyPollUs(ConfigSnapshot config) {
        int set = (int) config.number(ServerSchema.BUSY_POLL);
        return set == BY_MODE ? of(config).busyPollUs : set;
    }
}
