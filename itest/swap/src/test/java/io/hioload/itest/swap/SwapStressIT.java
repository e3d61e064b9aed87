package io.hioload.itest.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.reactor.TransportChange;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 100 swaps between epoll and io_uring under 200 connections that echo checked content and come and go: nothing is lost,
 * corrupt or refused, and everything is given back. Prints what swaps cost.
 */
class SwapStressIT {

    private static final int CLIENTS = 200;
    private static final int MOST_BYTES = 20_000;
    private static final int MESSAGES_PER_CONNECTION = 60;

    /** Sends each message back. */
    static final class Echo implements WebSocketHandler {
        @Override
        public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
            session.send(type, buffer, offset, length);
        }
    }

    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicBoolean swapping = new AtomicBoolean();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();

    @Test
    @Timeout(600)
    void shouldLoseNothingWhenTransportsAreSwappedUnderLoad() throws Exception {
        int least = Integer.getInteger("swap.count", 100);
        long atLeastNs = Long.getLong("swap.seconds", 0) * 1_000_000_000L;
        List<TransportChange> changes = new ArrayList<>();
        List<CompletableFuture<long[][]>> clients = new ArrayList<>();
        try (SwapServer server = new SwapServer("epoll", 2)) {
            InetSocketAddress address = server.serve(new Echo());
            for (int i = 0; i < CLIENTS; i++) {
                int seed = i;
                CompletableFuture<long[][]> done = new CompletableFuture<>();
                clients.add(done);
                Thread.ofVirtual().start(() -> {
                    try {
                        done.complete(echo(address, seed));
                    } catch (Throwable t) {
                        enough.set(true);
                        done.completeExceptionally(t);
                    }
                });
            }
            server.await("all clients", () -> server.openSessions() >= CLIENTS - 10 && messages.get() > CLIENTS);
            long beganNs = System.nanoTime();
            while (!enough.get() && (changes.size() < least || System.nanoTime() - beganNs < atLeastNs)) {
                swapping.set(true);
                changes.add(server.change(changes.size() % 2 == 0 ? "io_uring" : "epoll"));
                swapping.set(false);
                int seen = messages.get();
                server.await("traffic between two swaps", () -> messages.get() > seen + CLIENTS || enough.get());
            }
            enough.set(true);
            for (CompletableFuture<long[][]> client : clients) {
                SwapServer.get(client);
            }
            server.await("sessions to end", () -> server.openSessions() == 0);
            assertEquals(0, server.count("connections.lost") + server.count("loop.failures") + server.count("handler.failures")
                    + server.count("send.failures") + server.count("send.dropped"));
        }
        report(changes, clients);
        assertTrue(changes.stream().mapToInt(TransportChange::moved).sum() > changes.size() * CLIENTS / 2, "connections moved");
        assertEquals(0, changes.stream().mapToInt(change -> change.lost() + change.aborted() + change.closed()).sum());
    }

    /** Latencies while nothing is swapped and while something is. */
    private long[][] echo(InetSocketAddress address, int seed) throws Exception {
        Random random = new Random(seed);
        long[][] latencies = {new long[4096], new long[4096]};
        int[] counts = new int[2];
        while (!enough.get()) {
            connections.incrementAndGet();
            try (EchoPeer peer = new EchoPeer(address, random.nextLong())) {
                for (int i = 0; i < MESSAGES_PER_CONNECTION && !enough.get(); i++) {
                    byte[] payload = peer.payload(1 + random.nextInt(random.nextInt(10) == 0 ? MOST_BYTES : 200));
                    boolean during = swapping.get();
                    long beganNs = System.nanoTime();
                    peer.sendCut(payload);
                    peer.expect(payload);
                    int which = during || swapping.get() ? 1 : 0;
                    latencies[which][counts[which]++ & 4095] = System.nanoTime() - beganNs;
                    messages.incrementAndGet();
                }
                byte[] close = peer.closeFrame(1000);
                peer.write(close, 0, close.length);
                assertEquals(2, peer.receive().length);
                peer.expectEnd();
            }
        }
        return new long[][]{Arrays.copyOf(latencies[0], Math.min(4096, counts[0])), Arrays.copyOf(latencies[1], Math.min(4096, counts[1]))};
    }

    private void report(List<TransportChange> changes, List<CompletableFuture<long[][]>> clients) {
        System.out.printf("%d swaps, %d connections, %d messages: 0 lost or corrupt%n", changes.size(), connections.get(), messages.get());
        System.out.printf("moved %d, ended on the old loop %d%n", changes.stream().mapToInt(TransportChange::moved).sum(),
                changes.stream().mapToInt(TransportChange::finished).sum());
        System.out.printf("until all were moved: median %.2f ms, longest %.2f ms; a connection's pause: longest %.3f ms%n",
                percentile(changes.stream().mapToLong(TransportChange::switchNs).toArray(), 50),
                percentile(changes.stream().mapToLong(TransportChange::switchNs).toArray(), 100),
                percentile(changes.stream().mapToLong(TransportChange::longestPauseNs).toArray(), 100));
        for (int which = 0; which < 2; which++) {
            int of = which;
            long[] all = clients.stream().flatMapToLong(client -> Arrays.stream(client.join()[of])).toArray();
            System.out.printf("%s: p50 %.2f ms, p99 %.2f ms, longest %.2f ms of %d echoes%n",
                    which == 0 ? "between swaps" : "during a swap",
                    percentile(all, 50), percentile(all, 99), percentile(all, 100), all.length);
        }
    }

    private static double percentile(long[] valuesNs, int percent) {
        long[] sorted = valuesNs.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
    }
}
