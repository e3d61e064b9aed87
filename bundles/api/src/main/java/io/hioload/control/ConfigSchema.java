package io.hioload.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * All keys of one PID and the rules between them. Immutable; any thread.
 */
public final class ConfigSchema {

    private final String pid;
    private final String title;
    private final Map<String, ConfigKey> keys = new LinkedHashMap<>();
    private final Function<ConfigSnapshot, List<String>> rules;

    /**
     * Declares a schema.
     *
     * @param pid   Config Admin's (factory) PID
     * @param title for a person
     * @param keys  every key there is
     * @param rules checks over several keys: one sentence for each breach
     */
    public ConfigSchema(String pid, String title, List<ConfigKey> keys, Function<ConfigSnapshot, List<String>> rules) {
        this.pid = pid;
        this.title = title;
        keys.forEach(key -> this.keys.put(key.name(), key));
        this.rules = rules;
    }

    /**
     * Config Admin's PID.
     *
     * @return the PID
     */
    public String pid() {
        return pid;
    }

    /**
     * What is configured, for a person.
     *
     * @return the title
     */
    public String title() {
        return title;
    }

    /**
     * The keys in the order of their declaration.
     *
     * @return an immutable list
     */
    public List<ConfigKey> keys() {
        return List.copyOf(keys.values());
    }

    /**
     * Checks a whole configuration. Keys that the framework adds ({@code service.*}, {@code component.*},
     * {@code felix.fileinstall.*}, {@code .*}) are passed over; every other key must be declared.
     *
     * @param number the number of the snapshot to make
     * @param source where the values come from, such as a file name; stands in error messages
     * @param raw    keys and values
     * @return the snapshot, with defaults for the keys that are absent
     * @throws ConfigException if anything is wrong, with everything that is wrong
     */
    public ConfigSnapshot validate(long number, String source, Map<String, ?> raw) throws ConfigException {
        List<String> problems = new ArrayList<>();
        Map<String, Object> values = new LinkedHashMap<>();
        keys.values().forEach(key -> values.put(key.name(), key.defaultValue()));
        new TreeMap<>(raw).forEach((name, value) -> {
            ConfigKey key = keys.get(name);
            if (key == null) {
                if (!foreign(name)) {
                    problems.add(name + " = " + value + ": unknown key; allowed are " + String.join(", ", keys.keySet()));
                }
                return;
            }
            try {
                values.put(name, key.parse(value));
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
            }
        });
        ConfigSnapshot snapshot = new ConfigSnapshot(number, source, values);
        if (problems.isEmpty()) {
            problems.addAll(rules.apply(snapshot));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(source, problems);
        }
        return snapshot;
    }

    private static boolean foreign(String name) {
        return name.startsWith("service.") || name.startsWith("component.") || name.startsWith("felix.fileinstall.")
                || name.startsWith(".") || name.startsWith("osgi.");
    }
}
