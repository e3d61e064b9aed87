package io.hioload.control.internal.logging;

import io.hioload.control.ConfigException;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import io.hioload.control.ConfigSnapshot;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What can be configured about logging: a level for every logger name that one likes. */
final class LoggingSchema {

    /** Config Admin's PID. */
    static final String PID = "io.hioload.logging";

    private static final String AS_STARTED = "DEFAULT";
    private static final String[] LEVELS = levels();

    static final ConfigKey ROOT = level(LogLevels.ROOT,
            "Level of every logger that has none of its own; DEFAULT is as the JVM was started with.");
    static final ConfigKey OURS = level("io.hioload",
            "Level of everything of this runtime. The beginning of any other loggers' names can be a key, too.");

    private static final ConfigSchema SCHEMA = new ConfigSchema(PID, "hioload logging", List.of(ROOT, OURS), LoggingSchema::breaches)
            .keeping(name -> name.matches("[A-Za-z_$][\\w$.-]*"));

    private LoggingSchema() {
    }

    static ConfigSchema schema() {
        return SCHEMA;
    }

    private static String[] levels() {
        String[] levels = Arrays.stream(System.Logger.Level.values()).map(Enum::name).toArray(String[]::new);
        String[] all = Arrays.copyOf(levels, levels.length + 1);
        all[levels.length] = AS_STARTED;
        return all;
    }

    private static ConfigKey level(String name, String description) {
        return ConfigKey.text(name, AS_STARTED, ConfigKey.Effect.LIVE, description, LEVELS);
    }

    private static List<String> breaches(ConfigSnapshot config) {
        return config.values().entrySet().stream().filter(entry -> !Arrays.asList(LEVELS).contains(entry.getValue()))
                .map(entry -> entry.getKey() + " = " + entry.getValue() + ": allowed is " + ROOT.allowed()).toList();
    }

    /**
     * The levels of a configuration.
     *
     * @throws ConfigException if one is none
     */
    static Map<String, System.Logger.Level> read(String source, Map<String, ?> values) throws ConfigException {
        Map<String, System.Logger.Level> levels = new HashMap<>();
        SCHEMA.validate(1, source, values).values().forEach((name, level) -> {
            if (!level.equals(AS_STARTED)) {
                levels.put(name, System.Logger.Level.valueOf((String) level));
            }
        });
        return levels;
    }
}
