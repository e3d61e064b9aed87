package io.hioload.control;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The counters of one writer thread, by name. Registering and reading are for any thread and for set-up time; the
 * {@link Counter} objects are what the hot path holds.
 */
public final class Counters {

    private final ConcurrentSkipListMap<String, Counter> byName = new ConcurrentSkipListMap<>();

    /** Makes an empty set. */
    public Counters() {
    }

    /**
     * Finds or makes a counter.
     *
     * @param name dot-separated lower case with the unit last, such as {@code nio.send.bytes}
     * @return the counter of that name, always the same one
     */
    public Counter counter(String name) {
        return byName.computeIfAbsent(name, Counter::new);
    }

    /**
     * Reads all counters.
     *
     * @return a new map in name order
     */
    public Map<String, Long> read() {
        Map<String, Long> values = new TreeMap<>();
        byName.forEach((name, counter) -> values.put(name, counter.get()));
        return values;
    }
}
