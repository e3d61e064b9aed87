package io.hioload.testkit.reactor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FakeReactorTest {

    /** Echoes by the two ways to send, and writes down the rest. */
    private static final class Echo implements ConnectionHandler {
        final List<String> events = new ArrayList<>();

        @Override
        public void onOpen(Connection connection) {
            events.add("open");
            connection.timeout(3_000_000);
        }

        @Override
        public void onConnectFailed(int status) {
            events.add("failed " + status);
        }

        @Override
        public void onReceive(Connection connection, Buffer buffer, int offset, int length) {
            if (length > 4) {
                connection.send(buffer.retain(), offset, length);
                return;
            }
            Buffer room = connection.claim(length);
            if (room == null) {
                events.add("no memory");
                return;
            }
            room.memory().putBytes(connection.claimOffset(), buffer.memory(), offset, length);
            connection.commit(length);
        }

        @Override
        public void onWritable(Connection connection) {
            events.add("writable");
        }

        @Override
        public void onTimeout(Connection connection) {
            events.add("timeout");
        }

        @Override
        public void onClosed(Connection connection, int reason) {
            events.add("closed " + reason);
        }
    }

    private final FakeReactor reactor = new FakeReactor(2);
    private final Echo echo = new Echo();

    @Test
    void shouldPutOnTheWireWhatTheHandlerSends() {
        FakeConnection connection = reactor.accept(echo);
        connection.receive((byte) 1, (byte) 2);
        connection.receive((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5);
        assertArrayEquals(new byte[]{1, 2, 1, 2, 3, 4, 5}, connection.takeWire());
        connection.receiveByteWise((byte) 6, (byte) 7);
        assertArrayEquals(new byte[]{6, 7}, connection.takeWire());
        connection.disappear(Status.RESET);
        assertThrows(IllegalStateException.class, () -> connection.disappear(Status.RESET));
        assertEquals(List.of("open", "closed " + Status.RESET), echo.events);
        assertEquals(List.of(), reactor.connections());
        reactor.assertNoLeaks();
    }

    @Test
    void shouldTellOfBackPressureWhenBlocked() {
        FakeConnection connection = reactor.accept(echo);
        connection.block();
        connection.receive(new byte[FakeConnection.HIGH_WATER_BYTES]);
        assertTrue(connection.isWritable());
        connection.receive((byte) 1);
        assertFalse(connection.isWritable());
        assertEquals(FakeConnection.HIGH_WATER_BYTES + 1, connection.unsentBytes());
        connection.unblock();
        assertTrue(connection.isWritable());
        assertEquals(FakeConnection.HIGH_WATER_BYTES + 1, connection.takeWire().length);
        assertEquals("writable", echo.events.getLast());
        connection.block();
        connection.receive((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5);
        connection.disappear(Status.RESET);
        reactor.assertNoLeaks();
    }

    @Test
    void shouldCloseAndFailAsTheTestWants() {
        FakeConnection connection = reactor.accept(echo);
        connection.outOfMemory(true);
        connection.receive((byte) 1);
        assertEquals("no memory", echo.events.getLast());
        connection.receiving(false);
        assertFalse(connection.isReceiving());
        connection.endInput();
        assertEquals(CloseMode.FLUSH, connection.closed());
        assertFalse(connection.isOpen());
        assertNull(connection.claim(1));
        connection.disappear(Status.LOCAL_CLOSE);
        assertNull(connection.remoteAddress());
    }

    @Test
    void shouldTurnTimeForTimeoutsAndTimers() {
        FakeConnection connection = reactor.accept(echo);
        List<String> ran = new ArrayList<>();
        reactor.schedule(() -> ran.add("timer"), 5_000_000);
        assertEquals(3_000_000, connection.timeoutNs());
        reactor.advance(2_500_000);
        assertEquals("open", echo.events.getLast());
        reactor.advance(500_000);
        assertEquals("timeout", echo.events.getLast());
        assertEquals(-1, connection.timeoutNs());
        reactor.advance(2_000_000);
        assertEquals(List.of("timer"), ran);
    }

    @Test
    void shouldConnectOrFailWhenTasksRun() {
        reactor.connect(InetSocketAddress.createUnresolved("there", 1), echo);
        assertEquals(List.of(), echo.events);
        reactor.runTasks();
        assertEquals(1, reactor.connections().size());
        reactor.connectStatus(Status.REFUSED);
        reactor.connect(InetSocketAddress.createUnresolved("there", 1), echo);
        reactor.runTasks();
        assertEquals(List.of("open", "failed " + Status.REFUSED), echo.events);
        assertTrue(reactor.connect(InetSocketAddress.createUnresolved("there", 1), echo).cancel());
        reactor.runTasks();
        assertEquals(2, echo.events.size());
    }

    @Test
    void shouldRejectWhenFullOrTold() throws Exception {
        reactor.execute(() -> reactor.counters().counter("ran").increment());
        reactor.execute(() -> {
        });
        assertThrows(RejectedExecutionException.class, () -> reactor.execute(() -> {
        }));
        assertEquals(2, reactor.runTasks());
        assertEquals(1, reactor.count("ran"));
        reactor.rejecting(true);
        assertThrows(RejectedExecutionException.class, () -> reactor.execute(() -> {
        }));
        assertThrows(RejectedExecutionException.class, () -> reactor.schedule(() -> {
        }, 1));
        boolean[] inLoop = new boolean[]{true};
        Thread other = Thread.ofPlatform().start(() -> inLoop[0] = reactor.inEventLoop());
        other.join();
        assertFalse(inLoop[0]);
        assertTrue(reactor.inEventLoop());
    }
}
