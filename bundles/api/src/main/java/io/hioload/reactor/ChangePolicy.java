package io.hioload.reactor;

/**
 * What becomes of live connections when the transport below them changes, or their reactor goes. Each step is for those that
 * the step before could not help.
 *
 * <p>A connection that this side is closing already, or that is still connecting, is never moved: it comes to its end where
 * it is, within {@code finishNs} and {@code closeNs}.
 *
 * @param live          the first step that is tried
 * @param finishNs      how long connections that stay where they are may go on until they are asked to end
 * @param closeJitterNs over how long the asking is spread, so that clients do not all come back at once
 * @param closeNs       how long a connection that was asked to end may take until it is reset
 */
public record ChangePolicy(Live live, long finishNs, long closeJitterNs, long closeNs) {

    /** Migrates; what cannot is given 30 s, then closed over 5 s with 5 s for each. */
    public static final ChangePolicy DEFAULT = new ChangePolicy(Live.MIGRATE, 30_000_000_000L, 5_000_000_000L, 5_000_000_000L);

    /** What is tried first. */
    public enum Live {
        /** They move and do not notice. Where handles cannot be exchanged, as {@link #FINISH}. */
        MIGRATE,
        /** They stay and may come to their own end for {@code finishNs}; then as {@link #CLOSE}. */
        FINISH,
        /** They are asked to end by {@link ConnectionHandler#onTransportGoing}. */
        CLOSE
    }

    /**
     * Checks the times.
     *
     * @throws IllegalArgumentException if one of them is negative
     */
    public ChangePolicy {
        if (finishNs < 0 || closeJitterNs < 0 || closeNs < 0) {
            throw new IllegalArgumentException("times must not be negative: " + finishNs + ", " + closeJitterNs + ", " + closeNs);
        }
    }
}
