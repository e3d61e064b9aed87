package io.hioload.reactor;

/**
 * When connections move from a busy reactor to an idle one. A reactor's load is the part of a period in which it was at
 * work. Hysteresis: nothing moves while the busiest reactor has room, or while the difference is small; after a move the
 * reactors rest, and twice as long each time that a move did not bring the difference down.
 *
 * @param periodNs          how often loads are compared; 0 turns it off
 * @param busyPercent       only from a reactor with at least this load, from 1 to 100
 * @param differencePercent only to a reactor whose load is lower by at least this much, from 1 to 100
 * @param restPeriods       periods without a move after one
 */
public record RebalancePolicy(long periodNs, int busyPercent, int differencePercent, int restPeriods) {

    /** Nothing moves. */
    public static final RebalancePolicy OFF = new RebalancePolicy(0, 100, 100, 0);
    /** Looks each second; moves from 75 % on, for a difference of 40; rests for five seconds. */
    public static final RebalancePolicy DEFAULT = new RebalancePolicy(1_000_000_000L, 75, 40, 5);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    public RebalancePolicy {
        if (periodNs < 0 || busyPercent < 1 || busyPercent > 100 || differencePercent < 1 || differencePercent > 100 || restPeriods < 0) {
            throw new IllegalArgumentException("period " + periodNs + " ns, busy " + busyPercent + " %, difference " + differencePercent
                    + " %, rest " + restPeriods + " periods");
        }
    }
}
