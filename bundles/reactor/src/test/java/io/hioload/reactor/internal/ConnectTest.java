package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.concurrent.Cancelable;
import io.hioload.reactor.Connection;
import io.hioload.testkit.memory.MemoryPeer;
import io.hioload.testkit.memory.MemoryPeerListener;
import io.hioload.transport.Status;
import java.net.SocketAddress;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ConnectTest {

    private static Recorder connect(Rig rig, SocketAddress address, Recorder handler) throws Exception {
        Rig.on(rig.reactor(), () -> {
            rig.reactor().connect(address, handler);
            handler.record("called");
            return null;
        });
        return handler;
    }

    @Test
    void shouldOpenAndCarryBytesBothWays() throws Exception {
        try (Rig rig = Rig.open(); MemoryPeerListener listener = rig.network.listen(Rig.ANY_PORT)) {
            Recorder handler = connect(rig, listener.address(), new Recorder() {
                @Override
                public void onOpen(Connection opened) {
                    super.onOpen(opened);
                    write(opened, "hello");
                }
            });
            MemoryPeer peer = listener.accept();
            assertEquals("hello", peer.receiveText(5));
            peer.send("welcome");
            for (String expected : List.of("called", "open", "receive welcome")) {
                assertEquals(expected, handler.next());
            }
            assertEquals(listener.address(), Rig.on(rig.reactor(), handler.connection::remoteAddress));
            assertEquals(1, rig.count("connections.connected"));
        }
    }

    @Test
    void shouldTellOfAFailureAfterTheCall() throws Exception {
        try (Rig rig = Rig.open(); MemoryPeerListener listener = rig.network.listen(Rig.ANY_PORT)) {
            rig.network.faults().failConnect(0, Status.UNREACHABLE);
            Recorder handler = connect(rig, listener.address(), new Recorder());
            assertEquals("called", handler.next());
            assertEquals("failed unreachable", handler.next());
            rig.await(() -> rig.group.connections() == 0);
            assertEquals(List.of("called", "failed unreachable"), handler.events);
        }
    }

    @Test
    void shouldFreeItsPlaceWhenGivenUp() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder();
            Cancelable attempt = Rig.on(rig.reactor(), () -> rig.reactor().connect(Rig.ANY_PORT, handler));
            // Nobody listens there: it has failed, or fails now.
            attempt.cancel();
            assertTrue(handler.next().startsWith("failed "));
            rig.await(() -> rig.group.connections() == 0);
            assertFalse(attempt.cancel());
            Recorder given = new Recorder();
            assertTrue(Rig.on(rig.reactor(), () -> rig.reactor().connect(Rig.ANY_PORT, given).cancel()));
            assertEquals("failed closed by this side", given.next());
        }
    }

    @Test
    void shouldRefuseMoreThanTheMaximum() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.maxConnections = 1;
        try (Rig rig = setup.open(); MemoryPeerListener listener = rig.network.listen(Rig.ANY_PORT)) {
            Recorder first = connect(rig, listener.address(), new Recorder());
            Recorder second = connect(rig, listener.address(), new Recorder());
            assertEquals("called", second.next());
            assertEquals("failed connection refused", second.next());
            listener.accept().reset();
            assertEquals("called", first.next());
            assertEquals("open", first.next());
            assertEquals("closed connection reset by peer", first.next());
            rig.await(() -> rig.group.connections() == 0);
            Recorder third = connect(rig, listener.address(), new Recorder());
            assertEquals("called", third.next());
            assertEquals("open", third.next());
        }
    }

    @Test
    void shouldEndWhenHandlersConnectAgainWhileTheGroupCloses() throws Exception {
        Logger.getLogger(HandlerGuard.class.getName()).setFilter(message -> false);
        Rig rig = Rig.open();
        SocketAddress address = rig.network.listen(Rig.ANY_PORT).address();
        final class Again extends Recorder {
            @Override
            public void onConnectFailed(int status) {
                rig.reactor().connect(address, new Again());
            }

            @Override
            public void onClosed(Connection closed, int reason) {
                rig.reactor().connect(address, new Again());
            }
        }
        Recorder first = connect(rig, address, new Again());
        assertEquals("called", first.next());
        assertEquals("open", first.next());
        rig.group.close();
        assertEquals(0, rig.group.connections());
        assertEquals(0, Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals("hioload-test-0")).count());
        Logger.getLogger(HandlerGuard.class.getName()).setFilter(null);
    }

    @Test
    void shouldCarryBytesBetweenTwoReactors() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 2;
        try (Rig rig = setup.open()) {
            SocketAddress address = rig.listen(connection -> new Recorder() {
                @Override
                void received(Connection from, String text) {
                    write(from, text + "!");
                }
            }).localAddress();
            for (int i = 0; i < 10; i++) {
                Recorder handler = connect(rig, address, new Recorder() {
                    @Override
                    public void onOpen(Connection opened) {
                        super.onOpen(opened);
                        write(opened, "hi");
                    }
                });
                for (String expected : List.of("called", "open", "receive hi!")) {
                    assertEquals(expected, handler.next());
                }
            }
        }
    }
}
