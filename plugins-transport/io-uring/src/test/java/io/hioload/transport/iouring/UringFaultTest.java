package io.hioload.transport.iouring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import io.hioload.ffm.Native;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.transport.TransportSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A kernel that interrupts, refuses, takes half, or has no descriptors left. */
@Timeout(60)
class UringFaultTest {

    private static final int RLIMIT_NOFILE = 7;

    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager();

    private static final class FaultySyscalls extends Syscalls {
        private int calls;
        private int[] errors = {};
        private int mostSubmissions = Integer.MAX_VALUE;
        private boolean dead;

        FaultySyscalls(Arena arena) {
            super(arena);
        }

        @Override
        int enter(int fd, int submit, int complete, int flags, long argument, long argumentBytes) {
            if (dead) {
                return -Errno.EAGAIN;
            }
            if (errors.length > 0 && ++calls % 2 == 0) {
                return -errors[calls / 2 % errors.length];
            }
            return super.enter(fd, Math.min(submit, mostSubmissions), complete, flags, argument, argumentBytes);
        }
    }

    private FaultySyscalls sys;

    private TestLoop open() throws Exception {
        return new TestLoop(memory, TransportSettings.DEFAULT_RECEIVE_BYTES, Map.of(), arena -> sys = new FaultySyscalls(arena));
    }

    private static void echo(TestLoop loop) throws Exception {
        InetSocketAddress address = loop.listen();
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sockets.add(loop.connect(address));
        }
        for (int round = 0; round < 20; round++) {
            for (Socket socket : sockets) {
                socket.getOutputStream().write(new byte[1000]);
            }
            long expected = (round + 1) * 50_000L;
            loop.until(() -> loop.receivedBytes == expected && loop.sent == loop.sends);
            for (Socket socket : sockets) {
                assertEquals(1000, socket.getInputStream().readNBytes(1000).length);
            }
        }
        assertEquals(0, loop.failedSends);
        for (Socket socket : sockets) {
            socket.close();
        }
        loop.until(() -> loop.ends == 50);
    }

    @Test
    void shouldGoOnWhenEnteringIsRefusedNowAndThen() throws Exception {
        try (TestLoop loop = open()) {
            sys.errors = new int[]{Errno.EINTR, Errno.EAGAIN, Errno.EBUSY, Errno.ETIME};
            echo(loop);
            assertTrue(loop.count("enter.retries") > 0);
        }
        memory.assertNoLeaks();
    }

    @Test
    void shouldReportOnlySentBuffersWhenKernelTakesSubmissionsOneByOne() throws Exception {
        try (TestLoop loop = open()) {
            sys.mostSubmissions = 1;
            echo(loop);
        }
        memory.assertNoLeaks();
    }

    @Test
    void shouldLeaveBuffersBehindWhenKernelDoesNotLetGo() throws Exception {
        TestLoop loop = open();
        Socket socket = loop.connect(loop.listen());
        loop.turn(0);
        sys.dead = true;
        long startNs = System.nanoTime();
        loop.close();
        assertTrue(System.nanoTime() - startNs < 10_000_000_000L, "bounded");
        assertEquals(0, loop.open, "onClosed came");
        assertEquals(UringSettings.DEFAULT_BUFFERS, memory.gauges().inUseBuffers());
        socket.close();
    }

    @Test
    void shouldThrowWhenRingBroke() throws Exception {
        try (TestLoop loop = open()) {
            sys.errors = new int[]{Errno.EBADF};
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> {
                loop.loop.poll(1, 1);
                loop.loop.poll(1, 1);
            });
            assertTrue(e.getMessage().contains("errno 9"), e.getMessage());
            sys.errors = new int[0];
        }
        memory.assertNoLeaks();
    }

    @Test
    void shouldRestAndAcceptLaterWhenOutOfDescriptors() throws Throwable {
        MethodHandle prlimit = Native.critical("prlimit",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
        try (Arena arena = Arena.ofConfined(); TestLoop loop = open(); Socket waiting = new Socket()) {
            // The accept is submitted by the first turn and keeps the limit that it finds there.
            InetSocketAddress address = loop.listen();
            waiting.setReuseAddress(true); // makes the descriptor
            long before = arena.allocate(16, 8).address();
            long low = arena.allocate(16, 8).address();
            assertEquals(0, (int) prlimit.invokeExact(0, RLIMIT_NOFILE, 0L, before));
            Memory.putLong(low, 3);
            Memory.putLong(low + 8, Memory.getLong(before + 8));
            assertEquals(0, (int) prlimit.invokeExact(0, RLIMIT_NOFILE, low, 0L));
            try {
                waiting.connect(address);
                loop.until(() -> loop.count("accept.backoffs") > 0);
                assertEquals(0, loop.accepts);
                long enters = loop.count("enter.calls");
                loop.turn(10_000_000);
                assertTrue(loop.count("enter.calls") - enters <= 2, "rests");
            } finally {
                int restored = (int) prlimit.invokeExact(0, RLIMIT_NOFILE, before, 0L);
                assertEquals(0, restored);
            }
            loop.until(() -> loop.accepts == 1);
        }
        memory.assertNoLeaks();
    }
}
