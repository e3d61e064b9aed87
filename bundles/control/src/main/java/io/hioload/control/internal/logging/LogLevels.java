package io.hioload.control.internal.logging;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The levels of loggers, by the beginning of their names, in the words of {@link System.Logger.Level}; {@code root} is the
 * beginning of all. Below it is java.util.logging, where {@code System.Logger} ends by default. Any thread.
 *
 * <p>Keeps the loggers that it has changed, because java.util.logging forgets a logger, and its level, when nobody else does.
 */
final class LogLevels {

    /** The name that stands for every logger. */
    static final String ROOT = "root";

    /** Guarded by this. */
    private final Map<String, Logger> changed = new HashMap<>();
    /** What the changed ones had before. Guarded by this. */
    private final Map<String, Level> before = new HashMap<>();
    /** What the handlers had before: they must let through what a logger is to tell. Guarded by this. */
    private final Map<Handler, Level> handlers = new HashMap<>();

    /** Sets these levels, and those that were set before and are not among them back to what they were. */
    synchronized void set(Map<String, System.Logger.Level> levels) {
        Map<String, Logger> gone = new HashMap<>(changed);
        gone.keySet().removeAll(levels.keySet());
        gone.forEach((name, logger) -> {
            logger.setLevel(before.remove(name));
            changed.remove(name);
        });
        levels.forEach(this::set);
        if (changed.isEmpty()) {
            handlers.forEach(Handler::setLevel);
            handlers.clear();
        }
    }

    /** Sets one level; the others stay. */
    synchronized void set(String name, System.Logger.Level level) {
        Logger logger = changed.computeIfAbsent(name, LogLevels::logger);
        if (!before.containsKey(name)) {
            before.put(name, logger.getLevel());
        }
        Level wanted = julLevel(level);
        logger.setLevel(wanted);
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler.getLevel().intValue() > wanted.intValue()) {
                handlers.putIfAbsent(handler, handler.getLevel());
                handler.setLevel(wanted);
            }
        }
    }

    /** The levels that were set. */
    synchronized Map<String, String> levels() {
        Map<String, String> levels = new TreeMap<>();
        changed.forEach((name, logger) -> levels.put(name, nameOf(logger.getLevel())));
        return levels;
    }

    private static Logger logger(String name) {
        return Logger.getLogger(name.equals(ROOT) ? "" : name);
    }

    /** As the JDK maps them, see {@link System.Logger.Level}. */
    private static Level julLevel(System.Logger.Level level) {
        return switch (level) {
            case ALL -> Level.ALL;
            case TRACE -> Level.FINER;
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARNING -> Level.WARNING;
            case ERROR -> Level.SEVERE;
            case OFF -> Level.OFF;
        };
    }

    private static String nameOf(Level level) {
        for (System.Logger.Level one : System.Logger.Level.values()) {
            if (julLevel(one).equals(level)) {
                return one.name();
            }
        }
        return String.valueOf(level);
    }
}
