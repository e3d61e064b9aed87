package io.hioload.session;

/**
 * What topics may cost.
 *
 * @param maxSubscriptions filters that one session may have; more are refused and counted
 * @param maxRetained      topics that may have a last value; each holds a pool buffer
 */
public record TopicSettings(int maxSubscriptions, int maxRetained) {

    /** Filters of a session when nothing is given. */
    public static final int DEFAULT_MAX_SUBSCRIPTIONS = 1_000;
    /** Last values when nothing is given. */
    public static final int DEFAULT_MAX_RETAINED = 10_000;
    /** The defaults. */
    public static final TopicSettings DEFAULT = new TopicSettings(DEFAULT_MAX_SUBSCRIPTIONS, DEFAULT_MAX_RETAINED);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is below 0
     */
    public TopicSettings {
        if (maxSubscriptions < 0 || maxRetained < 0) {
            throw new IllegalArgumentException("maxSubscriptions is " + maxSubscriptions + ", maxRetained is " + maxRetained
                    + "; must be at least 0");
        }
    }
}
