package io.hioload.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigException;
import io.hioload.websocket.WebSocketHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlTest {

    private static final WebSocketHandler ECHO = (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length);

    private HioloadServer server;

    private void start(String transport) {
        server = Hioload.server().port(0).reactors(1).transport(transport).set("drain.timeout", "2s").handle("/echo", ECHO).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawPeer open() throws Exception {
        RawPeer peer = new RawPeer(server.localAddress());
        assertEquals(101, peer.send(RawPeer.upgrade("/echo")).status());
        assertEquals("hello", peer.send(RawPeer.text("hello")).read().text());
        return peer;
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldRunOnUntouchedWhenAChangeIsRefused(String transport) throws Exception {
        start(transport);
        try (RawPeer peer = open(); ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThrows(ConfigException.class, () -> server.control().apply(Map.of("port", "many"), "test"));
            ConfigException bind = assertThrows(ConfigException.class,
                    () -> server.control().apply(Map.of("port", taken.getLocalPort(), "transport", transport), "test"));
            assertTrue(bind.getMessage().contains("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": "), bind.getMessage());
            ConfigException unknown = assertThrows(ConfigException.class,
                    () -> server.control().apply(Map.of("transport", "pigeon"), "test"));
            assertTrue(unknown.getMessage().contains("transport = pigeon: no such transport; there"), unknown.getMessage());
            assertEquals(1, server.control().config().number());
            assertEquals("still here", peer.send(RawPeer.text("still here")).read().text());
            open().close();
        }
    }

    @Test
    void shouldDisconnectNobodyWhenOnlyLimitsChange() throws Exception {
        start("auto");
        try (RawPeer peer = open()) {
            server.control()
                    .apply(Map.of("port", 0, "reactors", 1, "transport", server.control().config().values().get("transport"), "message.max",
                            "10", "idle.timeout", "1h", "drain.timeout", "1s"), "test");
            assertEquals("longer than ten", peer.send(RawPeer.text("longer than ten")).read().text());
            try (RawPeer later = open()) {
                assertEquals(1009, later.send(RawPeer.text("longer than ten")).read().closeCode());
            }
        }
    }

    @Test
    void shouldRefuseAChangeOnAThreadOfItsOwnReactors() throws Exception {
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        server = Hioload.server().port(0).reactors(1).set("drain.timeout", "2s").handle("/echo", ECHO)
                .handle("/apply", (session, type, buffer, offset, length) -> {
                    try {
                        server.control().apply(Map.of("port", 0, "connections.max", 5000), "a handler");
                        refused.complete(null);
                    } catch (Exception e) {
                        refused.complete(e);
                    }
                }).start();
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            assertEquals(101, peer.send(RawPeer.upgrade("/apply")).status());
            peer.send(RawPeer.text("go"));
            Throwable failure = refused.get(5, TimeUnit.SECONDS);
            assertTrue(failure instanceof IllegalStateException && failure.getMessage().contains("use another thread"),
                    () -> String.valueOf(failure));
            open().close();
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldListenOnWhenAChangeTimesOutAtABlockedReactor(String transport) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        server = Hioload.server().port(0).reactors(1).transport(transport).handle("/echo", ECHO)
                .handle("/block", (session, type, buffer, offset, length) -> {
                    blocked.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }).start();
        int port = server.port();
        Map<String, Object> change = Map.of("port", 0, "reactors", 1, "transport", transport, "connections.max", 5000,
                "drain.timeout", "1s");
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            assertEquals(101, peer.send(RawPeer.upgrade("/block")).status());
            peer.send(RawPeer.text("go"));
            assertTrue(blocked.await(10, TimeUnit.SECONDS));
            ConfigException refused = assertThrows(ConfigException.class, () -> server.control().apply(change, "test"));
            assertTrue(refused.getMessage().contains("does a handler block it?"), refused.getMessage());
        } finally {
            release.countDown();
        }
        assertEquals(port, server.port());
        open().close();
        server.control().apply(change, "test");
        assertEquals(port, server.port());
        open().close();
        // The port that it was given by the system, now as its own.
        server.control().apply(Map.of("port", port, "reactors", 1, "transport", transport, "drain.timeout", "1s"), "test");
        assertEquals(port, server.port());
        open().close();
    }

    @Test
    void shouldRefuseANameAsHostBeforeAnythingElse() {
        start("auto");
        String message = assertThrows(IllegalStateException.class, () -> Hioload.server().host("example.org").port(-1).start())
                .getMessage();
        assertTrue(message.contains("port = -1"), message);
        message = assertThrows(IllegalStateException.class, () -> Hioload.server().host("example.org").port(0).start()).getMessage();
        assertTrue(message.contains("host = example.org: allowed is an IP address or localhost, no other name"), message);
        try (HioloadServer local = Hioload.server().host("localhost").port(0).reactors(1).start()) {
            assertTrue(local.localAddress().getAddress().isLoopbackAddress());
        }
    }

    @Test
    void shouldCloseASessionWhoseMessageDoesNotEnd() throws Exception {
        server = Hioload.server().port(0).reactors(1).set("message.timeout", "200ms").handle("/echo", ECHO).start();
        try (RawPeer peer = open()) {
            assertEquals(1008, peer.send(RawPeer.frame(1, false, new byte[]{'a'})).read().closeCode());
        }
    }

    @Test
    void shouldRefuseASecondServerOnTheSameAddress() {
        start("auto");
        IllegalStateException refused = assertThrows(IllegalStateException.class,
                () -> Hioload.server().name("second").port(server.port()).handle("/echo", ECHO).start());
        assertTrue(refused.getMessage().contains("cannot listen on 127.0.0.1:" + server.port() + ": "), refused.getMessage());
    }

    @Test
    void shouldSayEverythingThatIsWrongWhenItCannotStart() {
        start("auto");
        String message = assertThrows(IllegalStateException.class, () -> Hioload.server().set("prot", 1).set("port", -1).start())
                .getMessage();
        assertTrue(message.contains("prot = 1: unknown key") && message.contains("port = -1: allowed is a whole number from 0 to 65535"),
                message);
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldSendEverythingAndGoingAwayWhenStopped(String transport) throws Exception {
        start(transport);
        byte[] large = new byte[4 << 20];
        try (RawPeer peer = open()) {
            peer.send(RawPeer.frame(2, true, large));
            // The echo has begun to come back, and most of it waits in the server's queue.
            assertTrue(peer.socket().getInputStream().read() > 0);
            Thread stop = Thread.ofPlatform().start(server::close);
            peer.socket().getInputStream().skipNBytes(large.length + 9L);
            assertEquals(1001, peer.read().closeCode());
            peer.send(RawPeer.close(1001));
            assertTrue(peer.atEnd());
            stop.join();
        }
        assertFalse(server.control().probes().getFirst().probe().get("running").equals(true));
        server.awaitStopped();
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldStopInTimeWhenAPeerDoesNotAnswer(String transport) throws Exception {
        start(transport);
        server.control().apply(Map.of("port", 0, "reactors", 1, "transport", transport, "drain.timeout", "300ms"), "test");
        try (RawPeer peer = open()) {
            long beginNs = System.nanoTime();
            server.close();
            assertTrue(System.nanoTime() - beginNs < 4_000_000_000L);
            assertEquals(1001, peer.read().closeCode());
            assertTrue(peer.atEnd());
        }
    }
}
