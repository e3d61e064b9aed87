package io.hioload.itest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.hioload.concurrent.TimerScheduler;
import io.hioload.concurrent.WorkerPool;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.service.cm.ConfigurationAdmin;

/** Workers and timers as services, under the configuration that Config Admin has of them. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ExecutorIT {

    private static final String PID = "io.hioload.executor";

    @Inject
    private ConfigurationAdmin admin;

    @Inject
    private WorkerPool workers;

    @Inject
    private TimerScheduler timers;

    @Configuration
    public Option[] container() {
        return Provisioning.allBut();
    }

    @Test
    public void shouldRunByTheirConfigurationWhileTheyWork() throws Exception {
        assertEquals(0, workers.probe().get("threads"));
        CountDownLatch ran = new CountDownLatch(2);
        workers.execute(ran::countDown);
        timers.schedule(ran::countDown, 1_000_000);
        assertTrue(ran.await(20, TimeUnit.SECONDS));

        configure(Map.of("workers", "3", "workers.queue", "17"));
        Await.until("3 workers", () -> Integer.valueOf(3).equals(workers.probe().get("threads")));
        assertEquals(17, workers.settings().queueTasks());

        LogLines log = new LogLines();
        try {
            configure(Map.of("workers", "many"));
            Await.until("the refusal", () -> log.errors().stream().anyMatch(line -> line.contains("workers = many")));
        } finally {
            log.close();
        }
        assertEquals(3, workers.settings().workers());

        admin.getConfiguration(PID, "?").delete();
        Await.until("the default", () -> workers.settings().workers() == 0);
    }

    private void configure(Map<String, Object> values) throws Exception {
        Dictionary<String, Object> properties = new Hashtable<>(values);
        admin.getConfiguration(PID, "?").update(properties);
    }
}
