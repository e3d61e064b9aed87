package io.hioload.reactor;

/**
 * How a reactor waits when a turn had nothing to do: it polls without blocking for a while, then polls and yields its
 * CPU for a while, then blocks in the transport until an event, a timer or a wake-up.
 *
 * @param spinNs  how long to spin
 * @param yieldNs how long to yield after that
 */
public record IdlePolicy(long spinNs, long yieldNs) {

    /** Never blocks for less than a millisecond of quiet: lowest latency, one CPU for each reactor. */
    public static final IdlePolicy LATENCY = new IdlePolicy(1_000_000, 1_000_000);
    /** Blocks at once: work that came meanwhile is found by the blocking poll itself. */
    public static final IdlePolicy BALANCED = new IdlePolicy(0, 0);
}
