package io.hioload.reactor;

/**
 * How a reactor waits when a poll found nothing to do: it polls without blocking for a while, then polls and yields its
 * CPU for a while, then, if it has just been busy, sleeps once so that more gathers, then blocks in the transport until an
 * event, a timer or a wake-up.
 *
 * @param spinNs   how long to spin
 * @param yieldNs  how long to yield after that
 * @param gatherNs how long to sleep between being busy and blocking: what arrives or is asked for meanwhile is late by up to
 *                 that, and handled in one turn, for one wake-up
 */
public record IdlePolicy(long spinNs, long yieldNs, long gatherNs) {

    /** Spins through the pauses of a steady load: lowest latency, for up to a CPU for each reactor that has connections. */
    public static final IdlePolicy LATENCY = new IdlePolicy(1_000_000, 0, 0);
    /** Blocks at once: work that came meanwhile is found by the blocking poll itself. */
    public static final IdlePolicy BALANCED = new IdlePolicy(0, 0, 0);
    /** Sleeps before it blocks: fewer wake-ups for each message, and still the throughput of the others under load. */
    public static final IdlePolicy EFFICIENT = new IdlePolicy(0, 0, 200_000);
}
