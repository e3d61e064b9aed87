package io.hioload.testkit.memory;

/** What a loop sleeps on: changes of the network, and its own wake-up. Guarded by the network. */
final class MemoryWakeup {

    private final MemoryNetwork network;
    private boolean woken;

    MemoryWakeup(MemoryNetwork network) {
        this.network = network;
    }

    /** Any thread. */
    void wake() {
        synchronized (network) {
            woken = true;
            network.changed();
        }
    }

    /** Whether it was woken since the last call. The caller holds the network's lock. */
    boolean take() {
        boolean was = woken;
        woken = false;
        return was;
    }

    /**
     * Waits for a change.
     *
     * @param seen      how many changes are known
     * @param timeoutNs how long at the most, negative for ever
     * @param startNs   since when
     * @return false when the time is over, or the thread was interrupted
     */
    boolean await(int seen, long timeoutNs, long startNs) {
        synchronized (network) {
            while (network.changes() == seen && !woken) {
                long leftNs = timeoutNs < 0 ? Long.MAX_VALUE : timeoutNs - (System.nanoTime() - startNs);
                if (leftNs <= 0) {
                    return false;
                }
                try {
                    network.wait(timeoutNs < 0 ? 0 : leftNs / 1_000_000, timeoutNs < 0 ? 0 : (int) (leftNs % 1_000_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }
}
