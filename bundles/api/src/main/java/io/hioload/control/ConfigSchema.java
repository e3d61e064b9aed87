package io.hioload.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * All keys of one PID and the rules between them. Immutable; any thread.
 */
public final class ConfigSchema {

    private final String pid;
    private final String title;
    private final Map<String, ConfigKey> keys = new LinkedHashMap<>();
    /** Names of those that a snapshot has only if they are given. */
    private final Set<String> optional;
    private final Function<ConfigSnapshot, List<String>> rules;
    /** Names of keys that are not declared and kept as they are. */
    private final Predicate<String> kept;

    /**
     * Declares a schema.
     *
     * @param pid   Config Admin's (factory) PID
     * @param title for a person
     * @param keys  every key there is
     * @param rules checks over several keys: one sentence for each breach
     */
    public ConfigSchema(String pid, String title, List<ConfigKey> keys, Function<ConfigSnapshot, List<String>> rules) {
        this(pid, title, keys, Set.of(), rules, name -> false);
    }

    private ConfigSchema(String pid, String title, Collection<ConfigKey> keys, Set<String> optional,
            Function<ConfigSnapshot, List<String>> rules, Predicate<String> kept) {
        this.pid = pid;
        this.title = title;
        keys.forEach(key -> this.keys.put(key.name(), key));
        this.optional = Set.copyOf(optional);
        this.rules = rules;
        this.kept = kept;
    }

    /**
     * The same with more keys, such as those of the plugins that are there at the moment. A snapshot has these only if they
     * are given, so that one is not changed by plugins that come and go.
     *
     * @param more declared behind the others; a key that is there already stays as it is
     * @return another schema
     */
    public ConfigSchema with(List<ConfigKey> more) {
        Map<String, ConfigKey> all = new LinkedHashMap<>(keys);
        Set<String> ifGiven = new TreeSet<>(optional);
        for (ConfigKey key : more) {
            if (all.putIfAbsent(key.name(), key) == null) {
                ifGiven.add(key.name());
            }
        }
        return new ConfigSchema(pid, title, all.values(), ifGiven, rules, kept);
    }

    /**
     * The same, but keys that are not declared and have such a name are not refused: the snapshot has them as text. For
     * names that cannot be known beforehand.
     *
     * @param names tells them
     * @return another schema
     */
    public ConfigSchema keeping(Predicate<String> names) {
        return new ConfigSchema(pid, title, keys.values(), optional, rules, names);
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
     * {@code felix.fileinstall.*}, {@code .*}) are passed over; every other key must be declared, or be one of those that
     * are kept.
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
        keys.values().stream().filter(key -> !optional.contains(key.name())).forEach(key -> values.put(key.name(), key.defaultValue()));
        new TreeMap<>(raw).forEach((name, value) -> {
            ConfigKey key = keys.get(name);
            if (key == null) {
                if (!foreign(name) && kept.test(name)) {
                    values.put(name, String.valueOf(value).strip());
                } else if (!foreign(name)) {
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

    /**
     * Which keys a configuration would change, whether they are right or not: what a refused one was about.
     *
     * @param raw keys and values
     * @param now what it would replace, or {@code null} for the defaults
     * @return their names, sorted
     */
    public Set<String> changedBy(Map<String, ?> raw, ConfigSnapshot now) {
        Set<String> changed = new TreeSet<>();
        raw.forEach((name, value) -> {
            if (!foreign(name) && !isValueOf(name, value, now)) {
                changed.add(name);
            }
        });
        if (now != null) {
            now.values().forEach((name, value) -> {
                ConfigKey key = keys.get(name);
                if (!raw.containsKey(name) && (key == null || !key.defaultValue().equals(value))) {
                    changed.add(name);
                }
            });
        }
        return changed;
    }

    private boolean isValueOf(String name, Object value, ConfigSnapshot now) {
        ConfigKey key = keys.get(name);
        try {
            Object parsed = key == null ? String.valueOf(value).strip() : key.parse(value);
            return parsed.equals(now != null ? now.values().get(name) : key == null ? null : key.defaultValue());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * The declared keys as a Markdown table, for a README and for whoever asks what runs.
     *
     * @return a header and one line for each key, each line ended by a line feed
     */
    public String markdown() {
        StringBuilder table = new StringBuilder("| key | default | allowed | takes effect | what it is |\n|---|---|---|---|---|\n");
        for (ConfigKey key : keys.values()) {
            table.append("| `").append(key.name()).append("` | ").append(key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`")
                    .append(" | ").append(cell(key.allowed())).append(" | ")
                    .append(key.effect().name().toLowerCase(Locale.ROOT).replace('_', ' ')).append(" | ").append(cell(key.description()))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static boolean foreign(String name) {
        return name.startsWith("service.") || name.startsWith("component.") || name.startsWith("felix.fileinstall.")
                || name.startsWith(".") || name.startsWith("osgi.");
    }
}
