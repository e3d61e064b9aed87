package io.hioload.reactor.internal;

import java.util.function.Supplier;

/**
 * Logs failures that a reactor survives. Never throws: a logger, a handler of it or the failure's own message may be as
 * broken as what failed. Any thread.
 */
final class FailureLog {

    private FailureLog() {
    }

    /**
     * Logs the 1st, 2nd, 4th, 8th … failure of a kind: a peer that can provoke failures cannot fill a disk with them.
     *
     * @param log      where
     * @param level    how bad
     * @param failures how many of the kind there are now, this one included
     * @param what     failed
     * @param failure  what was thrown
     */
    static void log(System.Logger log, System.Logger.Level level, long failures, Supplier<String> what, Throwable failure) {
        if (Long.bitCount(failures) != 1) {
            return;
        }
        try {
            log.log(level, what, failure);
        } catch (Throwable unprintable) {
            try {
                log.log(level, "a failure of " + failure.getClass().getName() + " cannot be printed: " + unprintable.getClass().getName());
            } catch (Throwable hopeless) {
                // It is counted, which is all that is left to do.
            }
        }
    }
}
