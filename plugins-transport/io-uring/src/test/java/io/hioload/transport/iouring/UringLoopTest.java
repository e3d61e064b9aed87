package io.hioload.transport.iouring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.BufferPoolProvider;
import io.hioload.buffer.PoolSettings;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.transport.Status;
import io.hioload.transport.TransportException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the test kit does not reach: full and overflowing queues, exhausted buffers, and how much a message costs. */
@Timeout(120)
class UringLoopTest {

    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager();
    private final List<Socket> sockets = new ArrayList<>();

    private Socket connect(TestLoop loop, InetSocketAddress address) throws Exception {
        Socket socket = loop.connect(address);
        sockets.add(socket);
        return socket;
    }

    @AfterEach
    void closeSockets() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        memory.assertNoLeaks();
    }

    @Test
    void shouldAllocateNothingAndEnterTwiceAtTheMostWhenEchoing() throws Exception {
        BufferPoolProvider pools = ServiceLoader.load(BufferPoolProvider.class).stream()
                .map(ServiceLoader.Provider::get).filter(p -> p.getClass().getName().contains("pool")).findFirst().orElseThrow();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (BufferPoolManager pool = pools.open(PoolSettings.DEFAULT); TestLoop loop = new TestLoop(pool, Map.of())) {
            Socket socket = connect(loop, loop.listen());
            byte[] message = new byte[64];
            long bytes = 0;
            long enters = 0;
            int rounds = 100_000;
            for (int i = 0; i < rounds; i++) {
                if (i == rounds / 2) {
                    bytes = 0;
                    enters = loop.count("enter.calls");
                }
                socket.getOutputStream().write(message);
                long before = threads.getCurrentThreadAllocatedBytes();
                int sent = loop.sent;
                while (loop.sent == sent) {
                    loop.turn(-1);
                }
                bytes += threads.getCurrentThreadAllocatedBytes() - before;
                assertEquals(64, socket.getInputStream().readNBytes(message, 0, 64));
            }
            enters = loop.count("enter.calls") - enters;
            assertTrue(bytes < rounds / 2, bytes + " bytes allocated for " + rounds / 2 + " messages");
            assertTrue(enters <= rounds, enters + " calls for " + rounds / 2 + " messages");
        }
    }

    @Test
    void shouldWakeNextOwnerWhenListenerMovesAndFirstLoopSleeps() throws Exception {
        try (TestLoop first = new TestLoop(memory, Map.of()); TestLoop second = new TestLoop(memory, Map.of())) {
            InetSocketAddress address = first.listen();
            TestLoop from = first;
            TestLoop to = second;
            for (int i = 0; i < 100; i++) {
                from.turn(0);
                long handle = from.loop.detachListener(0);
                assertEquals(Status.OK, to.loop.adoptListener(0, handle));
                to.turn(0);
                connect(to, address);
                TestLoop next = from;
                from = to;
                to = next;
            }
            assertEquals(50, first.accepts);
            assertEquals(50, second.accepts);
        }
    }

    @Test
    void shouldSubmitWithNextPollWhenFlushed() throws Exception {
        try (TestLoop loop = new TestLoop(memory, Map.of())) {
            Socket socket = connect(loop, loop.listen());
            loop.sends++;
            assertEquals(Status.OK, loop.loop.send(loop.lastOpened(), loop.buffers().acquire(5), 0, 5));
            assertEquals(1, loop.loop.flush());
            assertEquals(1, loop.loop.inFlight());
            assertEquals(1, loop.loop.poll(1, -1), "does not wait behind a send");
            assertEquals(0, loop.loop.inFlight());
            assertEquals(1, loop.sent);
            assertEquals(5, socket.getInputStream().readNBytes(5).length);
        }
    }

    @Test
    void shouldSendInOneOperationWhatWasQueuedInOneTurn() throws Exception {
        try (TestLoop loop = new TestLoop(memory, Map.of())) {
            Socket socket = connect(loop, loop.listen());
            for (int i = 0; i < 50; i++) {
                Buffer buffer = loop.buffers().acquire(1);
                buffer.memory().putByte(0, (byte) i);
                assertEquals(Status.OK, loop.loop.send(loop.lastOpened(), buffer, 0, 1));
            }
            loop.until(() -> loop.sent == 50);
            assertEquals(1, loop.count("send.operations"));
            byte[] bytes = socket.getInputStream().readNBytes(50);
            for (int i = 0; i < 50; i++) {
                assertEquals(i, bytes[i]);
            }
        }
    }

    @Test
    void shouldServeAllWhenCompletionsOverflow() throws Exception {
        try (TestLoop loop = new TestLoop(memory, Map.of(UringSettings.ENTRIES, "8"))) {
            InetSocketAddress address = loop.listen();
            for (int i = 0; i < 300; i++) {
                connect(loop, address);
            }
            for (int round = 0; round < 10; round++) {
                // More completions than the queue has places wait at once: the limit leaves them there.
                long expected = loop.receivedBytes + 300 * 100;
                for (Socket socket : sockets) {
                    socket.getOutputStream().write(new byte[100]);
                }
                loop.until(() -> {
                    loop.loop.poll(1, 0);
                    return loop.receivedBytes == expected;
                });
                for (Socket socket : sockets) {
                    loop.until(() -> loop.sent == loop.sends);
                    assertEquals(100, socket.getInputStream().readNBytes(100).length);
                }
            }
            assertEquals(0, loop.failedSends);
            assertTrue(loop.count("completion.overflows") > 0, "the queue did overflow");
        }
    }

    @Test
    void shouldWaitForBuffersWhenPoolIsExhausted() throws Exception {
        CheckedBufferPoolManager small = new CheckedBufferPoolManager(2 * 4096);
        try (TestLoop loop = new TestLoop(small, 4096, Map.of(UringSettings.BUFFERS, "2"), Syscalls::new)) {
            Socket socket = connect(loop, loop.listen());
            loop.echo = false;
            loop.keep = true;
            socket.getOutputStream().write(new byte[20_000]);
            loop.until(() -> loop.count("receive.starvations") > 0);
            assertEquals(2 * 4096, loop.receivedBytes);
            long starvations = loop.count("receive.starvations");
            for (int i = 0; i < 10; i++) {
                assertEquals(0, loop.turn(1_000_000));
            }
            assertEquals(starvations, loop.count("receive.starvations"), "not tried again without buffers");
            loop.keep = false;
            loop.kept.forEach(Buffer::release);
            loop.until(() -> loop.receivedBytes == 20_000);
        }
        small.assertNoLeaks();
    }

    @Test
    void shouldReplaceBufferOnlyWhenSomebodyHoldsIt() throws Exception {
        try (TestLoop loop = new TestLoop(memory, 1024, Map.of(UringSettings.BUFFERS, "2"), Syscalls::new)) {
            Socket socket = connect(loop, loop.listen());
            loop.echo = false;
            long expected = 0;
            for (int i = 0; i < 100; i++) {
                socket.getOutputStream().write(new byte[300]);
                expected += 300;
                long bytes = expected;
                loop.until(() -> loop.receivedBytes == bytes);
            }
            assertEquals(0, loop.count("buffer.replacements"));
            loop.keep = true;
            for (int i = 0; i < 100; i++) {
                byte[] message = new byte[300];
                Arrays.fill(message, (byte) i);
                socket.getOutputStream().write(message);
                expected += 300;
                long bytes = expected;
                loop.until(() -> loop.receivedBytes == bytes);
            }
            assertTrue(loop.count("buffer.replacements") > 20);
            loop.kept.forEach(Buffer::release);
        }
    }

    @Test
    void shouldPollWithoutSystemCallWhenNothingHappens() throws Exception {
        try (TestLoop loop = new TestLoop(memory, Map.of())) {
            Socket socket = connect(loop, loop.listen());
            loop.turn(0);
            long enters = loop.count("enter.calls");
            for (int i = 0; i < 1000; i++) {
                assertEquals(0, loop.turn(0));
            }
            assertEquals(enters, loop.count("enter.calls"));
            socket.getOutputStream().write(1);
            long deadlineNs = System.nanoTime() + TestLoop.DEADLINE_NS;
            while (loop.receivedBytes == 0 && System.nanoTime() - deadlineNs < 0) {
                loop.turn(0);
            }
            assertEquals(1, loop.receivedBytes);
            assertTrue(loop.count("enter.calls") <= enters + 2);
        }
    }

    @Test
    void shouldSayThatPeerResetWhenReceivingIsOff() throws Exception {
        try (TestLoop loop = new TestLoop(memory, Map.of())) {
            Socket socket = connect(loop, loop.listen());
            long id = loop.lastOpened();
            for (int i = 0; i < 3; i++) {
                assertEquals(Status.OK, loop.loop.receiving(id, false));
                loop.turn(1_000_000);
                assertEquals(Status.OK, loop.loop.receiving(id, true));
                loop.turn(1_000_000);
            }
            assertEquals(Status.OK, loop.loop.receiving(id, false));
            socket.getOutputStream().write(new byte[1000]);
            loop.turn(1_000_000);
            assertEquals(1, loop.open);
            assertEquals(0, loop.receivedBytes);
            socket.setSoLinger(true, 0);
            socket.close();
            loop.until(() -> loop.open == 0);
            assertEquals(Status.RESET, loop.lastReason);
        }
    }

    @Test
    void shouldNotTakeEndOfInputForResetWhenReceivingIsOff() throws Exception {
        try (TestLoop loop = new TestLoop(memory, Map.of())) {
            Socket socket = connect(loop, loop.listen());
            assertEquals(Status.OK, loop.loop.receiving(loop.lastOpened(), false));
            loop.turn(0);
            socket.getOutputStream().write(new byte[1000]);
            socket.shutdownOutput();
            for (int i = 0; i < 10; i++) {
                assertEquals(0, loop.turn(1_000_000));
            }
            assertEquals(Status.OK, loop.loop.receiving(loop.lastOpened(), true));
            loop.until(() -> loop.ends == 1);
            assertEquals(1000, loop.receivedBytes);
            assertEquals(1, loop.open);
        }
    }

    @Test
    void shouldHoldBuffersUntilNotifiedWhenSendsAreNotCopied() throws Exception {
        try (TestLoop loop = new TestLoop(memory, Map.of(UringSettings.ZERO_COPY, "4KiB"))) {
            Socket socket = connect(loop, loop.listen());
            long expected = 0;
            for (int length : new int[]{100, 4095, 4096, 60_000}) {
                byte[] message = new byte[length];
                Arrays.fill(message, (byte) length);
                expected += length;
                long bytes = expected;
                socket.getOutputStream().write(message);
                loop.until(() -> loop.receivedBytes == bytes);
                loop.until(() -> loop.sent == loop.sends);
                assertArrayEquals(message, socket.getInputStream().readNBytes(length));
            }
            long notCopied = loop.count("send.zc.operations");
            assertTrue(notCopied >= 2, "those of 4096 bytes and more");
            assertEquals(0, loop.loop.inFlight());
            // Over loopback the kernel copies after all, and says so.
            loop.until(() -> loop.count("send.zc.copied") == notCopied);
            assertEquals(0, loop.count("send.zc.refusals"));
        }
    }

    @Test
    void shouldSayWhichFeaturesAreThere() throws Exception {
        try (TestLoop loop = new TestLoop(memory, Map.of(UringSettings.WITHOUT, "incremental_buffers"))) {
            assertEquals(0, loop.count("feature.incremental_buffers"));
            assertEquals(256, memory.gauges().inUseBuffers());
        }
        assertEquals("registered_ring, sqpoll", Features.without("sqpoll, registered_ring").missing(Features.ALL));
    }

    @Test
    void shouldNameSettingWhenItsValueIsWrong() {
        for (Map<String, String> wrong : List.of(Map.of(UringSettings.ENTRIES, "100"), Map.of(UringSettings.ENTRIES, "many"),
                Map.of(UringSettings.BUFFERS, "0"), Map.of(UringSettings.WITHOUT, "everything"), Map.of(UringSettings.ZERO_COPY, "-1"),
                Map.of(UringSettings.SQ_POLL, "maybe"), Map.of(UringSettings.SQ_POLL_CPU, "-2"),
                Map.of(UringSettings.SQ_POLL_IDLE, "0"))) {
            TransportException e = assertThrows(TransportException.class, () -> new TestLoop(memory, wrong).close());
            String key = wrong.keySet().iterator().next();
            assertTrue(e.getMessage().startsWith(key + " = " + wrong.get(key) + ": "), e.getMessage());
        }
    }

    static int openDescriptors() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }
}
