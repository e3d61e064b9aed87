package io.hioload.session;

/** What becomes of a session whose peer takes less than it is sent, once its unsent bytes are at their limit. */
public enum SlowConsumer {
    /** The message that does not fit is dropped and counted; the session goes on. */
    DROP_NEWEST,
    /** The session is closed with 1008 "too slow", and counted. */
    CLOSE
}
