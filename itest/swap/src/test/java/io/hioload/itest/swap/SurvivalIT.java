package io.hioload.itest.swap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.ChangePolicy;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.TransportChange;
import io.hioload.transport.CloseMode;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A connection in the middle of anything survives that its transport is swapped, from epoll to io_uring and back. */
class SurvivalIT {

    private static final int FIN_BINARY = 0x82;

    /** Does something between two swaps, first on io_uring, then on epoll, and once more each. */
    private static void swap(SwapServer server, int moved) throws Exception {
        for (String transport : List.of("io_uring", "epoll", "io_uring", "epoll")) {
            TransportChange change = server.change(transport);
            assertEquals(moved, change.moved(), change.toString());
            assertEquals(transport, server.group.transport().name());
        }
    }

    @Test
    void shouldSurviveWhenHalfAFrameWasRead() throws Exception {
        try (SwapServer server = new SwapServer("epoll", 2); EchoPeer peer = new EchoPeer(server.serve(new SwapStressIT.Echo()), 1)) {
            for (int length : new int[]{5, 300, 70_000}) {
                byte[] payload = peer.payload(length);
                byte[] frame = peer.message(payload);
                long before = server.count("receive.bytes");
                int at = 0;
                // Amid the header, behind it, amid the payload.
                for (int next : new int[]{1, 3, frame.length / 2}) {
                    peer.write(frame, at, next);
                    at = next;
                    server.await("a piece", () -> server.count("receive.bytes") == before + next);
                    server.change(server.group.transport().name().equals("epoll") ? "io_uring" : "epoll");
                }
                peer.write(frame, at, frame.length);
                peer.expect(payload);
            }
        }
    }

    @Test
    void shouldSurviveWhenAMessageIsFragmented() throws Exception {
        try (SwapServer server = new SwapServer("epoll", 2); EchoPeer peer = new EchoPeer(server.serve(new SwapStressIT.Echo()), 2)) {
            byte[] payload = peer.payload(50_000);
            long before = server.count("receive.bytes");
            long sent = 0;
            for (int i = 0; i < 5; i++) {
                byte[] frame = peer.frame((i == 0 ? 2 : 0) | (i == 4 ? 0x80 : 0), payload, i * 10_000, (i + 1) * 10_000);
                peer.write(frame, 0, frame.length);
                sent += frame.length;
                long expected = before + sent;
                server.await("a fragment", () -> server.count("receive.bytes") == expected);
                if (i < 4) {
                    server.change(i % 2 == 0 ? "io_uring" : "epoll");
                }
            }
            peer.expect(payload);
        }
    }

    @Test
    void shouldSurviveWhenUnsentBuffersAreQueuedUnderBackpressure() throws Exception {
        AtomicReference<Session> session = new AtomicReference<>();
        AtomicInteger writable = new AtomicInteger();
        int count = 80;
        int length = 100_000;
        WebSocketHandler handler = new WebSocketHandler() {
            @Override
            public void onOpen(Session opened) {
                for (int i = 0; i < count; i++) {
                    opened.send(MessageType.BINARY, new UnsafeBuffer(content(i, length)), 0, length);
                }
                session.set(opened);
            }

            @Override
            public void onMessage(Session from, MessageType type, DirectBuffer buffer, int offset, int received) {
                // nothing comes
            }

            @Override
            public void onWritable(Session to) {
                writable.incrementAndGet();
            }
        };
        try (SwapServer server = new SwapServer("epoll", 2); EchoPeer peer = new EchoPeer(server.serve(handler), 3)) {
            server.await("the session", () -> session.get() != null);
            swap(server, 1);
            assertTrue(session.get().unsentBytes() > 1 << 20, "it was queued: " + session.get().unsentBytes());
            assertEquals(0, writable.get());
            for (int i = 0; i < count; i++) {
                assertArrayEquals(content(i, length), peer.receive(), "message " + i);
                if (i % 20 == 10) {
                    server.change(i % 40 == 10 ? "io_uring" : "epoll");
                }
            }
            server.await("relief", () -> writable.get() == 1 && session.get().unsentBytes() == 0);
        }
    }

