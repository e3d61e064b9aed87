package io.hioload.itest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Every transport plugin is stopped, started, updated, uninstalled, installed and refreshed, and every core bundle stopped
 * and started, while clients echo: what is lost is what the policy says, and everything comes back. A refresh of a core
 * bundle would take the test's own with it, see {@link FrameworkIT}. {@code -Ditest.rounds} repeats it.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class LifecycleIT {

    private static final String EPOLL = "io.hioload.transport.epoll";
    private static final String IO_URING = "io.hioload.transport.iouring";
    private static final String ECHO = "io.hioload.examples.echo";
    /** They have handles that they can exchange, so their coming and going closes nothing. */
    private static final Set<String> MIGRATING = Set.of(EPOLL, IO_URING);
    private static final String DRAINED = "closed 1001";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private Servers servers;
    private Traffic traffic;
    private LogLines log;

    @Configuration
    public Option[] container() {
        return Provisioning.allBut();
    }

    @Before
    public void start() throws Exception {
        log = new LogLines();
        servers = new Servers(context, admin);
        traffic = new Traffic(servers.start("lives", Map.of("reactors", 1, "drain.timeout", "5s")), 4);
        traffic.flows();
    }

    @After
    public void stop() throws Exception {
        traffic.close();
        servers.stopAll();
        log.close();
    }

    private static int rounds() {
        return Integer.getInteger("itest.rounds", 1);
    }

    private Bundle bundle(String name) {
        return Arrays.stream(context.getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName())).findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not installed"));
    }

    private static void update(Bundle bundle) throws Exception {
        try (InputStream jar = new FileInputStream(jar(bundle.getSymbolicName()))) {
            bundle.update(jar);
        }
    }

    private static File jar(String name) {
        return new File(System.getProperty("itest.bundles"), name + ".jar");
    }

    /** Refreshes what was updated or uninstalled and what hangs on it, and waits until that is over. */
    private void refresh() throws InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(null, event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
            }
        });
        assertTrue(refreshed.await(60, TimeUnit.SECONDS));
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Does something, waits until all clients are served again, and says how sessions ended meanwhile. */
    private Map<String, Integer> ends(Step step) throws Exception {
        traffic.ends();
        step.run();
        traffic.flows();
        servers.control("lives");
        return traffic.ends();
    }

    private void expectNoEnds(String what, Step step) throws Exception {
        assertEquals(what, Map.of(), ends(step));
    }

    private void expectDrained(String what, Step step) throws Exception {
        Map<String, Integer> others = new TreeMap<>(ends(step));
        others.remove(DRAINED);
        assertEquals(what, Map.of(), others);
    }

    @Test
    public void shouldLoseNothingWhenATransportPluginComesAndGoes() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            for (String name : MIGRATING) {
                expectNoEnds("stop of " + name, () -> bundle(name).stop());
                expectNoEnds("start of " + name, () -> bundle(name).start());
                expectNoEnds("update of " + name, () -> update(bundle(name)));
                expectNoEnds("refresh of " + name, this::refresh);
                expectNoEnds("uninstall of " + name, () -> {
                    bundle(name).uninstall();
                    refresh();
                });
                expectNoEnds("install of " + name, () -> Provisioning.install(context, name));
            }
        }
        assertEquals(List.of(), log.errors());
    }

    @Test
    public void shouldLoseNothingWhileNoTransportIsThere() throws Exception {
        bundle("io.hioload.transport.nio").stop();
        try {
            expectNoEnds("update of all transports", () -> {
                bundle(EPOLL).stop();
                bundle(IO_URING).stop();
                Await.until("the server to say that it has no transport",
                        () -> servers.control("lives").probes().getFirst().probe().containsKey("without transport since"));
                bundle(IO_URING).start();
                bundle(EPOLL).start();
            });
        } finally {
            bundle("io.hioload.transport.nio").start();
        }
    }

    @Test
    public void shouldCloseSessionsInOrderAndComeBackWhenACoreBundleIsRestarted() throws Exception {
        List<String> core = Arrays.stream(context.getBundles()).map(Bundle::getSymbolicName)
                .filter(name -> name.startsWith("io.hioload.") && !MIGRATING.contains(name)).toList();
        assertTrue(core.toString(), core.size() >= 11);
        for (int round = 0; round < rounds(); round++) {
            for (String name : core) {
                expectDrained("stop and start of " + name, () -> {
                    bundle(name).stop();
                    bundle(name).start();
                });
            }
        }
    }

    @Test
    public void shouldLetTheClassLoaderGoWhenAPluginOrAnEndpointIsUpdatedOrUninstalled() throws Exception {
        for (String name : List.of(EPOLL, IO_URING, "io.hioload.transport.nio", ECHO)) {
            WeakReference<ClassLoader> old = loader(name);
            update(bundle(name));
            refresh();
            traffic.flows();
            expectGone("update of " + name, old);
            WeakReference<ClassLoader> updated = loader(name);
            bundle(name).uninstall();
            refresh();
            Provisioning.install(context, name);
            traffic.flows();
            expectGone("uninstall of " + name, updated);
        }
    }

    private WeakReference<ClassLoader> loader(String name) {
        return new WeakReference<>(bundle(name).adapt(BundleWiring.class).getClassLoader());
    }

    private static void expectGone(String after, WeakReference<ClassLoader> loader) throws Exception {
        Await.until("the class loader to be gone after the " + after, () -> {
            System.gc();
            return loader.get() == null;
        });
    }
}
