package io.hioload.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigException;
import io.hioload.control.ConfigKey;
import io.hioload.transport.Availability;
import io.hioload.transport.LoopContext;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportProvider;
import io.hioload.websocket.WebSocketHandler;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What changes while sessions live on. */
class LiveChangeTest {

    private static final WebSocketHandler ECHO = (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length);

    private HioloadServer server;

    private void start(String transport, Object... keysAndValues) {
        ServerBuilder builder = Hioload.server().port(0).reactors(1).transport(transport).set("drain.timeout", "2s").handle("/echo", ECHO);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            builder.set((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        server = builder.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawPeer open() throws Exception {
        RawPeer peer = new RawPeer(server.localAddress());
        assertEquals(101, peer.send(RawPeer.upgrade("/echo")).status());
        echo(peer, "hello");
        return peer;
    }

    private static void echo(RawPeer peer, String text) throws Exception {
        assertEquals(text, peer.send(RawPeer.text(text)).read().text());
    }

    private Object probe(String key) {
        return server.control().probes().getFirst().probe().get(key);
    }

    private static List<TransportProvider> transports() {
        List<TransportProvider> all = new ArrayList<>();
        ServiceLoader.load(TransportProvider.class).forEach(all::add);
        return all;
    }

    static Stream<Arguments> changes() {
        return TestTransports.names().flatMap(from -> TestTransports.names().map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void shouldKeepAddressAndSessionsWhenTheTransportChanges(String from, String to) throws Exception {
        start(from);
        int port = server.port();
        try (RawPeer peer = open()) {
            server.control().change(Map.of("transport", to), "test");
            assertEquals(port, server.port());
            assertEquals(to, server.transport());
            echo(peer, "still here");
            open().close();
        }
    }

    @Test
    void shouldCloseSessionsWhenThePolicySaysSo() throws Exception {
        start("nio", "transport.change", "close", "transport.close.jitter", 0);
        try (RawPeer peer = open()) {
            server.control().change(Map.of("transport", TestTransports.best()), "test");
            assertEquals(TestTransports.linux() ? 1012 : -1, TestTransports.linux() ? peer.read().closeCode() : -1);
        }
        open().close();
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldKeepSessionsWhenThePortChanges(String transport) throws Exception {
        start(transport);
        int before = server.port();
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (RawPeer peer = open()) {
            server.control().change(Map.of("port", free), "test");
            assertEquals(free, server.port());
            assertNotEquals(before, free);
            echo(peer, "on the old port");
            open().close();
            assertThrows(IOException.class, () -> new RawPeer(new InetSocketAddress("127.0.0.1", before)));
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldKeepSessionsWhenTheListenersOptionsChange(String transport) throws Exception {
        start(transport);
        int port = server.port();
        try (RawPeer peer = open()) {
            server.control().change(Map.of("backlog", 64, "tcp.nodelay", false), "test");
            assertEquals(port, server.port());
            echo(peer, "still here");
            open().close();
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldKeepSessionsWhenReactorsComeAndGo(String transport) throws Exception {
        start(transport);
        try (RawPeer first = open()) {
            server.control().change(Map.of("reactors", 3), "test");
            assertEquals(3, probe("reactors"));
            assertEquals(3, server.control().acknowledged().size());
            List<RawPeer> more = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                more.add(open());
            }
            server.control().change(Map.of("reactors", 1, "message.max", "1MiB"), "test");
            echo(first, "first");
            for (RawPeer peer : more) {
                echo(peer, "more");
                peer.close();
            }
            assertEquals(List.of(3L), server.control().acknowledged());
            open().close();
        }
    }

    /** They are idle: without a move each would hold up the end of its reactor until it is closed. */
    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldMoveHttpConnectionsBetweenTheirRequestsWhenReactorsGo(String transport) throws Exception {
        start(transport, "reactors", 3, "http.idle.timeout", "1h", "transport.finish.timeout", "1h");
        List<RawPeer> peers = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            RawPeer peer = new RawPeer(server.localAddress());
            peers.add(peer);
            // A third of them has not asked for anything yet.
            if (i % 3 > 0) {
                notFound(peer);
            }
        }
        RawPeer inside = new RawPeer(server.localAddress());
        inside.send("GET /x HTTP/1.1\r\nHo");
        server.control().change(Map.of("reactors", 1), "test");
        for (RawPeer peer : peers) {
            notFound(peer);
            assertEquals(101, peer.send(RawPeer.upgrade("/echo")).status());
            echo(peer, "moved");
        }
        // The one that is amid a request finishes it where it is, and goes then.
        inside.send("st: test\r\n\r\n");
        String head = inside.head();
        assertTrue(head.startsWith("HTTP/1.1 404"), head);
        inside.body(head);
        long beganNs = System.nanoTime();
        while (Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().matches("hioload-default-\\d+"))
                .count() > 1) {
            assertTrue(System.nanoTime() - beganNs < 10_000_000_000L, "reactors without connections end");
            Thread.onSpinWait();
        }
        assertEquals(101, inside.send(RawPeer.upgrade("/echo")).status());
        echo(inside, "moved later");
        for (RawPeer peer : peers) {
            peer.close();
        }
        inside.close();
    }

    private static void notFound(RawPeer peer) throws IOException {
        String head = peer.send(RawPeer.get("/nothing")).head();
        assertTrue(head.startsWith("HTTP/1.1 404"), head);
        peer.body(head);
    }

    @Test
    void shouldRefuseNewConnectionsAboveALowerMaximumAndKeepThoseThereAre() throws Exception {
        start("nio");
        try (RawPeer peer = open()) {
            server.control().change(Map.of("connections.max", 1), "test");
            try (RawPeer refused = new RawPeer(server.localAddress())) {
                assertTrue(refused.atEnd());
            }
            echo(peer, "still here");
            server.control().change(Map.of("connections.max", 10), "test");
            open().close();
        }
    }

    @Test
    void shouldApplyAMessageLimitToNewSessionsAndAnIdleTimeoutToAll() throws Exception {
        start("nio");
        try (RawPeer before = open()) {
            server.control().change(Map.of("message.max", 10, "frame.max", 10), "test");
            echo(before, "longer than ten bytes");
            try (RawPeer after = open()) {
                assertEquals(1009, after.send(RawPeer.text("longer than ten bytes")).read().closeCode());
            }
            server.control().change(Map.of("idle.timeout", 200, "ping.interval", 0), "test");
            assertEquals(1001, before.read().closeCode());
        }
    }

    @Test
    void shouldRunByANewMemoryCeiling() throws Exception {
        start("nio");
        server.control().change(Map.of("memory.ceiling", "64MiB"), "test");
        assertTrue(server.control().probes().stream().anyMatch(probe -> probe.probe().containsValue(64L << 20)),
                () -> server.control().probes().getLast().probe().toString());
    }

    @Test
    void shouldRestWithoutATransportAndGoOnWithTheNext() throws Exception {
        start("auto");
        assertEquals(TestTransports.best(), server.transport());
        int port = server.port();
        RawPeer peer = open();
        server.transports(List.of());
        assertNull(server.transport());
        assertEquals("transport = auto: no transport is there", probe("without transport because"));
        assertNotNull(probe("without transport since"));
        assertEquals(port, server.port());
        server.transports(transports());
        assertEquals(TestTransports.best(), server.transport());
        assertNull(probe("without transport because"));
        assertEquals(port, server.port());
        if (TestTransports.linux()) {
            echo(peer, "woke up");
        }
        open().close();
        peer.close();
    }

    @Test
    void shouldTakeABetterTransportWhenItComesAndTellWhatBecameOfConnections() throws Exception {
        server = Hioload.server().port(0).reactors(1).handle("/echo", ECHO).start();
        server.transports(transports().stream().filter(transport -> transport.name().equals("nio")).toList());
        assertEquals("nio", server.transport());
        try (RawPeer peer = open()) {
            server.transports(transports());
            assertEquals(TestTransports.best(), server.transport());
            echo(peer, "hello");
        }
        Map<?, ?> changes = (Map<?, ?>) probe("transport changes");
        assertTrue(changes.containsKey("moved") && changes.containsKey("finished"), changes::toString);
    }

    /** A provider whose loops cannot be opened. */
    private record Broken(String name, List<ConfigKey> keys) implements TransportProvider {

        @Override
        public int preference() {
            return 1000;
        }

        @Override
        public long capabilities() {
            return 0;
        }

        @Override
        public String handleKind() {
            return "none";
        }

        @Override
        public Availability availability() {
            return Availability.USABLE;
        }

        @Override
        public TransportLoop open(LoopContext context) throws TransportException {
            throw new TransportException("no loop today");
        }

        @Override
        public void discard(long handle) {
        }
    }

    @Test
    void shouldStayOnWhatItHasWhenABetterTransportCannotBeOpened() throws Exception {
        start("auto");
        try (RawPeer peer = open()) {
            List<TransportProvider> more = new ArrayList<>(transports());
            more.add(new Broken("broken", List.of()));
            server.transports(more);
            assertEquals(TestTransports.best(), server.transport());
            echo(peer, "untouched");
            ConfigException refused = assertThrows(ConfigException.class,
                    () -> server.control().change(Map.of("transport", "broken", "message.max", 10), "test"));
            assertTrue(refused.getMessage().contains("no loop today"), refused.getMessage());
            echo(peer, "still untouched");
            assertEquals(16L << 20, server.control().config().values().get("message.max"));
        }
    }

    @Test
    void shouldCheckKeysOfATransportWhenItComes() throws Exception {
        start("auto", "transport.pigeon.wings", 7);
        ConfigKey wings = ConfigKey.number("transport.pigeon.wings", ConfigKey.Type.NUMBER, 2, 0, 4, ConfigKey.Effect.LIVE, "Wings.");
        List<TransportProvider> more = new ArrayList<>(transports());
        more.add(new Broken("pigeon", List.of(wings)));
        server.transports(more);
        ConfigException refused = assertThrows(ConfigException.class,
                () -> server.control().change(Map.of("transport.pigeon.wings", 8), "test"));
        assertTrue(refused.getMessage().contains("transport.pigeon.wings = 8: allowed is a whole number from 0 to 4"),
                refused.getMessage());
        assertEquals(3L, server.control().change(Map.of("transport.pigeon.wings", 3), "test").values().get("transport.pigeon.wings"));
        assertFalse(server.transport().equals("pigeon"));
    }

    /** A plugin in a class loader of its own, as an application would load a new version of it. */
    private static URLClassLoader pluginLoader() throws IOException {
        List<URL> jars = new ArrayList<>();
        for (URL service : Collections
                .list(LiveChangeTest.class.getClassLoader().getResources("META-INF/services/" + TransportProvider.class.getName()))) {
            String url = service.toString();
            if (url.contains("transport.nio") || url.contains("transport-nio") || url.contains("/nio/")) {
                jars.add(java.net.URI
                        .create(url.startsWith("jar:") ? url.substring(4, url.indexOf('!')) : url.replaceFirst("META-INF/.*", "")).toURL());
            }
        }
        return new URLClassLoader(jars.toArray(URL[]::new), new ParentWithoutPlugins());
    }

    /** Everything but the transports. */
    private static final class ParentWithoutPlugins extends ClassLoader {

        ParentWithoutPlugins() {
            super(LiveChangeTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.hioload.transport.nio.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }

        @Override
        public java.util.Enumeration<URL> getResources(String name) throws IOException {
            return name.startsWith("META-INF/services/" + TransportProvider.class.getName()) ? Collections.emptyEnumeration()
                    : super.getResources(name);
        }
    }

    @Test
    void shouldSwapProvidersOfAServiceLoaderAndLetTheOldClassLoaderGo() throws Exception {
        start("nio");
        WeakReference<ClassLoader> old = onPlugin();
        onPlugin();
        for (int i = 0; i < 100 && old.get() != null; i++) {
            System.gc();
        }
        assertNull(old.get(), "the class loader of the plugin that was replaced is still referred to");
        open().close();
    }

    private WeakReference<ClassLoader> onPlugin() throws Exception {
        URLClassLoader loader = pluginLoader();
        server.reloadTransports(loader);
        assertEquals("nio", server.transport());
        open().close();
        return new WeakReference<>(loader);
    }
}
