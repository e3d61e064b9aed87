package io.hioload.session;

/**
 * How sessions behave. Times count from the last byte that was received, so a peer that answers pings is never idle.
 *
 * @param idleTimeoutNs  a session that received nothing for so long is closed with 1001 "idle timeout"; 0 is never
 * @param pingIntervalNs a session that received nothing for so long is pinged, and again after each further interval; 0 is never
 * @param messageTimeoutNs a session whose peer has begun a message, or a frame, and has not completed it for so long is
 *                       closed with 1008, so that nobody makes it hold memory for ever; 0 is never
 * @param closeTimeoutNs how long to wait for the peer's part of a close handshake; 0 does not wait
 * @param maxUnsentBytes a message that would make more than this unsent is dropped, unless nothing is unsent before it
 * @param keepHeaders    whether {@code Session.request()} keeps its headers after {@code onOpen}; without them the sessions
 *                       of one path share one request object
 * @param slowConsumer   what becomes of a session at maxUnsentBytes
 */
public record SessionSettings(long idleTimeoutNs, long pingIntervalNs, long messageTimeoutNs, long closeTimeoutNs, int maxUnsentBytes,
        boolean keepHeaders, SlowConsumer slowConsumer) {

    /** Idle timeout when nothing is given: 120 s, two lost pings. */
    public static final long DEFAULT_IDLE_TIMEOUT_NS = 120_000_000_000L;
    /** Ping interval when nothing is given: 50 s, below the 60 s after which common proxies cut a quiet connection. */
    public static final long DEFAULT_PING_INTERVAL_NS = 50_000_000_000L;
    /** Message timeout when nothing is given: 60 s, in which 16 MiB come at 2.3 Mbit/s. */
    public static final long DEFAULT_MESSAGE_TIMEOUT_NS = 60_000_000_000L;
    /** Close timeout when nothing is given: 5 s. */
    public static final long DEFAULT_CLOSE_TIMEOUT_NS = 5_000_000_000L;
    /** Unsent bytes when nothing is given: 16 MiB. */
    public static final int DEFAULT_MAX_UNSENT_BYTES = 16 << 20;
    /** The longest time that can be given: 30 days. */
    public static final long MAX_TIME_NS = 30L * 24 * 3600 * 1_000_000_000L;

    /** The defaults. */
    public static final SessionSettings DEFAULT = new SessionSettings(DEFAULT_IDLE_TIMEOUT_NS, DEFAULT_PING_INTERVAL_NS,
            DEFAULT_MESSAGE_TIMEOUT_NS, DEFAULT_CLOSE_TIMEOUT_NS, DEFAULT_MAX_UNSENT_BYTES, false, SlowConsumer.DROP_NEWEST);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a time is not from 0 to {@link #MAX_TIME_NS} or maxUnsentBytes is below 1
     */
    public SessionSettings {
        checkTime("idleTimeoutNs", idleTimeoutNs);
        checkTime("pingIntervalNs", pingIntervalNs);
        checkTime("messageTimeoutNs", messageTimeoutNs);
        checkTime("closeTimeoutNs", closeTimeoutNs);
        if (maxUnsentBytes < 1) {
            throw new IllegalArgumentException("maxUnsentBytes is " + maxUnsentBytes + ", must be at least 1");
        }
    }

    /**
     * Settings that drop what a slow consumer does not take.
     *
     * @param idleTimeoutNs    as above
     * @param pingIntervalNs   as above
     * @param messageTimeoutNs as above
     * @param closeTimeoutNs   as above
     * @param maxUnsentBytes   as above
     * @param keepHeaders      as above
     * @throws IllegalArgumentException if a value is out of its range
     */
    public SessionSettings(long idleTimeoutNs, long pingIntervalNs, long messageTimeoutNs, long closeTimeoutNs, int maxUnsentBytes,
            boolean keepHeaders) {
        this(idleTimeoutNs, pingIntervalNs, messageTimeoutNs, closeTimeoutNs, maxUnsentBytes, keepHeaders, SlowConsumer.DROP_NEWEST);
    }

    /**
     * Settings with the default message timeout.
     *
     * @param idleTimeoutNs  as above
     * @param pingIntervalNs as above
     * @param closeTimeoutNs as above
     * @param maxUnsentBytes as above
     * @param keepHeaders    as above
     * @throws IllegalArgumentException if a value is out of its range
     */
    public SessionSettings(long idleTimeoutNs, long pingIntervalNs, long closeTimeoutNs, int maxUnsentBytes, boolean keepHeaders) {
        this(idleTimeoutNs, pingIntervalNs, DEFAULT_MESSAGE_TIMEOUT_NS, closeTimeoutNs, maxUnsentBytes, keepHeaders);
    }

    private static void checkTime(String name, long valueNs) {
        if (valueNs < 0 || valueNs > MAX_TIME_NS) {
            throw new IllegalArgumentException(name + " is " + valueNs + ", must be from 0 to " + MAX_TIME_NS);
        }
    }
}
