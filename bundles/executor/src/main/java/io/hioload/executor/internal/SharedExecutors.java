package io.hioload.executor.internal;

import io.hioload.affinity.Affinity;
import io.hioload.concurrent.Scheduler;
import io.hioload.concurrent.TimerScheduler;
import io.hioload.concurrent.TimerSettings;
import io.hioload.concurrent.WorkerPool;
import io.hioload.control.ConfigException;
import io.hioload.control.ConfigMetatype;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.DebugProbe;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.MetaTypeProvider;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * The worker pool and the timers that all bundles share, as services, under one configuration that is taken as a whole or not
 * at all: a bad one is logged, and what ran before runs on. Called by Declarative Services; nothing here waits for a thread.
 */
@Component(immediate = true, configurationPid = ExecutorSchema.PID, service = MetaTypeProvider.class, property = "metatype.pid="
        + ExecutorSchema.PID)
public final class SharedExecutors implements MetaTypeProvider {

    private static final Logger LOG = System.getLogger(SharedExecutors.class.getName());

    private final NumaWorkerPool workers;
    private final TimerScheduler timers;
    private final ServiceRegistration<?> workersService;
    private final ServiceRegistration<?> timersService;
    private ConfigSnapshot inForce;
    private long lastNumber;
    private Affinity affinity;

    /**
     * Made by Declarative Services.
     *
     * @param context where the services are registered
     * @param values  the configuration
     */
    @Activate
    public SharedExecutors(BundleContext context, Map<String, Object> values) {
        ConfigSnapshot config = validated(values);
        if (config == null) {
            config = validated(Map.of());
        }
        inForce = config;
        workers = new NumaWorkerPool(ExecutorSchema.workers(config), null);
        timers = new WheelTimerScheduler(new TimerSettings("timers", ExecutorSchema.maxTimers(config)));
        workersService = context.registerService(new String[]{WorkerPool.class.getName(), DebugProbe.class.getName()}, workers, null);
        timersService = context.registerService(
                new String[]{TimerScheduler.class.getName(), Scheduler.class.getName(), DebugProbe.class.getName()}, timers, null);
    }

    private ConfigSnapshot validated(Map<String, Object> values) {
        Map<String, Object> keys = new HashMap<>(values);
        // Declarative Services hands the component's own properties over with the configuration.
        keys.remove(METATYPE_PID);
        try {
            ConfigSnapshot config = ExecutorSchema.schema().validate(lastNumber + 1, ExecutorSchema.PID, keys);
            lastNumber = config.number();
            return config;
        } catch (ConfigException e) {
            LOG.log(Level.ERROR, "nothing was changed: " + e.getMessage());
            return null;
        }
    }

    @Modified
    void modified(Map<String, Object> values) {
        ConfigSnapshot config = validated(values);
        // The file of the distribution comes with nothing changed in it.
        if (config != null && !config.values().equals(inForce.values())) {
            inForce = config;
            workers.configure(ExecutorSchema.workers(config));
            timers.maxTimers(ExecutorSchema.maxTimers(config));
            LOG.log(Level.INFO, "workers and timers: configuration " + config.number() + " is in force: " + config.values());
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    synchronized void setAffinity(Affinity another) {
        affinity = another;
        workers.affinity(another);
    }

    /** The one that takes its place was set before. */
    synchronized void unsetAffinity(Affinity gone) {
        if (affinity == gone) {
            affinity = null;
            workers.affinity(null);
        }
    }

    /** Ends both, aside: a task may take its time, and SCR holds a lock meanwhile. */
    @Deactivate
    void deactivate() {
        workersService.unregister();
        timersService.unregister();
        Thread.ofPlatform().name("executor-close").daemon(true).start(() -> {
            timers.close();
            workers.close();
        });
    }

    @Override
    public ObjectClassDefinition getObjectClassDefinition(String id, String locale) {
        if (!id.equals(ExecutorSchema.PID)) {
            throw new IllegalArgumentException("unknown PID " + id);
        }
        return new ConfigMetatype(ExecutorSchema.schema());
    }

    @Override
    public String[] getLocales() {
        return null;
    }
}
