package io.hioload.control.internal.shell;

import io.hioload.control.ConfigChange;
import io.hioload.control.ConfigException;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Control;
import io.hioload.control.DebugProbe;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A server that has a configuration and nothing else. One thread. */
final class FakeServer implements Control {

    static final ConfigSchema SCHEMA = new ConfigSchema("test", "Test",
            List.of(ConfigKey.number("size", ConfigKey.Type.SIZE, 1 << 20, 1, 1 << 30, ConfigKey.Effect.LIVE, "Size."),
                    ConfigKey.text("mode", "fast", ConfigKey.Effect.NEW_CONNECTIONS, "Mode.", "fast", "small")),
            config -> List.of());

    private final List<ConfigChange> history = new ArrayList<>();
    private final Map<Long, ConfigSnapshot> snapshots = new HashMap<>();
    private ConfigSnapshot config;

    @Override
    public ConfigSchema schema() {
        return SCHEMA;
    }

    @Override
    public ConfigSnapshot config() {
        return config;
    }

    @Override
    public ConfigSnapshot apply(Map<String, ?> values, String source) throws ConfigException {
        try {
            ConfigSnapshot next = SCHEMA.validate(snapshots.size() + 1L, source, values);
            history.add(new ConfigChange(next.number(), Instant.EPOCH, source, SCHEMA.changedBy(values, config), List.of()));
            snapshots.put(next.number(), next);
            config = next;
            return next;
        } catch (ConfigException e) {
            history.add(new ConfigChange(snapshots.size(), Instant.EPOCH, source, SCHEMA.changedBy(values, config), e.problems()));
            throw e;
        }
    }

    @Override
    public ConfigSnapshot change(Map<String, ?> values, String source) throws ConfigException {
        Map<String, Object> all = new HashMap<>(config.values());
        all.putAll(values);
        all.values().removeIf(value -> value == null);
        return apply(all, source);
    }

    @Override
    public ConfigSnapshot rollback(long number, String source) throws ConfigException {
        return apply(snapshots.get(number).values(), source + ", back to " + number);
    }

    @Override
    public List<ConfigChange> history() {
        return history;
    }

    @Override
    public List<Long> acknowledged() {
        return List.of(config.number());
    }

    @Override
    public CompletionStage<Void> whenAcknowledged(long number) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public List<DebugProbe> probes() {
        return List.of(probe("server", Map.of("address", "127.0.0.1:1", "transport", "fake")),
                probe("reactor-0", Map.of("counters", Map.of("a.bytes", 1L, "b.bytes", 5L))),
                probe("reactor-1", Map.of("counters", Map.of("a.bytes", 2L))));
    }

    private static DebugProbe probe(String name, Map<String, Object> values) {
        return new DebugProbe() {
            @Override
            public String probeName() {
                return name;
            }

            @Override
            public Map<String, Object> probe() {
                return values;
            }
        };
    }
}
