package io.hioload.executor.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.concurrent.Scheduler;
import io.hioload.concurrent.TimerScheduler;
import io.hioload.concurrent.WorkerPool;
import io.hioload.testkit.affinity.RecordedAffinity;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** What each key does to the services that are there, as Declarative Services would change it. */
class SharedExecutorsTest {

    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final Runnable NOTHING = () -> {
    };

    private final Map<String, Object> services = new HashMap<>();
    private final Logger log = Logger.getLogger(SharedExecutors.class.getName());
    private SharedExecutors shared;

    private BundleContext context() {
        Class<?>[] type = {BundleContext.class};
        return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), type, (proxy, method, args) -> {
            for (String name : (String[]) args[0]) {
                services.put(name, args[1]);
            }
            return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{ServiceRegistration.class},
                    (registration, called, none) -> {
                        services.values().removeIf(service -> service == args[1]);
                        return null;
                    });
        });
    }

    @BeforeEach
    void start() {
        log.setLevel(Level.OFF);
        shared = new SharedExecutors(context(), Map.of("workers", "1"));
    }

    @AfterEach
    void stop() {
        shared.deactivate();
        assertTrue(services.isEmpty(), services.toString());
        log.setLevel(null);
    }

    private WorkerPool workers() {
        return assertInstanceOf(WorkerPool.class, services.get(WorkerPool.class.getName()));
    }

    private TimerScheduler timers() {
        return assertInstanceOf(TimerScheduler.class, services.get(TimerScheduler.class.getName()));
    }

    @Test
    void shouldOfferBothAsServices() throws Exception {
        CountDownLatch ran = new CountDownLatch(2);
        workers().execute(ran::countDown);
        ((Scheduler) services.get(Scheduler.class.getName())).schedule(ran::countDown, 0);
        ran.await();
    }

    /** Those of the component, and of the one who made the configuration. */
    @Test
    void shouldPassOverPropertiesThatAreNoSettings() {
        shared.modified(Map.of("workers", "3", "metatype.pid", ExecutorSchema.PID, "component.name", SharedExecutors.class.getName(),
                "component.id", 7L, "service.pid", ExecutorSchema.PID, "felix.fileinstall.filename", "file:/etc/x.cfg"));
        assertEquals(3, workers().settings().workers());
    }

    @Test
    void shouldHaveAsManyThreadsAsWorkersSaysFromTheFirstTaskOn() {
        shared.modified(Map.of("workers", "3"));
        assertEquals(0, workers().probe().get("threads"));
        workers().execute(NOTHING);
        assertEquals(3, workers().probe().get("threads"));
    }

    @Test
    void shouldRefuseWhenAsManyWaitAsWorkersQueueSays() throws Exception {
        shared.modified(Map.of("workers", "1", "workers.queue", "2"));
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        workers().execute(() -> {
            busy.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        busy.await();
        workers().execute(NOTHING);
        workers().execute(NOTHING);
        assertThrows(RejectedExecutionException.class, () -> workers().execute(NOTHING));
        shared.modified(Map.of("workers", "1", "workers.queue", "3"));
        workers().execute(NOTHING);
        free.countDown();
    }

    @Test
    void shouldPinWhenWorkersPinSaysAndAnAffinityIsThere() {
        shared.modified(Map.of("workers", "2", "workers.pin", "true"));
        assertEquals("no affinity", workers().probe().get("pinProblem"));
        RecordedAffinity first = RecordedAffinity.machine(1, 2);
        RecordedAffinity second = RecordedAffinity.machine(2, 1);
        shared.setAffinity(first);
        assertArrayEquals(new int[]{0}, workers().nodes());
        shared.setAffinity(second);
        shared.unsetAffinity(first);
        assertArrayEquals(new int[]{0, 1}, workers().nodes());
        shared.unsetAffinity(second);
        assertArrayEquals(new int[]{0}, workers().nodes());
    }

    @Test
    void shouldRefuseTimersAboveTimersMax() {
        shared.modified(Map.of("workers", "1", "timers.max", "1"));
        assertTrue(timers().start(NOTHING, HOUR_NS) >= 0);
        assertEquals(TimerScheduler.REFUSED, timers().start(NOTHING, HOUR_NS));
    }

    @Test
    void shouldChangeNothingWhenAnyKeyIsWrong() {
        shared.modified(Map.of("workers", "4", "timers.max", "0"));
        assertEquals(1, workers().settings().workers());
        assertFalse(timers().start(NOTHING, HOUR_NS) < 0);
    }

    @Test
    void shouldRunOnDefaultsWhenItsFirstConfigurationIsWrong() {
        shared.deactivate();
        shared = new SharedExecutors(context(), Map.of("wrokers", "4"));
        assertEquals(0, workers().settings().workers());
    }

    @Test
    void shouldDescribeItsPidOnly() {
        assertEquals(ExecutorSchema.PID, shared.getObjectClassDefinition(ExecutorSchema.PID, null).getID());
        assertThrows(IllegalArgumentException.class, () -> shared.getObjectClassDefinition("other", null));
    }
}
