package io.hioload.control;

import java.lang.System.Logger;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Keeps failures that repeat from filling the log: of each source the 1st, 2nd, 4th, 8th ... is logged with its stack
 * trace and its number, the others are not. Whoever uses this counts them all in a {@link Counter}.
 *
 * <p>Sources are told apart by their class, so there are never more of them than there are handlers in the code; classes of
 * a removed bundle are not held. Any thread; costs a lock, which is nothing beside the exception that led here. A logger
 * that throws is ignored: a failure to report must not become the caller's.
 */
public final class LogLimit {

    private final Logger logger;
    /** Guarded by itself. */
    private final Map<Class<?>, Long> failures = new WeakHashMap<>();

    /**
     * Makes a limit that has seen nothing.
     *
     * @param logger writes what is to be logged
     */
    public LogLimit(Logger logger) {
        this.logger = logger;
    }

    /**
     * Logs a failure as a warning, unless there were many of this source.
     *
     * @param source  what failed, such as a handler
     * @param what    what it was about, such as {@code the handler of /echo}
     * @param failure what was thrown
     */
    public void failed(Object source, String what, Throwable failure) {
        try {
            long number;
            synchronized (failures) {
                number = failures.merge(source.getClass(), 1L, Long::sum);
            }
            if (Long.bitCount(number) == 1) {
                String name = source.getClass().getName();
                logger.log(Logger.Level.WARNING, what + " failed (" + name + ", failure " + number + ")", failure);
            }
        } catch (Throwable ignored) {
            // Whatever logging throws: the caller is a reactor in the midst of its turn.
            return;
        }
    }
}
