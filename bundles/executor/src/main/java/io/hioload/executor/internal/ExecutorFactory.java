package io.hioload.executor.internal;

import io.hioload.affinity.Affinity;
import io.hioload.concurrent.ExecutorProvider;
import io.hioload.concurrent.TimerScheduler;
import io.hioload.concurrent.TimerSettings;
import io.hioload.concurrent.WorkerPool;
import io.hioload.concurrent.WorkerSettings;
import org.osgi.service.component.annotations.Component;

/** The provider of this bundle. Any thread; holds nothing. */
@Component(service = ExecutorProvider.class)
public final class ExecutorFactory implements ExecutorProvider {

    /** Made by Declarative Services or {@link java.util.ServiceLoader}. */
    public ExecutorFactory() {
    }

    @Override
    public WorkerPool workers(WorkerSettings settings, Affinity affinity) {
        return new NumaWorkerPool(settings, affinity);
    }

    @Override
    public TimerScheduler timers(TimerSettings settings) {
        return new WheelTimerScheduler(settings);
    }
}
