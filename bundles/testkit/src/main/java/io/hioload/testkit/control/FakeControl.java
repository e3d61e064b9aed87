package io.hioload.testkit.control;

import io.hioload.control.ConfigChange;
import io.hioload.control.ConfigException;
import io.hioload.control.ConfigSchema;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Control;
import io.hioload.control.DebugProbe;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The control of something that is not there: snapshots are checked by a real schema, numbered and remembered, and take
 * effect at once, unless the test holds reactors back with {@link #acknowledge}. Any thread.
 */
public final class FakeControl implements Control {

    private final ConfigSchema schema;
    private final List<ConfigChange> history = new ArrayList<>();
    private final Map<Long, Map<String, Object>> accepted = new HashMap<>();
    private final List<DebugProbe> probes = new ArrayList<>();
    private final TreeMap<Long, CompletableFuture<Void>> waiting = new TreeMap<>();
    private ConfigSnapshot config;
    private String refusal = "";
    private boolean byHand;
    private long acknowledged;

    /**
     * Makes one that runs on the schema's defaults, as snapshot 1.
     *
     * @param schema checks changes
     * @throws IllegalArgumentException if the schema's own defaults are wrong
     */
    public FakeControl(ConfigSchema schema) {
        this.schema = schema;
        try {
            apply(Map.of(), "defaults");
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * Refuses every change from now on, as if what it runs could not be put to work.
     *
     * @param problem what the exception says; empty for no refusal any more
     */
    public synchronized void refuse(String problem) {
        refusal = problem;
    }

    /** From now on a change is acknowledged when the test says so. */
    public synchronized void acknowledgeByHand() {
        byHand = true;
    }

    /**
     * The one reactor takes a snapshot.
     *
     * @param number of the snapshot
     */
    public synchronized void acknowledge(long number) {
        acknowledged = number;
        Map<Long, CompletableFuture<Void>> done = waiting.headMap(number, true);
        List.copyOf(done.values()).forEach(stage -> stage.complete(null));
        done.clear();
    }

    /**
     * Adds a probe.
     *
     * @param probe to be shown
     */
    public synchronized void add(DebugProbe probe) {
        probes.add(probe);
    }

    @Override
    public ConfigSchema schema() {
        return schema;
    }

    @Override
    public synchronized ConfigSnapshot config() {
        return config;
    }

    @Override
    public synchronized ConfigSnapshot apply(Map<String, ?> values, String source) throws ConfigException {
        long number = config == null ? 1 : config.number() + 1;
        try {
            ConfigSnapshot next = schema.validate(number, source, values);
            if (!refusal.isEmpty()) {
                throw new ConfigException(source, List.of(refusal));
            }
            history.add(new ConfigChange(number, Instant.now(), source, schema.changedBy(values, config), List.of()));
            accepted.put(number, Map.copyOf(values));
            config = next;
            if (!byHand) {
                acknowledge(number);
            }
            return next;
        } catch (ConfigException e) {
            history.add(new ConfigChange(config == null ? 0 : config.number(), Instant.now(), source, schema.changedBy(values, config),
                    e.problems()));
            throw e;
        }
    }

    @Override
    public synchronized ConfigSnapshot change(Map<String, ?> values, String source) throws ConfigException {
        Map<String, Object> all = new HashMap<>(accepted.get(config.number()));
        values.forEach((key, value) -> {
            if (value == null) {
                all.remove(key);
            } else {
                all.put(key, value);
            }
        });
        return apply(all, source);
    }

    @Override
    public synchronized ConfigSnapshot rollback(long number, String source) throws ConfigException {
        Map<String, Object> values = accepted.get(number);
        if (values == null) {
            throw new ConfigException(source, List.of("there is no snapshot " + number));
        }
        return apply(values, source + " (snapshot " + number + ")");
    }

    @Override
    public synchronized List<ConfigChange> history() {
        return List.copyOf(history);
    }

    @Override
    public synchronized List<Long> acknowledged() {
        return List.of(acknowledged);
    }

    @Override
    public synchronized CompletionStage<Void> whenAcknowledged(long number) {
        if (number <= acknowledged) {
            return CompletableFuture.completedFuture(null);
        }
        return waiting.computeIfAbsent(number, key -> new CompletableFuture<>());
    }

    @Override
    public synchronized List<DebugProbe> probes() {
        return List.copyOf(probes);
    }
}
