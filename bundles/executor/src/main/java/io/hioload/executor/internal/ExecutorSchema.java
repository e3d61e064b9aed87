package io.hioload.executor.internal;

import static io.hioload.control.ConfigKey.Effect.LIVE;
import static io.hioload.control.ConfigKey.Type.NUMBER;

import io.hioload.concurrent.TimerSettings;
import io.hioload.concurrent.WorkerSettings;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import io.hioload.control.ConfigSnapshot;
import java.util.List;

/** Everything that can be configured about the workers and timers that all bundles share. */
public final class ExecutorSchema {

    /** Config Admin's PID. */
    public static final String PID = "io.hioload.executor";

    static final ConfigKey WORKERS = ConfigKey.number("workers", NUMBER, WorkerSettings.DEFAULT.workers(), 0, WorkerSettings.MAX_WORKERS,
            LIVE, "Threads for work that has no place on a reactor; 0 is one for each usable CPU, within the process's quota.");
    static final ConfigKey WORKERS_QUEUE = ConfigKey.number("workers.queue", NUMBER, WorkerSettings.DEFAULT.queueTasks(), 1,
            WorkerSettings.MAX_QUEUE_TASKS, LIVE, "Tasks that can wait for the workers of one NUMA node; more are refused and counted.");
    static final ConfigKey WORKERS_PIN = ConfigKey.flag("workers.pin", WorkerSettings.DEFAULT.pinned(), LIVE,
            "Pin each worker to a CPU, spread over the machine, with a queue for each NUMA node; else one queue serves all.");
    static final ConfigKey TIMERS_MAX = ConfigKey.number("timers.max", NUMBER, TimerSettings.DEFAULT.maxTimers(), 1,
            TimerSettings.MAX_TIMERS, LIVE, "Timers at once; more are refused and counted. Memory is taken as they come.");

    private static final ConfigSchema SCHEMA = new ConfigSchema(PID, "hioload workers and timers",
            List.of(WORKERS, WORKERS_QUEUE, WORKERS_PIN, TIMERS_MAX), config -> List.of());

    private ExecutorSchema() {
    }

    /**
     * The schema of PID {@link #PID}.
     *
     * @return always the same object
     */
    public static ConfigSchema schema() {
        return SCHEMA;
    }

    static WorkerSettings workers(ConfigSnapshot config) {
        return new WorkerSettings("worker", (int) config.number(WORKERS), (int) config.number(WORKERS_QUEUE), config.flag(WORKERS_PIN));
    }

    static int maxTimers(ConfigSnapshot config) {
        return (int) config.number(TIMERS_MAX);
    }
}
