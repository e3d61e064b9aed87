package io.hioload.reactor.internal;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the connections of a whole group below its maximum. Any thread.
 *
 * <p>One count for the group, not a share for each reactor: SO_REUSEPORT spreads connections by a hash, never evenly, and
 * shares would refuse while there is still room next door. Cost: two locked instructions in the life of a connection.
 */
final class Admission {

    private volatile int max;
    private final AtomicInteger admitted = new AtomicInteger();

    Admission(int max) {
        this.max = max;
    }

    int max() {
        return max;
    }

    /** From now on; who is in stays. */
    void max(int connections) {
        max = connections;
    }

    /**
     * Admits one connection.
     *
     * @return false if there are as many as there may be
     */
    boolean tryEnter() {
        if (admitted.incrementAndGet() > max) {
            admitted.decrementAndGet();
            return false;
        }
        return true;
    }

    /** How many are admitted now. */
    int admitted() {
        return admitted.get();
    }

    /** One connection that was admitted is gone. */
    void leave() {
        admitted.decrementAndGet();
    }
}
