package io.hioload.control.internal.metrics;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import java.util.List;

/** What can be configured about the metrics' HTTP resource. */
final class MetricsSchema {

    /** Config Admin's PID. */
    static final String PID = "io.hioload.metrics";

    static final ConfigKey PATH = ConfigKey.text("path", "", ConfigKey.Effect.LIVE,
            "Path at which metrics are served in Prometheus' text format, such as /metrics; empty is not at all.");
    static final ConfigKey SERVERS = ConfigKey.text("servers", "", ConfigKey.Effect.LIVE,
            "Names of the servers that serve it, separated by commas; empty is all.");

    private static final ConfigSchema SCHEMA = new ConfigSchema(PID, "hioload metrics", List.of(PATH, SERVERS),
            config -> config.text(PATH).isEmpty() || config.text(PATH).startsWith("/") ? List.of()
                    : List.of("path = " + config.text(PATH) + ": must begin with a /"));

    private MetricsSchema() {
    }

    static ConfigSchema schema() {
        return SCHEMA;
    }
}
