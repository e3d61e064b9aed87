package io.hioload.server.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.BufferPool;
import io.hioload.control.ConfigException;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameDecoder;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.server.RawPeer;
import io.hioload.server.TestTransports;
import io.hioload.session.PathPattern;
import io.hioload.transport.TransportProvider;
import io.hioload.websocket.WebSocketHandler;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManagedServerTest {

    private final RuntimeProviders parts = RuntimeProviders.load(ManagedServerTest.class.getClassLoader());
    private ManagedServer server = new ManagedServer("test", parts, new JfrTracer());

    private static Endpoint says(String path, String what, int ranking, long serviceId, String... servers) {
        WebSocketHandler handler = (session, type, buffer, offset, length) -> session.sendText(what);
        return new Endpoint(PathPattern.parse(path), handler, null, List.of(), Set.of(servers), ranking, serviceId);
    }

    private RawPeer open(String path) throws Exception {
        RawPeer peer = new RawPeer(server.localAddress());
        assertEquals(101, peer.send(RawPeer.upgrade(path)).status());
        return peer;
    }

    private int statusOf(String path) throws Exception {
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            return peer.send(RawPeer.upgrade(path)).status();
        }
    }

    private List<TransportProvider> only(String name) {
        return parts.transports().stream().filter(transport -> transport.name().equals(name)).toList();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldServeAnEndpointAsLongAsItIsThere() throws Exception {
        server.apply(Map.of("port", 0, "reactors", 2), "test");
        assertEquals(404, statusOf("/a"));
        Endpoint a = says("/a", "a", 0, 1);
        Endpoint b = says("/b", "b", 0, 2);
        server.endpoints(List.of(a, b));
        try (RawPeer toA = open("/a"); RawPeer toB = open("/b")) {
            assertEquals("a", toA.send(RawPeer.text("?")).read().text());
            server.endpoints(List.of(b));
            assertEquals(1001, toA.read().closeCode());
            assertEquals(404, statusOf("/a"));
            assertEquals("b", toB.send(RawPeer.text("?")).read().text());
        }
    }

    @Test
    void shouldKeepSessionsWhenAnotherEndpointTakesTheirPath() throws Exception {
        server.apply(Map.of("port", 0, "reactors", 1), "test");
        Endpoint low = says("/a", "low", 0, 1);
        Endpoint high = says("/a", "high", 1, 2);
        server.endpoints(List.of(low));
        try (RawPeer first = open("/a")) {
            server.endpoints(List.of(low, high));
            assertEquals("low", first.send(RawPeer.text("?")).read().text());
            try (RawPeer second = open("/a")) {
                assertEquals("high", second.send(RawPeer.text("?")).read().text());
                server.endpoints(List.of(low));
                assertEquals(1001, second.read().closeCode());
            }
            assertEquals("low", first.send(RawPeer.text("?")).read().text());
        }
    }

    @Test
    void shouldServeOnlyWhatIsForItWhenServersAreNamed() throws Exception {
        server.apply(Map.of("port", 0, "reactors", 1), "test");
        server.endpoints(List.of(says("/mine", "x", 0, 1, "test"), says("/other", "x", 0, 2, "other")));
        open("/mine").close();
        assertEquals(404, statusOf("/other"));
    }

    @Test
    void shouldStartWhenTheTransportItWaitsForArrives() throws Exception {
        server = new ManagedServer("test",
                new RuntimeProviders(List.of(), parts.pools(), parts.reactors(), parts.affinity(), parts.codecs()),
                new JfrTracer());
        server.endpoints(List.of(says("/a", "a", 0, 1)));
        ConfigException refused = assertThrows(ConfigException.class, () -> server.apply(Map.of("port", 0, "reactors", 1), "test"));
        assertTrue(refused.getMessage().contains("no transport is there"), refused.getMessage());
        assertFalse(server.isRunning());
        server.transports(only("nio"));
        assertTrue(server.isRunning());
        open("/a").close();
    }

    @Test
    void shouldMoveOrRestWhenItsTransportGoes() throws Exception {
        server.endpoints(List.of(says("/a", "a", 0, 1)));
        server.apply(Map.of("port", 0, "reactors", 1), "test");
        assertEquals(TestTransports.best(), server.transport());
        try (RawPeer peer = open("/a")) {
            server.transports(only("nio"));
            assertEquals("nio", server.transport());
            assertEquals("a", peer.send(RawPeer.text("?")).read().text());
        }
        server.transports(List.of());
        assertNull(server.transport());
        assertTrue(server.isRunning() && server.isWaiting());
        server.transports(only("nio"));
        assertFalse(server.isWaiting());
        open("/a").close();
    }

    @Test
    void shouldLeaveNoReactorBehindWhenAPartFails() {
        FrameCodecProvider failing = new FrameCodecProvider() {
            @Override
            public FrameDecoder decoder(Role role, FrameLimits limits, BufferPool buffers) {
                throw new IllegalStateException("no decoder today");
            }

            @Override
            public FrameEncoder encoder(Role role) {
                return parts.codecs().encoder(role);
            }
        };
        server = new ManagedServer("part-fails",
                new RuntimeProviders(parts.transports(), parts.pools(), parts.reactors(), parts.affinity(), failing), new JfrTracer());
        ConfigException refused = assertThrows(ConfigException.class, () -> server.apply(Map.of("port", 0, "reactors", 2), "test"));
        assertTrue(refused.getMessage().contains("no decoder today"), refused.getMessage());
        assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().contains("part-fails")));
    }

    @Test
    void shouldLeaveNothingBehindWhenStartedAndStoppedOften() throws Exception {
        cycle(3);
        int threads = Thread.activeCount();
        long descriptors = descriptors();
        cycle(50);
        assertEquals(descriptors, descriptors());
        assertTrue(Thread.activeCount() <= threads, () -> Thread.getAllStackTraces().keySet().toString());
    }

    private void cycle(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            server = new ManagedServer("cycle", parts, new JfrTracer());
            server.endpoints(List.of(says("/a", "a", 0, 1)));
            server.apply(Map.of("port", 0, "reactors", 1, "drain.timeout", "100ms"), "test");
            open("/a").close();
            server.close();
        }
    }

    private static long descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }
}
