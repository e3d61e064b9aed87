package io.hioload.reactor.internal;

import io.hioload.reactor.IdlePolicy;
import java.util.concurrent.locks.LockSupport;

/** Where one reactor stands between busy and asleep, as its {@link IdlePolicy} says. Its thread only. */
final class IdleWait {

    private final long spinNs;
    private final long quietNs;
    private final long gatherNs;
    private final boolean mayBlock;
    private long quietSinceNs;
    private boolean quiet;

    IdleWait(IdlePolicy policy, boolean mayBlock) {
        this.spinNs = policy.spinNs();
        this.quietNs = policy.spinNs() + policy.yieldNs();
        this.gatherNs = policy.gatherNs();
        this.mayBlock = mayBlock;
    }

    /**
     * Between the last event and blocking: sleeps if that is wanted. No wake-up ends it; it is short.
     *
     * @return true if it slept, so that there may be something to do now
     */
    boolean gather() {
        if (gatherNs == 0) {
            return false;
        }
        LockSupport.parkNanos(gatherNs);
        return true;
    }

    /** The turn had something to do. */
    void worked() {
        quiet = false;
    }

    /**
     * The next turn may have nothing to do: spins or yields once, unless it is time to block.
     *
     * @param nowNs the clock
     * @return true if the reactor may block now
     */
    boolean idle(long nowNs) {
        if (quietNs == 0 && mayBlock) {
            return true;
        }
        if (!quiet) {
            quiet = true;
            quietSinceNs = nowNs;
        }
        long forNs = nowNs - quietSinceNs;
        if (forNs >= quietNs && mayBlock) {
            return true;
        }
        if (forNs < spinNs) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
        return false;
    }
}
