package io.hioload.launcher;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/**
 * The distribution's main class. Exit codes: 0 stopped in order, 1 could not start or stop, 2 wrong arguments.
 */
public final class Launcher {

    /** Longer than the longest {@code drain.timeout}, which is 10 minutes, so that no server is cut off in the middle of its drain. */
    private static final Duration STOP_DEADLINE = Duration.ofMinutes(11);
    /** Whoever waits is told so often that it goes on. */
    private static final Duration STOP_NOTICE = Duration.ofSeconds(30);
    private static final String STOP_WITH_PARENT = "--stop-with-parent";

    private final System.Logger log = System.getLogger("io.hioload.launcher");
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final Home home;

    private Launcher(Home home) {
        this.home = home;
    }

    /**
     * Starts the distribution that this class belongs to and returns when it has stopped.
     *
     * @param args {@code --stop-with-parent} stops it when the process that started it ends
     */
    public static void main(String[] args) {
        List<String> arguments = List.of(args);
        if (!arguments.isEmpty() && !arguments.equals(List.of(STOP_WITH_PARENT))) {
            System.err.println("usage: hioload [" + STOP_WITH_PARENT + "]");
            fail(2);
        }
        if (!run(arguments.contains(STOP_WITH_PARENT))) {
            fail(1);
        }
        System.exit(0);
    }

    /** Not by exit: the JVM would archive the few classes that a failed start has loaded, for all starts to come. */
    private static void fail(int code) {
        Runtime.getRuntime().halt(code);
    }

    private static boolean run(boolean withParent) {
        try {
            Home home = Home.ofThisJar();
            configureLogging(home.etc().resolve("logging.properties"));
            Launcher launcher = new Launcher(home);
            StopSignals.listen(launcher.stopRequested::countDown, withParent);
            try (WorkFolder _ = WorkFolder.take(home)) {
                return launcher.startAndWait();
            }
        } catch (IOException | BundleException e) {
            System.err.println("hioload cannot start: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Before the first logger is made: java.util.logging reads the file once. */
    private static void configureLogging(Path file) {
        if (System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty("java.util.logging.config.file", file.toString());
        }
    }

    private boolean startAndWait() throws IOException, BundleException, InterruptedException {
        long startedMillis = ManagementFactory.getRuntimeMXBean().getStartTime();
        Framework framework = boot(startedMillis);
        long active = Arrays.stream(framework.getBundleContext().getBundles()).filter(b -> b.getState() == Bundle.ACTIVE).count();
        log.log(Level.INFO, "framework up with {0} bundles {1} ms after the start of the JVM (Java {2})", active,
                Long.toString(System.currentTimeMillis() - startedMillis), Runtime.version());
        Thread.ofPlatform().name("hioload-framework-watch").daemon().start(() -> awaitStop(framework));
        stopRequested.await();
        return stop(framework);
    }

    private Framework boot(long startedMillis) throws IOException, BundleException {
        BundleSet bundles = BundleSet.in(home.bundles());
        CacheContents cache = CacheContents.of(home, bundles.jars());
        boolean unchanged = cache.unchanged();
        if (!unchanged) {
            cache.forget();
        }
        new ClassArchive(home.classArchive()).check(unchanged);
        Framework framework = new FrameworkFactory().newFramework(FrameworkSettings.of(home, !unchanged, startedMillis));
        framework.init();
        framework.getBundleContext().addFrameworkListener(new BundleProblems());
        bundles.install(framework.getBundleContext());
        cache.remember();
        framework.start();
        return framework;
    }

    /** A bundle, too, may stop the framework; one that updates it only restarts it. */
    private void awaitStop(Framework framework) {
        try {
            while (framework.waitForStop(0).getType() == FrameworkEvent.STOPPED_UPDATE) {
                log.log(Level.INFO, "framework restarts");
            }
            stopRequested.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean stop(Framework framework) throws BundleException, InterruptedException {
        long begin = System.nanoTime();
        log.log(Level.INFO, "stopping");
        framework.stop();
        while (framework.waitForStop(STOP_NOTICE.toMillis()).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
            Duration waited = Duration.ofNanos(System.nanoTime() - begin);
            if (waited.compareTo(STOP_DEADLINE) > 0) {
                log.log(Level.ERROR, "not stopped after {0} s; giving up", waited.toSeconds());
                fail(1);
            }
            log.log(Level.INFO, "still stopping after {0} s; sessions have their drain.timeout to end", waited.toSeconds());
        }
        log.log(Level.INFO, "stopped in {0} ms", Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)));
        return true;
    }
}
