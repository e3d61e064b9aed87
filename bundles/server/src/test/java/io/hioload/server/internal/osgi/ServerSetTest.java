package io.hioload.server.internal.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigChange;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.server.RawPeer;
import io.hioload.server.internal.ManagedServer;
import io.hioload.websocket.WebSocketHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerSetTest {

    private static final String PID = "io.hioload.server~default";
    private static final WebSocketHandler ECHO = (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length);

    private final RuntimeProviders parts = RuntimeProviders.load(ServerSetTest.class.getClassLoader());
    private final Map<String, ManagedServer> registered = new TreeMap<>();
    private final ServerSet servers = new ServerSet(parts, this::register);
    private final List<String> errors = new ArrayList<>();
    private final Logger logger = Logger.getLogger(ServerSet.class.getName());
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord line) {
            if (line.getLevel() == Level.SEVERE) {
                errors.add(line.getMessage());
            }
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
        }
    };

    private Runnable register(String name, ManagedServer server) {
        registered.put(name, server);
        return () -> registered.remove(name);
    }

    @BeforeEach
    void listen() {
        logger.addHandler(listener);
        parts.transports().forEach(servers::addTransport);
    }

    @AfterEach
    void stop() {
        servers.stopAll();
        logger.removeHandler(listener);
    }

    private static Map<String, Object> config(Object... keysAndValues) {
        Map<String, Object> values = new TreeMap<>(Map.of("felix.fileinstall.filename", "file:/opt/etc/io.hioload.server~default.cfg",
                "service.pid", PID, "reactors", "1", "port", "0"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return values;
    }

    private int upgrade() throws Exception {
        try (RawPeer peer = new RawPeer(registered.get("default").localAddress())) {
            return peer.send(RawPeer.upgrade("/echo")).status();
        }
    }

    @Test
    void shouldRegisterAServerAsLongAsItIsConfigured() throws Exception {
        Map<String, Object> properties = Map.of("hioload.websocket.path", "/echo", "service.id", 4L);
        servers.configure(PID, config());
        assertEquals(404, upgrade());
        servers.addEndpoint(properties, false, () -> ServiceEndpoints.webSocket(ECHO, properties));
        assertEquals(101, upgrade());
        servers.removeEndpoint(properties, false);
        assertEquals(404, upgrade());
        servers.remove(PID);
        assertTrue(registered.isEmpty());
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldLogOneLineWithFileKeyAndValueWhenAConfigurationIsBad() throws Exception {
        servers.configure(PID, config());
        int port = registered.get("default").localAddress().getPort();
        servers.configure(PID, config("port", "high", "colour", "red"));
        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.getFirst().startsWith("/opt/etc/io.hioload.server~default.cfg: colour = red: unknown key; "), errors::toString);
        assertTrue(
                errors.getFirst().endsWith("port = high: allowed is a whole number from 0 to 65535 (the server goes on with what it had)"),
                errors::toString);
        assertEquals(port, registered.get("default").localAddress().getPort());
    }

    @Test
    void shouldNotRegisterAServerThatCannotStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            servers.configure(PID, config("port", taken.getLocalPort()));
        }
        assertTrue(registered.isEmpty());
        assertTrue(errors.getFirst().endsWith("(the server does not run)"), errors::toString);
        servers.configure(PID, config());
        assertEquals(List.of("default"), List.copyOf(registered.keySet()));
    }

    @Test
    void shouldNameTheServiceWhenItsPathIsBad() {
        Map<String, Object> properties = Map.of("hioload.websocket.path", "echo", "service.id", 4L, "component.name", "a.Component");
        servers.addEndpoint(properties, false, () -> ServiceEndpoints.webSocket(ECHO, properties));
        assertTrue(errors.getFirst().startsWith("service 4 of a.Component is not served: path pattern 'echo'"), errors::toString);
    }

    @Test
    void shouldShowAServerThatWaitsForItsTransport() {
        servers.configure(PID, config("transport", "pigeon"));
        assertTrue(errors.getFirst().endsWith("(the server waits for one)"), errors::toString);
        Map<String, Object> probe = registered.get("default").probes().getFirst().probe();
        assertEquals(false, probe.get("running"));
        assertTrue(probe.get("without transport because").toString().contains("no such transport"), probe::toString);
    }

    @Test
    void shouldKeepAServerWhoseTransportsAreGoneUntilOneIsBack() throws Exception {
        servers.configure(PID, config());
        parts.transports().forEach(servers::removeTransport);
        assertTrue(registered.get("default").isWaiting());
        servers.addTransport(parts.transports().getFirst());
        assertFalse(registered.get("default").isWaiting());
        assertEquals(404, upgrade());
    }

    @Test
    void shouldNameTheFileAndTheApiAsSources() {
        servers.configure(PID, config());
        servers.configure(PID, Map.of("port", 0, "reactors", 1));
        assertEquals(List.of("/opt/etc/io.hioload.server~default.cfg", "configuration " + PID),
                registered.get("default").history().stream().map(ConfigChange::source).toList());
    }
}
