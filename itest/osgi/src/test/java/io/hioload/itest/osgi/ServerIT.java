package io.hioload.itest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Control;
import io.hioload.websocket.WebSocketHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
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
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Endpoints that come and go, and servers that are configured, in a running framework. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ServerIT {

    private static final String ECHO_BUNDLE = "io.hioload.examples.echo";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Inject
    private MetaTypeService metatype;

    private Servers servers;
    private LogLines log;
    private ServiceRegistration<WebSocketHandler> endpoint;

    @Configuration
    public Option[] container() {
        return Provisioning.allBut(ECHO_BUNDLE, "io.hioload.examples.chat");
    }

    @Before
    public void registerEndpoint() {
        log = new LogLines();
        servers = new Servers(context, admin);
        Dictionary<String, Object> properties = new Hashtable<>(Map.of(WebSocketHandler.PATH_PROPERTY, "/here"));
        endpoint = context.registerService(WebSocketHandler.class,
                (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length), properties);
    }

    @After
    public void stopServers() throws Exception {
        servers.stopAll();
        endpoint.unregister();
        log.close();
    }

    @Test
    public void shouldServeAnEndpointWhileItsBundleRuns() throws Exception {
        int port = servers.start("drop", Map.of());
        assertEquals(404, Client.status(port, "/echo"));
        Bundle bundle = Provisioning.install(context, ECHO_BUNDLE);
        Await.until("/echo is served", () -> Client.status(port, "/echo") == 101);
        try (Client client = Client.open(port, "/echo"); Client other = Client.open(port, "/here")) {
            assertEquals("hello", client.echo("hello"));
            bundle.uninstall();
            assertEquals(1001, client.closeCode());
            assertEquals("not mine", other.echo("not mine"));
        }
        Await.until("/echo is gone", () -> Client.status(port, "/echo") == 404);
    }

    @Test
    public void shouldMoveToAnotherPortWhenTheConfigurationSaysSo() throws Exception {
        int before = servers.start("moves", Map.of());
        int after = Servers.freePort();
        try (Client client = Client.open(before, "/here")) {
            assertEquals("before", client.echo("before"));
            servers.configure("moves", after, Map.of());
            Await.until("the new port is served", () -> Client.status(after, "/here") == 101);
            Await.until("the old port is left", () -> Client.status(before, "/here") == -1);
            assertEquals("its sessions live on", client.echo("its sessions live on"));
        }
        assertEquals((long) after, servers.control("moves").config().values().get("port"));
    }

    @Test
    public void shouldChangeTheTransportWhenTheConfigurationSaysSo() throws Exception {
        int port = servers.start("changes", Map.of("transport", "nio"));
        assertEquals("nio", Servers.transport(servers.control("changes")));
        for (String transport : List.of("epoll", "nio")) {
            servers.configure("changes", port, Map.of("transport", transport));
            Await.until("the server runs on " + transport,
                    () -> servers.runs("changes") && Servers.transport(servers.control("changes")).equals(transport));
            try (Client client = Client.open(port, "/here")) {
                assertEquals(transport, client.echo(transport));
            }
        }
    }

    @Test
    public void shouldWaitInAnotherWayAndKeepItsSessionsWhenTheModeChanges() throws Exception {
        int port = servers.start("tuned", Map.of("reactors", 1));
        try (Client client = Client.open(port, "/here")) {
            long blocking = turnsOfEchoes(client);
            inMode("latency", port);
            long spinning = turnsOfEchoes(client);
            assertTrue(spinning + " turns when it spins, " + blocking + " when it blocks", spinning > 5 * blocking);
            inMode("balanced", port);
            long again = turnsOfEchoes(client);
            assertTrue(spinning + " turns when it spins, " + again + " when it blocks again", spinning > 5 * again);
        }
    }

    private void inMode(String mode, int port) throws Exception {
        servers.configure("tuned", port, Map.of("reactors", 1, "mode", mode));
        Await.until("mode " + mode, () -> servers.control("tuned").config().values().get("mode").equals(mode));
    }

    /** How often the reactor looked for something to do meanwhile. */
    private long turnsOfEchoes(Client client) throws Exception {
        long before = turns();
        for (int i = 0; i < 50; i++) {
            assertEquals("echo " + i, client.echo("echo " + i));
        }
        return turns() - before;
    }

    private long turns() throws Exception {
        return servers.control("tuned").probes().stream().map(probe -> probe.probe().get("counters")).filter(Map.class::isInstance)
                .map(counters -> ((Map<?, ?>) counters).get("turns")).filter(Number.class::isInstance)
                .mapToLong(turns -> ((Number) turns).longValue())
                .sum();
    }

    @Test
    public void shouldKeepServingAndSayWhatIsAllowedWhenAnUpdateIsBad() throws Exception {
        int port = servers.start("bad", Map.of("reactors", 1));
        ConfigSnapshot before = servers.control("bad").config();
        try (Client client = Client.open(port, "/here")) {
            servers.configure("bad", 70_000, Map.of("reactors", 1));
            expectError("io.hioload.server~bad", "port = 70000", "a whole number from 0 to 65535");
            servers.configure("bad", port, Map.of("reactors", "many", "prot", 9));
            expectError("io.hioload.server~bad", "reactors = many", "a whole number from 0 to", "prot = 9", "unknown key", "transport");
            servers.configure("bad", port, Map.of("transport", "pigeon"));
            expectError("io.hioload.server~bad", "transport = pigeon", "no such transport", "epoll", "nio");
            assertEquals("still here", client.echo("still here"));
        }
        assertEquals(101, Client.status(port, "/here"));
        assertEquals(before, servers.control("bad").config());
    }

    @Test
    public void shouldKeepServingWhenTheNewPortIsTaken() throws Exception {
        int port = servers.start("taken", Map.of());
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); Client client = Client.open(port, "/here")) {
            servers.configure("taken", other.getLocalPort(), Map.of());
            expectError("io.hioload.server~taken", Integer.toString(other.getLocalPort()));
            assertEquals("still here", client.echo("still here"));
            assertEquals(101, Client.status(port, "/here"));
        }
    }

    @Test
    public void shouldStartNothingWhenTheFirstConfigurationIsBad() throws Exception {
        servers.configure("never", 1, Map.of("port ", 2));
        expectError("io.hioload.server~never", "port  = 2", "unknown key");
        assertFalse(servers.runs("never"));
    }

    @Test
    public void shouldRunOneServerForEachConfiguration() throws Exception {
        int one = servers.start("one", Map.of());
        int two = servers.start("two", Map.of("transport", "nio"));
        try (Client first = Client.open(one, "/here"); Client second = Client.open(two, "/here")) {
            assertEquals("one", first.echo("one"));
            assertEquals("two", second.echo("two"));
            servers.delete("one");
            assertEquals(1001, first.closeCode());
            assertEquals("two still", second.echo("two still"));
        }
        Await.until("the deleted server stops listening", () -> Client.status(one, "/here") == -1);
        Await.until("its control goes", () -> !servers.runs("one"));
        assertEquals(101, Client.status(two, "/here"));
    }

    @Test
    public void shouldDescribeEveryKeyByMetatype() throws Exception {
        servers.start("described", Map.of());
        Control control = servers.control("described");
        Bundle server = Arrays.stream(context.getBundles()).filter(b -> "io.hioload.server".equals(b.getSymbolicName())).findFirst().get();
        assertEquals(List.of(Servers.FACTORY_PID), List.of(metatype.getMetaTypeInformation(server).getFactoryPids()));
        ObjectClassDefinition description = metatype.getMetaTypeInformation(server).getObjectClassDefinition(Servers.FACTORY_PID, null);
        AttributeDefinition[] attributes = description.getAttributeDefinitions(ObjectClassDefinition.ALL);
        Set<String> keys = Arrays.stream(attributes).map(AttributeDefinition::getID).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(control.schema().keys().stream().map(ConfigKey::name).collect(Collectors.toCollection(TreeSet::new)), keys);
        assertTrue(keys.toString(), keys.containsAll(control.config().values().keySet()));
        for (AttributeDefinition attribute : attributes) {
            assertFalse(attribute.getID(), attribute.getDescription().isBlank());
            assertEquals(attribute.getID(), "", attribute.validate(attribute.getDefaultValue()[0]));
        }
    }

    /** Waits for one line that has all the parts, in one line. */
    private void expectError(String... parts) throws Exception {
        AtomicReference<String> line = new AtomicReference<>();
        Await.until(() -> "an error with " + List.of(parts) + " among " + log.errors(), () -> {
            log.errors().stream().filter(error -> Arrays.stream(parts).allMatch(error::contains)).findFirst().ifPresent(line::set);
            return line.get() != null;
        });
        assertTrue(line.get(), line.get().lines().count() == 1);
    }
}
