package io.hioload.transport.epoll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hioload.buffer.Buffer;
import io.hioload.ffm.Errno;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportSettings;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What only epoll promises, and what it does when the system fails. */
@Timeout(30)
class EpollLoopTest {

    private static final int WINDOW = 10_000;

    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager();

    @AfterEach
    void assertNoLeaks() {
        memory.assertNoLeaks();
    }

    private LoopDriver open(Syscalls sys) throws Exception {
        return new LoopDriver(memory.confined(0), sys, ListenOptions.DEFAULT);
    }

    private static CompletableFuture<Void> echoes(LoopDriver driver, int rounds) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread client = new Thread(() -> {
            try (Socket socket = new Socket(driver.address.getAddress(), driver.address.getPort())) {
                socket.setTcpNoDelay(true);
                byte[] message = "sixty-four bytes are what a small WebSocket message is made of..".getBytes();
                for (int i = 0; i < rounds; i++) {
                    socket.getOutputStream().write(message);
                    assertArrayEquals(message, socket.getInputStream().readNBytes(message.length));
                }
                done.complete(null);
            } catch (Throwable t) {
                done.completeExceptionally(t);
            }
        });
        client.setDaemon(true);
        client.start();
        return done;
    }

    @Test
    void shouldEchoWhetherOrNotTheKernelPollsTheDevice() throws Exception {
        try (LoopDriver driver = new LoopDriver(memory.confined(0), new Syscalls(), ListenOptions.DEFAULT) {
            @Override
            public TransportSettings settings() {
                return new TransportSettings(TransportSettings.DEFAULT_RECEIVE_BYTES, 50, Map.of());
            }
        }) {
            CompletableFuture<Void> client = echoes(driver, 100);
            driver.pollUntil(client::isDone);
            client.join();
            assertTrue(driver.count("epoll.busy_poll") <= 1);
        }
        try (LoopDriver driver = open(new Syscalls())) {
            assertEquals(0, driver.count("epoll.busy_poll"));
        }
    }

    @Test
    void shouldAllocateNothingWhenEchoing() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rounds = 10 * WINDOW;
        try (LoopDriver driver = open(new Syscalls())) {
            CompletableFuture<Void> client = echoes(driver, rounds);
            // Method handles and compilers warm up in steps, so the first windows may allocate; one without is the proof.
            long bytes = -1;
            for (int end = WINDOW; end <= rounds && bytes != 0; end += WINDOW) {
                bytes = threads.getCurrentThreadAllocatedBytes();
                while (driver.received < end) {
                    driver.loop.poll(64, -1);
                    driver.loop.flush();
                }
                bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
            }
            assertEquals(0, bytes, "bytes allocated by the loop's thread in " + WINDOW + " echoes");
            assertEquals(driver.received, driver.count("epoll.receive.calls"), "one recv for each message");
            assertEquals(driver.received, driver.count("epoll.send.calls"), "one send for each message");
            assertFalse(client.isCompletedExceptionally());
        }
    }

    @Test
    void shouldNoticeResetWhileReceivingIsOff() throws Exception {
        try (LoopDriver driver = open(new Syscalls())) {
            Socket peer = new Socket(driver.address.getAddress(), driver.address.getPort());
            driver.pollUntil(() -> driver.accepted == 1);
            driver.loop.receiving(LoopDriver.id(0), false);
            peer.getOutputStream().write(new byte[100]);
            assertEquals(0, driver.loop.poll(64, 20_000_000), "nothing is delivered");
            peer.setSoLinger(true, 0);
            peer.close();
            driver.pollUntil(() -> driver.closed == 1);
            assertEquals(Status.RESET, driver.reason);
            assertEquals(0, driver.received);
        }
    }

    /** A receive stops at urgent data, and an edge-triggered epoll does not tell of what lies behind it. */
    @Test
    void shouldReadOnBehindUrgentData() throws Exception {
        try (LoopDriver driver = open(new Syscalls());
                Socket peer = new Socket(driver.address.getAddress(), driver.address.getPort())) {
            driver.pollUntil(() -> driver.accepted == 1);
            peer.getOutputStream().write(new byte[10]);
            peer.sendUrgentData('!');
            peer.getOutputStream().write(new byte[20]);
            driver.pollUntil(() -> driver.receivedBytes == 30);
        }
    }

    /** What fills the receive buffer exactly, and then what does not, with the end right behind it: one edge for all of it. */
    @Test
    void shouldReadAllThatCameWithOneEdge() throws Exception {
        try (LoopDriver driver = open(new Syscalls());
                Socket peer = new Socket(driver.address.getAddress(), driver.address.getPort())) {
            driver.pollUntil(() -> driver.accepted == 1);
            int bytes = 3 * TransportSettings.DEFAULT_RECEIVE_BYTES + 5;
            peer.setSendBufferSize(2 * bytes);
            peer.getOutputStream().write(new byte[bytes]);
            peer.shutdownOutput();
            driver.pollUntil(() -> driver.receivedBytes == bytes && driver.ended == 1);
        }
    }

    @Test
    void shouldNotSpinWhenHalfOpen() throws Exception {
        try (LoopDriver driver = open(new Syscalls());
                Socket peer = new Socket(driver.address.getAddress(), driver.address.getPort())) {
            driver.pollUntil(() -> driver.accepted == 1);
            peer.shutdownOutput();
            assertEquals(1, driver.loop.poll(64, -1), "end of input");
            long startNs = System.nanoTime();
            assertEquals(0, driver.loop.poll(64, 50_000_000));
            assertTrue(System.nanoTime() - startNs >= 50_000_000, "a half-open connection must not wake the loop");
        }
    }

    @Test
    void shouldRestListenerWhenOutOfDescriptors() throws Exception {
        int[] calls = {0};
        Syscalls full = new Syscalls() {
            @Override
            int accept(int fd) {
                return calls[0]++ < 2 ? -Errno.EMFILE : super.accept(fd);
            }
        };
        try (LoopDriver driver = open(full);
                Socket peer = new Socket(driver.address.getAddress(), driver.address.getPort())) {
            long startNs = System.nanoTime();
            int polls = 0;
            while (driver.accepted == 0) {
                driver.loop.poll(64, 1_000_000_000);
                polls++;
                assertTrue(polls < 20, () -> "spins instead of resting: " + driver.counters.read());
            }
            assertTrue(System.nanoTime() - startNs >= 2 * Listeners.BACKOFF_NS, "rests twice");
            assertEquals(2, driver.count("epoll.accept.backoffs"));
            assertTrue(peer.isConnected());
        }
    }

    @Test
    void shouldAcceptNextWhenOneBrokeInTheQueue() throws Exception {
        int[] calls = {0};
        Syscalls broken = new Syscalls() {
            @Override
            int accept(int fd) {
                return calls[0]++ == 0 ? -Errno.ECONNABORTED : super.accept(fd);
            }
        };
        try (LoopDriver driver = open(broken);
                Socket peer = new Socket(driver.address.getAddress(), driver.address.getPort())) {
            driver.pollUntil(() -> driver.accepted == 1);
            assertEquals(0, driver.count("epoll.accept.backoffs"));
            assertTrue(peer.isConnected());
        }
    }

    @Test
    void shouldKeepOrderWhenSocketTakesLittleAtATime() throws Exception {
        Random random = new Random(7);
        Syscalls slow = new Syscalls() {
            @Override
            int send(int fd, long address, int length) {
                return random.nextInt(3) == 0 ? -Errno.EAGAIN : super.send(fd, address, Math.min(length, 1 + random.nextInt(50)));
            }

            @Override
            int send(int fd, GatherList pieces) {
                return random.nextInt(3) == 0 ? -Errno.EAGAIN : send(fd, pieces.first(), pieces.firstBytes());
            }
        };
        byte[] text = new byte[20_000];
        random.nextBytes(text);
        try (LoopDriver driver = open(slow);
                Socket peer = new Socket(driver.address.getAddress(), driver.address.getPort())) {
            driver.pollUntil(() -> driver.accepted == 1);
            for (int at = 0; at < text.length; at += 200) {
                Buffer buffer = driver.pool.acquire(200);
                buffer.memory().putBytes(0, text, at, 200);
                assertEquals(Status.OK, driver.loop.send(LoopDriver.id(0), buffer, 0, 200));
            }
            CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> {
                try {
                    return peer.getInputStream().readNBytes(text.length);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            driver.pollUntil(read::isDone);
            assertArrayEquals(text, read.get());
        }
    }

    @Test
    void shouldCloseOnceWhenSendBreaks() throws Exception {
        Syscalls broken = new Syscalls() {
            @Override
            int send(int fd, long address, int length) {
                return -Errno.EPIPE;
            }
        };
        try (LoopDriver driver = open(broken);
                Socket peer = new Socket(driver.address.getAddress(), driver.address.getPort())) {
            peer.getOutputStream().write(1);
            driver.pollUntil(() -> driver.received == 1);
            assertEquals(Status.CLOSED, driver.loop.receiving(LoopDriver.id(0), true));
            driver.pollUntil(() -> driver.closed == 1);
            assertEquals(Status.RESET, driver.reason);
            assertEquals(0, driver.loop.poll(64, 0));
            assertEquals(1, driver.closed);
        }
    }

    @Test
    void shouldNotSpinWhenWaitFails() throws Exception {
        int[] calls = {0};
        Syscalls broken = new Syscalls() {
            @Override
            int epollWait(int epoll, long events, int most, int timeoutMs) {
                return switch (calls[0]++) {
                    case 0 -> -Errno.EINTR;
                    case 1, 2 -> -Errno.EINVAL;
                    default -> super.epollWait(epoll, events, most, timeoutMs);
                };
            }
        };
        try (LoopDriver driver = open(broken);
                Socket peer = new Socket(driver.address.getAddress(), driver.address.getPort())) {
            driver.pollUntil(() -> driver.accepted == 1);
            assertEquals(2, driver.count("epoll.os.errors"));
            assertTrue(peer.isConnected());
        }
    }

    @Test
    void shouldSayWhyWhenItCannotOpen() {
        Syscalls full = new Syscalls() {
            @Override
            public int eventfd() {
                return -Errno.EMFILE;
            }
        };
        TransportException thrown = assertThrows(TransportException.class, () -> open(full));
        assertTrue(thrown.getMessage().contains("errno 24"), thrown.getMessage());
    }

    @Test
    void shouldReceiveLaterWhenPoolIsEmpty() throws Exception {
        try (CheckedBufferPoolManager small = new CheckedBufferPoolManager(TransportSettings.DEFAULT_RECEIVE_BYTES)) {
            LoopDriver driver = new LoopDriver(small.confined(0), new Syscalls(), ListenOptions.DEFAULT);
            try (Socket peer = new Socket(driver.address.getAddress(), driver.address.getPort())) {
                Buffer everything = driver.pool.acquire(TransportSettings.DEFAULT_RECEIVE_BYTES);
                peer.getOutputStream().write(new byte[10]);
                driver.pollUntil(() -> driver.count("epoll.receive.starvations") > 3);
                assertEquals(0, driver.received);
                everything.release();
                driver.pollUntil(() -> driver.receivedBytes == 10);
            }
            driver.close();
            small.assertNoLeaks();
        }
    }
}
