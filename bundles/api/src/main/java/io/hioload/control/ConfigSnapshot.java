package io.hioload.control;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One whole, checked, numbered configuration. Immutable: a change makes another one.
 */
public final class ConfigSnapshot {

    private final long number;
    private final String source;
    private final Map<String, Object> values;

    /**
     * Made by {@link ConfigSchema#validate}.
     *
     * @param number grows by one with each accepted change
     * @param source where the values come from
     * @param values every key of the schema with its value, and what the schema keeps besides
     */
    ConfigSnapshot(long number, String source, Map<String, Object> values) {
        this.number = number;
        this.source = source;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * The number of this snapshot.
     *
     * @return from 1
     */
    public long number() {
        return number;
    }

    /**
     * Where the values came from.
     *
     * @return a file name or the like
     */
    public String source() {
        return source;
    }

    /**
     * Every key with its value.
     *
     * @return an immutable map from key to String, Long or Boolean
     */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * A text.
     *
     * @param key a declared {@link ConfigKey.Type#STRING} key
     * @return its value
     */
    public String text(ConfigKey key) {
        return (String) values.get(key.name());
    }

    /**
     * A number, size (bytes) or duration (milliseconds).
     *
     * @param key a declared key of such a type
     * @return its value
     */
    public long number(ConfigKey key) {
        return (Long) values.get(key.name());
    }

    /**
     * A true-or-false value.
     *
     * @param key a declared {@link ConfigKey.Type#BOOLEAN} key
     * @return its value
     */
    public boolean flag(ConfigKey key) {
        return (Boolean) values.get(key.name());
    }

    /**
     * What differs from another snapshot.
     *
     * @param other of the same schema, or of one with more or fewer keys
     * @return the names of the keys whose values differ or that only one of the two has, sorted
     */
    public Set<String> changedSince(ConfigSnapshot other) {
        Set<String> changed = new TreeSet<>();
        values.forEach((name, value) -> {
            if (!value.equals(other.values.get(name))) {
                changed.add(name);
            }
        });
        other.values.keySet().stream().filter(name -> !values.containsKey(name)).forEach(changed::add);
        return changed;
    }

    @Override
    public String toString() {
        return "ConfigSnapshot[" + number + " from " + source + ": " + values + "]";
    }
}
