package io.hioload.itest.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.RebalancePolicy;
import io.hioload.session.BlockingHandler;
import io.hioload.websocket.Context;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions move between reactors under load: each thread's messages keep their order, and nothing is lost. */
class MoveIT {

    private static final int SENDERS = 4;
    private static final int SESSIONS = 24;
    private static final int RESIZES = 30;
    private static final int FIN = 0x80;
    private static final int BINARY = 2;
    private static final int PING = 9;
    private static final int CUTS = 9;
    private static final int PEERS_PER_CUT = 6;

    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final Set<Long> ids = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicInteger onWrongThread = new AtomicInteger();
    private final AtomicInteger tasks = new AtomicInteger();

    private final class Collector implements WebSocketHandler {
        @Override
        public void onOpen(Session opened) {
            ids.add(opened.id());
            sessions.add(opened);
        }

        @Override
        public void onMessage(Session from, MessageType type, DirectBuffer buffer, int offset, int length) {
            from.send(type, buffer, offset, length);
        }
    }

    @Test
    @Timeout(170)
    void shouldKeepTheOrderOfEachSenderWhenReactorsComeAndGo() throws Exception {
        try (SwapServer server = new SwapServer("epoll", 2)) {
            InetSocketAddress address = server.serve(new Collector());
            List<CompletableFuture<Long>> readers = new ArrayList<>();
            List<EchoPeer> peers = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                EchoPeer peer = new EchoPeer(address, i);
                peers.add(peer);
                CompletableFuture<Long> read = new CompletableFuture<>();
                readers.add(read);
                Thread.ofVirtual().start(() -> {
                    try {
                        read.complete(read(peer));
                    } catch (Throwable t) {
                        enough.set(true);
                        read.completeExceptionally(t);
                    }
                });
            }
            server.await("all sessions", () -> sessions.size() == SESSIONS);
            List<Thread> senders = new ArrayList<>();
            long[] accepted = new long[SENDERS];
            for (int i = 0; i < SENDERS; i++) {
                int sender = i;
                senders.add(Thread.ofPlatform().start(() -> accepted[sender] = send(sender)));
            }
            long moved = 0;
            for (int i = 0; i < RESIZES && !enough.get(); i++) {
                SwapServer.get(server.group.configure(SwapServer.with(server.group.settings(), 1 + i % 3), SwapServer.MIGRATE));
                moved += server.count("connections.moved.in");
                if (i % 5 == 4) {
                    server.change(i % 10 == 4 ? "io_uring" : "epoll");
                }
                assertEquals(SESSIONS, server.openSessions());
            }
            enough.set(true);
            for (Thread sender : senders) {
                sender.join();
            }
            for (Session session : sessions) {
                session.close(1000, "");
            }
            long received = 0;
            for (int i = 0; i < SESSIONS; i++) {
                received += SwapServer.get(readers.get(i));
                peers.get(i).close();
            }
            long sent = 0;
            for (long each : accepted) {
                sent += each;
            }
            assertEquals(sent, received, "each accepted message arrives");
            assertEquals(SESSIONS, ids.size(), "ids are unique over all reactors");
            sessions.forEach(session -> assertTrue(ids.contains(session.id()), "ids stay"));
            assertTrue(moved > SESSIONS, moved + " moves");
            assertTrue(tasks.get() > 0, "tasks ran");
            assertEquals(0, onWrongThread.get(), "tasks ran on another reactor");
            System.out.printf("%d messages of %d threads to %d sessions in order, %d moves between reactors%n", received, SENDERS, SESSIONS,
                    moved);
        }
    }

    /** Each session gets each sender's numbers without a gap. */
    private long send(int sender) {
        int[] numbers = new int[SESSIONS];
        Session[] to = sessions.toArray(Session[]::new);
        UnsafeBuffer message = new UnsafeBuffer(new byte[8]);
        long sent = 0;
        for (int i = 0; !enough.get(); i++) {
            int which = i % to.length;
            message.putInt(0, sender);
            message.putInt(4, numbers[which]);
            SendStatus status = to[which].send(MessageType.BINARY, message, 0, 8);
            if (status == SendStatus.ACCEPTED || status == SendStatus.BACKPRESSURE) {
                numbers[which]++;
                sent++;
            }
            if (i % 64 == 0) {
                task(to[which]);
            }
            if (status != SendStatus.ACCEPTED) {
                Thread.yield();
            }
        }
        return sent;
    }

    /** A task runs where the session's handler runs: remote address is only for that thread. */
    private void task(Session session) {
        Executor executor = session.executor();
        try {
            executor.execute(() -> {
                tasks.incrementAndGet();
                if (!Thread.currentThread().getName().startsWith("hioload-swap-") || session.remoteAddress() == null) {
                    onWrongThread.incrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            // The queue is full at this moment.
        }
    }

    private static long read(EchoPeer peer) throws IOException {
        int[] next = new int[SENDERS];
        long count = 0;
        while (true) {
            byte[] payload = peer.receive();
            if (payload.length != 8) {
                byte[] close = peer.closeFrame(1000);
                peer.write(close, 0, close.length);
                return count;
            }
            // Agrona writes in the order of the machine.
            ByteBuffer buffer = ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder());
            int sender = buffer.getInt();
            int number = buffer.getInt();
            if (number != next[sender]) {
                throw new IOException("sender " + sender + ": " + number + " after " + (next[sender] - 1));
            }
            next[sender]++;
            count++;
        }
    }

    /** A message in three fragments with a ping behind the first, cut at one place. */
    private record Cut(String where, byte[] payload, byte[] ping, byte[] bytes, int at) {

        static Cut of(EchoPeer peer, int kind) {
            byte[] payload = peer.payload(30_000);
            byte[] ping = peer.payload(100);
            byte[] first = peer.frame(BINARY, payload, 0, 10_000);
            byte[] control = peer.frame(FIN | PING, ping, 0, ping.length);
            byte[] second = peer.frame(0, payload, 10_000, 20_000);
            byte[] last = peer.frame(FIN, payload, 20_000, 30_000);
            byte[] bytes = new byte[first.length + control.length + second.length + last.length];
            int length = 0;
            for (byte[] frame : List.of(first, control, second, last)) {
                System.arraycopy(frame, 0, bytes, length, frame.length);
                length += frame.length;
            }
            int behindFirst = first.length;
            int behindControl = behindFirst + control.length;
            return switch (kind) {
                case 0 -> new Cut("in the first header", payload, ping, bytes, 3);
                case 1 -> new Cut("in the first payload", payload, ping, bytes, 5_001);
                case 2 -> new Cut("behind the first fragment", payload, ping, bytes, behindFirst);
                case 3 -> new Cut("in the header of the ping", payload, ping, bytes, behindFirst + 1);
                case 4 -> new Cut("in the ping", payload, ping, bytes, behindFirst + 50);
                case 5 -> new Cut("behind the ping", payload, ping, bytes, behindControl);
                case 6 -> new Cut("in the second header", payload, ping, bytes, behindControl + 7);
                case 7 -> new Cut("in the second payload", payload, ping, bytes, behindControl + 4_003);
                default -> new Cut("in the last payload", payload, ping, bytes, bytes.length - 1);
            };
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll", "nio"})
    void shouldCompleteAMessageOnAnotherReactorWhereverItWasCut(String transport) throws Exception {
        try (SwapServer server = new SwapServer(transport, 3)) {
            InetSocketAddress address = server.serve(new SwapStressIT.Echo());
            List<EchoPeer> peers = new ArrayList<>();
            List<Cut> cuts = new ArrayList<>();
            long bytes = 0;
            for (int i = 0; i < CUTS * PEERS_PER_CUT; i++) {
                EchoPeer peer = new EchoPeer(address, i);
                Cut cut = Cut.of(peer, i % CUTS);
                peer.write(cut.bytes, 0, cut.at);
                bytes += cut.at;
                peers.add(peer);
                cuts.add(cut);
            }
            long sent = bytes;
            server.await("all bytes", () -> server.count("receive.bytes") == sent);
            SwapServer.get(server.group.configure(SwapServer.with(server.group.settings(), 1), SwapServer.MIGRATE));
            assertEquals(1, server.group.reactors().size());
            long moved = server.count("connections.moved.in");
            assertTrue(moved > CUTS, moved + " moved");
            for (int i = 0; i < peers.size(); i++) {
                EchoPeer peer = peers.get(i);
                Cut cut = cuts.get(i);
                try {
                    peer.write(cut.bytes, cut.at, cut.bytes.length);
                    peer.expectPong(cut.ping);
                    peer.expect(cut.payload);
                    byte[] again = peer.payload(200);
                    byte[] message = peer.message(again);
                    peer.write(message, 0, message.length);
                    peer.expect(again);
                } catch (IOException e) {
                    throw new AssertionError("cut " + cut.where, e);
                }
            }
            // Some end amid a message, on the reactor that they came to.
            for (int i = 0; i < peers.size(); i++) {
                EchoPeer peer = peers.get(i);
                Cut cut = Cut.of(peer, i % CUTS);
                peer.write(cut.bytes, 0, cut.at);
                peer.close();
            }
            server.await("the end of all", () -> server.openSessions() == 0);
        }
    }

    /** Answers each message when it has checked that it is the next one. */
    private static final class BlockingEcho implements WebSocketHandler {
        private static final Context.Key<int[]> NEXT = new Context.Key<>("next number");
        private final AtomicInteger outOfOrder = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();

        @Override
        public void onOpen(Session session) {
            session.context().put(NEXT, new int[1]);
        }

        @Override
        public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
            int[] next = session.context().get(NEXT);
            if (buffer.getInt(offset) != next[0]++) {
                outOfOrder.incrementAndGet();
            }
            if (next[0] % 16 == 0) {
                LockSupport.parkNanos(50_000);
            }
            SendStatus status = session.send(type, buffer, offset, length);
            if (status != SendStatus.ACCEPTED && status != SendStatus.BACKPRESSURE) {
                refused.incrementAndGet();
            }
        }
    }

    @Test
    @Timeout(170)
    void shouldKeepTheOrderOfABlockingHandlerWhenReactorsComeAndGo() throws Exception {
        BlockingEcho handler = new BlockingEcho();
        try (SwapServer server = new SwapServer("epoll", 2)) {
            // So few bytes that each burst turns receiving off and on, also on the way from one reactor to another.
            InetSocketAddress address = server.serve(new BlockingHandler(handler, 2_000));
            List<CompletableFuture<Long>> all = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                EchoPeer peer = new EchoPeer(address, i);
                CompletableFuture<Long> messages = new CompletableFuture<>();
                all.add(messages);
                Thread.ofVirtual().start(() -> {
                    try (peer) {
                        messages.complete(bursts(peer));
                    } catch (Throwable t) {
                        enough.set(true);
                        messages.completeExceptionally(t);
                    }
                });
            }
            server.await("all sessions", () -> server.openSessions() == SESSIONS);
            long moved = 0;
            for (int i = 0; i < RESIZES && !enough.get(); i++) {
                SwapServer.get(server.group.configure(SwapServer.with(server.group.settings(), 1 + i % 3), SwapServer.MIGRATE));
                moved += server.count("connections.moved.in");
                if (i % 5 == 4) {
                    server.change(i % 10 == 4 ? "io_uring" : "epoll");
                }
            }
            enough.set(true);
            long messages = 0;
            for (CompletableFuture<Long> each : all) {
                messages += SwapServer.get(each);
            }
            assertEquals(0, handler.outOfOrder.get(), "messages out of order");
            assertEquals(0, handler.refused.get(), "answers that were refused");
            assertTrue(moved > SESSIONS, moved + " moves");
            System.out.printf("%d messages through a blocking handler to %d sessions in order, %d moves between reactors%n", messages,
                    SESSIONS,
                    moved);
        }
    }

    /** Sends numbered messages in bursts and reads each answer. Returns how many. */
    private long bursts(EchoPeer peer) throws IOException {
        int number = 0;
        for (int burst = 1; !enough.get() || number == 0; burst = burst % 40 + 1) {
            List<byte[]> payloads = new ArrayList<>();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 0; i < burst; i++) {
                byte[] payload = peer.payload(4 + burst * 7);
                ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder()).putInt(number++);
                payloads.add(payload);
                bytes.writeBytes(peer.message(payload));
            }
            peer.write(bytes.toByteArray(), 0, bytes.size());
            for (byte[] payload : payloads) {
                peer.expect(payload);
            }
        }
        byte[] close = peer.closeFrame(1000);
        peer.write(close, 0, close.length);
        peer.receive();
        return number;
    }

    @Test
    void shouldMoveSessionsWhenOneReactorIsBusy() throws Exception {
        try (SwapServer server = new SwapServer("epoll", 2)) {
            InetSocketAddress address = server.serve(new WebSocketHandler() {
                @Override
                public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
                    long beganNs = System.nanoTime();
                    while (System.nanoTime() - beganNs < 200_000) {
                        Thread.onSpinWait();
                    }
                    session.send(type, buffer, offset, length);
                }
            });
            SwapServer.get(server.group.configure(SwapServer.with(server.group.settings(), 1), SwapServer.MIGRATE));
            List<EchoPeer> peers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                peers.add(new EchoPeer(address, i));
            }
            server.await("all sessions", () -> server.openSessions() == 40);
            ReactorSettings two = SwapServer.with(server.group.settings(), 2);
            SwapServer.get(server.group.configure(new ReactorSettings(two.name(), 2, two.maxConnections(), two.pinned(),
                    two.placement(), two.idle(), two.eventsPerTurn(), two.taskQueueSlots(), two.highWaterBytes(), two.lowWaterBytes(),
                    two.lingerNs(), two.transport(),
                    new RebalancePolicy(200_000_000L, 50, 30, 2)), SwapServer.MIGRATE));
            long beganNs = System.nanoTime();
            while (server.count("connections.moved.in") == 0) {
                assertTrue(System.nanoTime() - beganNs < 30_000_000_000L, "nothing moved");
                for (EchoPeer peer : peers) {
                    byte[] payload = peer.payload(20);
                    byte[] frame = peer.message(payload);
                    peer.write(frame, 0, frame.length);
                    peer.expect(payload);
                }
            }
            System.out.printf("%d of 40 sessions moved to the idle reactor%n", server.count("connections.moved.in"));
            for (EchoPeer peer : peers) {
                peer.close();
            }
        }
    }
}
