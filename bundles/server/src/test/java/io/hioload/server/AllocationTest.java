package io.hioload.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The reactor thread of a running server, everything on that is on by default, allocates nothing while it echoes small
 * messages. The generator runs in threads of its own and speaks over plain sockets.
 */
@EnabledOnOs(OS.LINUX)
class AllocationTest {

    private static final int PEERS = 8;
    private static final int IN_FLIGHT = 16;
    private static final int PAYLOAD_BYTES = 64;
    private static final int WARM_UP_ROUNDS = 20_000;
    private static final int WINDOWS = 6;
    private static final int ROUNDS = 2_500;

    private static final class Echo implements WebSocketHandler {

        final CompletableFuture<Thread> reactor = new CompletableFuture<>();

        @Override
        public void onOpen(Session session) {
            reactor.complete(Thread.currentThread());
        }

        @Override
        public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
            session.send(type, buffer, offset, length);
        }
    }

    @Test
    void shouldAllocateNothingPerMessageWhenEchoingOnEpoll() throws Exception {
        Echo echo = new Echo();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (HioloadServer server = Hioload.server().port(0).transport("epoll").reactors(1).handle("/echo", echo).start()) {
            CyclicBarrier barrier = new CyclicBarrier(PEERS + 1);
            CompletableFuture<?>[] done = new CompletableFuture<?>[PEERS];
            for (int i = 0; i < PEERS; i++) {
                CompletableFuture<Void> future = new CompletableFuture<>();
                done[i] = future;
                Thread.ofPlatform().daemon(true).start(() -> generate(server, barrier, future));
            }
            long reactor = echo.reactor.get(10, TimeUnit.SECONDS).threadId();
            long[] allocated = new long[WINDOWS];
            for (int i = 0; i < WINDOWS; i++) {
                barrier.await(60, TimeUnit.SECONDS);
                long before = threads.getThreadAllocatedBytes(reactor);
                barrier.await(60, TimeUnit.SECONDS);
                barrier.await(60, TimeUnit.SECONDS);
                allocated[i] = threads.getThreadAllocatedBytes(reactor) - before;
            }
            // Only now do peers leave: the end of a session costs something.
            barrier.await(60, TimeUnit.SECONDS);
            CompletableFuture.allOf(done).get(10, TimeUnit.SECONDS);
            System.out.println("bytes allocated on the reactor thread in windows of " + PEERS * ROUNDS * IN_FLIGHT + " messages: "
                    + Arrays.toString(allocated));
            // The virtual machine may still link or compile something on that thread, once; what a message costs shows in every window.
            Arrays.sort(allocated);
            assertEquals(0, allocated[WINDOWS / 2], "bytes in the median window");
            assertTrue(allocated[WINDOWS - 1] < PEERS * ROUNDS * IN_FLIGHT, "less than a byte a message in the worst window");
        }
    }

    /** Rounds of {@link #IN_FLIGHT} messages each, all checked: some to warm up, then measured windows between barriers. */
    private static void generate(HioloadServer server, CyclicBarrier barrier, CompletableFuture<Void> future) {
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            assertEquals(101, peer.send(RawPeer.upgrade("/echo")).status());
            byte[] payload = new byte[PAYLOAD_BYTES];
            Arrays.fill(payload, (byte) 'x');
            byte[] frame = RawPeer.frame(2, true, payload);
            byte[] round = new byte[frame.length * IN_FLIGHT];
            for (int i = 0; i < IN_FLIGHT; i++) {
                System.arraycopy(frame, 0, round, i * frame.length, frame.length);
            }
            byte[] answer = new byte[(PAYLOAD_BYTES + 2) * IN_FLIGHT];
            InputStream in = peer.socket().getInputStream();
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                echo(peer, round, in, answer);
            }
            for (int window = 0; window < WINDOWS; window++) {
                barrier.await(60, TimeUnit.SECONDS);
                barrier.await(60, TimeUnit.SECONDS);
                for (int i = 0; i < ROUNDS; i++) {
                    echo(peer, round, in, answer);
                }
                barrier.await(60, TimeUnit.SECONDS);
            }
            barrier.await(60, TimeUnit.SECONDS);
            future.complete(null);
        } catch (Exception | AssertionError e) {
            barrier.reset();
            future.completeExceptionally(e);
        }
    }

    private static void echo(RawPeer peer, byte[] round, InputStream in, byte[] answer) throws Exception {
        peer.socket().getOutputStream().write(round);
        assertEquals(answer.length, in.readNBytes(answer, 0, answer.length));
        for (int i = 0; i < IN_FLIGHT; i++) {
            int at = i * (PAYLOAD_BYTES + 2);
            if (answer[at] != (byte) 0x82 || answer[at + 1] != PAYLOAD_BYTES || answer[at + 2] != 'x'
                    || answer[at + PAYLOAD_BYTES + 1] != 'x') {
                throw new AssertionError("not the echo at message " + i);
            }
        }
    }
}