    private static byte[] content(int number, int length) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) (number * 31 + i * 7 + (i >> 8));
        }
        return content;
    }

    @Test
    void shouldSurviveWhenTheCloseHandshakeIsUnderWay() throws Exception {
        AtomicReference<Session> session = new AtomicReference<>();
        AtomicInteger closed = new AtomicInteger();
        WebSocketHandler handler = new WebSocketHandler() {
            @Override
            public void onOpen(Session opened) {
                session.set(opened);
            }

            @Override
            public void onMessage(Session from, MessageType type, DirectBuffer buffer, int offset, int received) {
                // nothing comes
            }

            @Override
            public void onClose(Session ended, int code, String reason) {
                closed.set(code);
            }
        };
        try (SwapServer server = new SwapServer("epoll", 2); EchoPeer peer = new EchoPeer(server.serve(handler), 4)) {
            server.await("the session", () -> session.get() != null);
            session.get().close(4000, "enough");
            byte[] frame = peer.receive();
            assertEquals(4000, (frame[0] & 0xff) << 8 | frame[1] & 0xff);
            swap(server, 1);
            assertEquals(0, closed.get());
            byte[] answer = peer.closeFrame(4000);
            peer.write(answer, 0, answer.length);
            peer.expectEnd();
            server.await("the end", () -> closed.get() == 4000);
        }
    }

    /** The connection as its reactor has it, with a handler that keeps what comes. */
    private static final class Keeper implements ConnectionHandler {
        final AtomicInteger received = new AtomicInteger();
        final AtomicInteger ends = new AtomicInteger();
        volatile Connection connection;

        @Override
        public void onOpen(Connection opened) {
            connection = opened;
        }

        @Override
        public void onReceive(Connection from, Buffer buffer, int offset, int length) {
            received.addAndGet(length);
        }

        @Override
        public void onEndOfInput(Connection from) {
            ends.incrementAndGet();
        }

        @Override
        public void onClosed(Connection closed, int reason) {
            connection = null;
        }

        void run(Runnable what) throws Exception {
            SwapServer.on(connection.reactor(), () -> {
                what.run();
                return null;
            });
        }

        void write(byte[] bytes) throws Exception {
            run(() -> {
                Buffer buffer = connection.claim(bytes.length);
                buffer.memory().putBytes(connection.claimOffset(), bytes);
                connection.commit(bytes.length);
            });
        }
    }

    @Test
    void shouldSurviveWhenOurFinWasSent() throws Exception {
        Keeper keeper = new Keeper();
        try (SwapServer server = new SwapServer("epoll", 2); EchoPeer peer = new EchoPeer(server.listen(connection -> keeper), 5)) {
            server.await("the connection", () -> keeper.connection != null);
            keeper.write(peer.frame(FIN_BINARY & 0xff, new byte[0], 0, 0));
            keeper.run(() -> keeper.connection.close(CloseMode.FLUSH));
            CompletionStage<TransportChange> first = server.group.changeTransport(SwapServer.transport("io_uring"), SwapServer.MIGRATE);
            server.await("the switch", () -> server.group.transport().name().equals("io_uring"));
            CompletionStage<TransportChange> second = server.group.changeTransport(SwapServer.transport("epoll"), SwapServer.MIGRATE);
            server.await("the other switch", () -> server.group.transport().name().equals("epoll"));
            assertFalse(first.toCompletableFuture().isDone(), "it comes to its end where it was");
            // Neither reset nor cut: what was sent arrives, then the end.
            assertEquals(6, peer.socket.getInputStream().readNBytes(6).length);
            assertEquals(-1, peer.socket.getInputStream().read());
            assertEquals(1, SwapServer.get(first).finished());
            assertEquals(0, SwapServer.get(second).moved());
        }
    }

    @Test
    void shouldSurviveWhenReceivingIsOff() throws Exception {
        Keeper keeper = new Keeper();
        try (SwapServer server = new SwapServer("epoll", 2); EchoPeer peer = new EchoPeer(server.listen(connection -> keeper), 6)) {
            server.await("the connection", () -> keeper.connection != null);
            keeper.run(() -> keeper.connection.receiving(false));
            int moved = 0;
            swap(server, 1);
            byte[] bytes = peer.payload(200_000);
            peer.write(bytes, 0, bytes.length);
            for (int i = 0; i < 10; i++) {
                server.change(i % 2 == 0 ? "io_uring" : "epoll");
                moved++;
            }
            for (int i = 0; i < 100; i++) {
                keeper.run(() -> {
                });
            }
            int there = keeper.received.get();
            assertEquals(0, there, "paused over " + moved + " moves");
            keeper.run(() -> keeper.connection.receiving(true));
            server.await("all of it", () -> keeper.received.get() == bytes.length);
            keeper.run(() -> keeper.connection.close(CloseMode.ABORT));
        }
    }

    @Test
    void shouldSurviveWhenThePeerHasEndedItsInput() throws Exception {
        Keeper keeper = new Keeper();
        try (SwapServer server = new SwapServer("epoll", 2); EchoPeer peer = new EchoPeer(server.listen(connection -> keeper), 7)) {
            server.await("the connection", () -> keeper.connection != null);
            peer.socket.shutdownOutput();
            server.await("the end of input", () -> keeper.ends.get() == 1);
            swap(server, 1);
            byte[] payload = peer.payload(100);
            keeper.write(peer.frame(FIN_BINARY, payload, 0, 100));
            assertEquals(106, peer.socket.getInputStream().readNBytes(106).length);
            for (int i = 0; i < 100; i++) {
                keeper.run(() -> {
                });
            }
            assertEquals(1, keeper.ends.get());
            keeper.run(() -> keeper.connection.close(CloseMode.FLUSH));
            assertEquals(-1, peer.socket.getInputStream().read());
        }
    }

    @Test
    void shouldResetNobodyWhenThereIsNoTransportForAWhile() throws Exception {
        try (SwapServer server = new SwapServer("io_uring", 2)) {
            InetSocketAddress address = server.serve(new SwapStressIT.Echo());
            List<EchoPeer> peers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                peers.add(new EchoPeer(address, i));
                byte[] payload = peers.get(i).payload(100);
                byte[] frame = peers.get(i).message(payload);
                peers.get(i).write(frame, 0, frame.length);
                peers.get(i).expect(payload);
            }
            for (String back : List.of("epoll", "io_uring")) {
                TransportChange rest = server.change(null);
                assertNull(server.group.transport());
                assertEquals(peers.size(), rest.moved());
                List<byte[]> sent = new ArrayList<>();
                int before = peers.size();
                for (int i = 0; i < 100; i++) {
                    peers.add(new EchoPeer(address, 1000 + i));
                }
                for (EchoPeer peer : peers) {
                    byte[] payload = peer.payload(1000);
                    byte[] frame = peer.message(payload);
                    peer.write(frame, 0, frame.length);
                    sent.add(payload);
                }
                assertEquals(before, server.group.connections());
                assertEquals(before, server.change(back).moved());
                for (int i = 0; i < peers.size(); i++) {
                    peers.get(i).expect(sent.get(i));
                }
            }
            for (EchoPeer peer : peers) {
                peer.close();
            }
        }
    }

    @Test
    void shouldFinishThenCloseWith1012WhenNioTakesOver() throws Exception {
        try (SwapServer server = new SwapServer("epoll", 2)) {
            InetSocketAddress address = server.serve(new SwapStressIT.Echo());
            EchoPeer old = new EchoPeer(address, 1);
            server.await("the session", () -> server.openSessions() == 1);
            CompletionStage<TransportChange> changed = server.group.changeTransport(SwapServer.transport("nio"),
                    new ChangePolicy(ChangePolicy.Live.MIGRATE, 300_000_000L, 0, 5_000_000_000L));
            server.await("the switch", () -> server.group.transport().name().equals("nio"));
            byte[] frame = old.receive();
            assertEquals(1012, (frame[0] & 0xff) << 8 | frame[1] & 0xff);
            byte[] answer = old.closeFrame(1012);
            old.write(answer, 0, answer.length);
            old.expectEnd();
            old.close();
            TransportChange change = SwapServer.get(changed);
            assertEquals(1, change.closed(), change.toString());
            assertEquals(2, change.rebound(), "a socket for each reactor");
            try (EchoPeer next = new EchoPeer(address, 2)) {
                byte[] payload = next.payload(1000);
                byte[] message = next.message(payload);
                next.write(message, 0, message.length);
                next.expect(payload);
                TransportChange same = server.change("nio");
                assertEquals(1, same.moved(), "from nio to nio everything goes over");
                next.write(message, 0, message.length);
                next.expect(payload);
            }
        }
    }

    @Test
    void shouldMoveThousandsOfConnectionsWhileOthersEcho() throws Exception {
        int count = 2000;
        try (SwapServer server = new SwapServer("epoll", 2)) {
            InetSocketAddress address = server.serve(new SwapStressIT.Echo());
            List<EchoPeer> peers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                peers.add(new EchoPeer(address, i));
            }
            server.await("all sessions", () -> server.openSessions() == count);
            for (String transport : List.of("io_uring", "epoll", "io_uring", "epoll")) {
                TransportChange change = server.change(transport);
                assertEquals(count, change.moved());
                System.out.printf("%d connections to %s in %.1f ms, longest pause %.2f ms%n", count, transport, change.switchNs() / 1e6,
                        change.longestPauseNs() / 1e6);
            }
            for (EchoPeer peer : peers) {
                byte[] payload = peer.payload(50);
                byte[] frame = peer.message(payload);
                peer.write(frame, 0, frame.length);
                peer.expect(payload);
                peer.close();
            }
        }
    }
}
