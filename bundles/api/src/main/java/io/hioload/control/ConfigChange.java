package io.hioload.control;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One change of a configuration that was asked for, as the history tells it. Immutable.
 *
 * @param number   of the snapshot that it made; of one that was refused, the number of the snapshot that stayed in force, 0 if
 *                 there was none
 * @param when     it was asked for
 * @param source   who asked, such as a file name
 * @param keys     names of the keys that it changed, or would have changed, sorted
 * @param problems why it was refused: one sentence for each thing that is wrong; empty if it was accepted
 */
public record ConfigChange(long number, Instant when, String source, Set<String> keys, List<String> problems) {

    /** Copies the collections. */
    public ConfigChange {
        keys = Collections.unmodifiableSet(new LinkedHashSet<>(keys));
        problems = List.copyOf(problems);
    }

    /**
     * Whether it came into force.
     *
     * @return false if it was refused and changed nothing
     */
    public boolean accepted() {
        return problems.isEmpty();
    }
}
