package io.hioload.itest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The framework seen from outside, so that even the bundle of the contracts, on which a test inside would stand itself, can be
 * updated and refreshed under traffic, and the framework be stopped. Configured by files, as an installation is.
 */
public class FrameworkIT {

    private static final String SERVER = "io.hioload.server";
    private static final String WATCHER = "org.apache.felix.fileinstall";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Framework framework;
    private Path etc;
    private int port;

    @Before
    public void start() throws Exception {
        etc = folder.newFolder("etc").toPath();
        port = Servers.freePort();
        Files.writeString(etc.resolve("io.hioload.server~outside.cfg"), "port=" + port + "\nreactors=1\ndrain.timeout=3s\n");
        Map<String, String> settings = new HashMap<>();
        settings.put(Constants.FRAMEWORK_STORAGE, folder.newFolder("cache").toString());
        settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "jdk.internal.misc");
        settings.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "4");
        settings.put("felix.fileinstall.dir", etc.toString());
        settings.put("felix.fileinstall.poll", "100");
        settings.put("felix.fileinstall.noInitialDelay", "true");
        settings.put("felix.fileinstall.enableConfigSave", "false");
        framework = new FrameworkFactory().newFramework(settings);
        framework.init();
        BundleContext context = framework.getBundleContext();
        for (File jar : new File(System.getProperty("itest.bundles")).listFiles((dir, name) -> name.endsWith(".jar"))) {
            Bundle bundle = context.installBundle(jar.toURI().toString());
            bundle.adapt(BundleStartLevel.class).setStartLevel(startLevel(bundle));
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        }
        framework.start();
        Await.until("the server to listen", () -> Client.status(port, "/echo") == 101);
    }

    @After
    public void stop() throws Exception {
        framework.stop();
        assertNotEquals(FrameworkEvent.WAIT_TIMEDOUT, framework.waitForStop(30_000).getType());
    }

    private static int startLevel(Bundle bundle) {
        return switch (bundle.getSymbolicName()) {
            case WATCHER -> 4;
            case SERVER -> 3;
            default -> bundle.getSymbolicName().startsWith("io.hioload.") ? 2 : 1;
        };
    }

    private List<Bundle> ours() {
        return Arrays.stream(framework.getBundleContext().getBundles()).filter(bundle -> bundle.getSymbolicName().startsWith("io.hioload."))
                .toList();
    }

    private static void update(Bundle bundle) throws Exception {
        try (InputStream jar = new FileInputStream(new File(System.getProperty("itest.bundles"), bundle.getSymbolicName() + ".jar"))) {
            bundle.update(jar);
        }
    }

    private void refresh() throws InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(null, event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
            }
        });
        assertTrue(refreshed.await(60, TimeUnit.SECONDS));
    }

    @Test
    public void shouldCloseSessionsInOrderAndComeBackWhenAnyBundleIsUpdatedAndRefreshed() throws Exception {
        eachUnderTraffic("updated and refreshed", bundle -> {
            update(bundle);
            refresh();
        });
    }

    @Test
    public void shouldCloseSessionsInOrderAndComeBackWhenAnyBundleIsUninstalledAndInstalled() throws Exception {
        eachUnderTraffic("uninstalled and installed", bundle -> {
            List<Bundle> before = ours();
            bundle.uninstall();
            refresh();
            Bundle installed = framework.getBundleContext().installBundle(bundle.getLocation());
            installed.adapt(BundleStartLevel.class).setStartLevel(startLevel(installed));
            installed.start();
            // What hung on it could not be resolved while it was away, and is not started again by itself.
            for (Bundle each : before) {
                if (each.getState() == Bundle.INSTALLED || each.getState() == Bundle.RESOLVED) {
                    each.start();
                }
            }
        });
    }

    private interface Change {
        void make(Bundle bundle) throws Exception;
    }

    private void eachUnderTraffic(String what, Change change) throws Exception {
        assertTrue(ours().toString(), ours().size() >= 13);
        LogLines log = new LogLines();
        try (Traffic traffic = new Traffic(port, 2)) {
            for (Bundle bundle : ours()) {
                traffic.flows();
                traffic.ends();
                change.make(bundle);
                traffic.flows();
                Map<String, Integer> others = new TreeMap<>(traffic.ends());
                others.remove("closed 1001");
                assertEquals("how sessions ended when " + bundle.getSymbolicName() + " was " + what, Map.of(), others);
                ours().forEach(each -> assertEquals(each.getSymbolicName(), Bundle.ACTIVE, each.getState()));
            }
            assertEquals("memory that reactors could not give back", List.of(),
                    log.errors().stream().filter(error -> error.contains("memory")).toList());
        } finally {
            log.close();
        }
    }

    @Test
    public void shouldSayGoingAwayToSessionsWithinTheDeadlineWhenTheFrameworkStops() throws Exception {
        try (Client client = Client.open(port, "/echo")) {
            assertEquals("hello", client.echo("hello"));
            long beganNs = System.nanoTime();
            framework.stop();
            assertEquals(1001, client.closeCode());
            assertNotEquals(FrameworkEvent.WAIT_TIMEDOUT, framework.waitForStop(10_000).getType());
            assertTrue(System.nanoTime() - beganNs < TimeUnit.SECONDS.toNanos(5));
        }
        assertEquals(-1, Client.status(port, "/echo"));
    }
}
