package io.hioload.itest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.hioload.websocket.WebSocketHandler;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Each of our bundles is stopped and started many times under a running server; nothing may be left behind. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class LeakIT {

    private static final int TIMES = 50;

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private List<Bundle> ours;
    private int port;
    private int settled;

    @Configuration
    public Option[] container() {
        return Provisioning.allBut();
    }

    @Test
    public void shouldLeaveNothingBehindWhenABundleIsStoppedAndStarted() throws Exception {
        ours = Arrays.stream(context.getBundles()).filter(bundle -> bundle.getSymbolicName().startsWith("io.hioload.")).toList();
        assertTrue(ours.toString(), ours.size() >= 13);
        Servers servers = new Servers(context, admin);
        LogLines log = new LogLines();
        try {
            port = servers.start("leaks", Map.of("reactors", 1));
            // Once before the first look: what is made lazily and kept is no leak.
            for (Bundle bundle : ours) {
                restart(bundle, 1);
            }
            Holdings before = settle();
            for (Bundle bundle : ours) {
                restart(bundle, TIMES);
                settle();
                Await.until(
                        () -> bundle.getSymbolicName() + " to leave nothing behind, but there is " + Holdings.now(context).minus(before),
                        () -> Holdings.now(context).minus(before).isEmpty());
                assertEquals("errors while " + bundle.getSymbolicName() + " was stopped and started", List.of(), log.errors());
            }
        } finally {
            log.close();
            servers.stopAll();
        }
    }

    private static void restart(Bundle bundle, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            bundle.stop();
            bundle.start();
            assertEquals(bundle.getSymbolicName(), Bundle.ACTIVE, bundle.getState());
        }
    }

    /**
     * Brings the server into the state that all looks are taken in: chosen its transport anew, served a client, and nobody is
     * connected. What OSGi tells the server it carries out later, in order: when an endpoint that is registered last is
     * served, all that came before is done.
     */
    private Holdings settle() throws Exception {
        restart(ours.stream().filter(bundle -> bundle.getSymbolicName().equals("io.hioload.server")).findFirst().get(), 1);
        String path = "/settled/" + settled++;
        ServiceRegistration<WebSocketHandler> last = context.registerService(WebSocketHandler.class,
                (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length),
                new Hashtable<>(Map.of(WebSocketHandler.PATH_PROPERTY, path)));
        Await.until("a client is served at " + path, () -> isServed(path));
        last.unregister();
        assertTrue(isServed("/echo"));
        Await.until(() -> "the clients to be gone, but there is " + Holdings.now(context), () -> Holdings.now(context).withoutClients());
        return Holdings.now(context);
    }

    private boolean isServed(String path) {
        try (Client client = Client.open(port, path)) {
            return client.echo("hello").equals("hello");
        } catch (CompletionException refused) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
