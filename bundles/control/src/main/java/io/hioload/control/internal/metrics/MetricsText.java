package io.hioload.control.internal.metrics;

import io.hioload.control.DebugProbe;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every number that probes show, in Prometheus' text format 0.0.4: one metric for each path of names through a probe, with
 * the server and, for one of several like parts, its number as labels. One thread.
 */
final class MetricsText {

    /** Samples by metric, because those of one metric have to stand together. */
    private final Map<String, StringBuilder> metrics = new TreeMap<>();

    void add(String server, List<DebugProbe> probes) {
        for (DebugProbe probe : probes) {
            String name = probe.probeName();
            int dash = name.lastIndexOf('-');
            boolean numbered = dash > 0 && name.substring(dash + 1).matches("\\d+");
            String labels = "{server=\"" + escaped(server) + "\""
                    + (numbered ? "," + metric(name.substring(0, dash)) + "=\"" + name.substring(dash + 1) + "\"}" : "}");
            add("hioload_" + metric(numbered ? name.substring(0, dash) : name), labels, probe.probe());
        }
    }

    private void add(String prefix, String labels, Map<?, ?> values) {
        values.forEach((key, value) -> {
            String name = prefix + "_" + metric(key.toString());
            switch (value) {
                case Map<?, ?> map -> add(name, labels, map);
                case Number number -> sample(name, labels, number);
                case Boolean flag -> sample(name, labels, flag ? 1 : 0);
                case null, default -> {
                    // Text is for people.
                }
            }
        });
    }

    private void sample(String name, String labels, Number value) {
        metrics.computeIfAbsent(name, key -> new StringBuilder("# TYPE ").append(key).append(" untyped\n")).append(name).append(labels)
                .append(' ').append(value).append('\n');
    }

    /** Letters, digits and underscores are what a metric's name may have. */
    private static String metric(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        return String.join("", metrics.values());
    }
}
