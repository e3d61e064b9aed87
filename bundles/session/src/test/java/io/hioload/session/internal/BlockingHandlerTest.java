package io.hioload.session.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.session.BlockingHandler;
import io.hioload.session.SessionSettings;
import io.hioload.transport.Status;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.Context;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

class BlockingHandlerTest {

    private static final int HIGH = 4096;

    /** Writes down its calls; each waits until the gate is open. */
    private static class Slow implements WebSocketHandler {
        final List<String> calls = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch gate = new CountDownLatch(1);
        volatile Session session;
        volatile boolean strange;
        private volatile boolean busy;

        private void call(String what) {
            strange |= busy || !Thread.currentThread().isVirtual();
            busy = true;
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                busy = false;
            }
            calls.add(what);
        }

        @Override
        public void onOpen(Session opened) {
            session = opened;
            call("open");
        }

        @Override
        public void onMessage(Session from, MessageType type, DirectBuffer buffer, int offset, int length) {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            call(type + " " + new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void onPong(Session from, DirectBuffer buffer, int offset, int length) {
            call("pong");
        }

        @Override
        public void onWritable(Session from) {
            call("writable");
        }

        @Override
        public void onClose(Session from, int code, String reason) {
            call("close " + code + " " + reason);
        }
    }

    private final Rig rig = new Rig();
    private final Slow slow = new Slow();

    private void open(Rig to, WebSocketHandler handler) {
        to.open(to.connection, new BlockingHandler(handler, HIGH));
    }

    /** The test's thread is the reactor's: it works until something has happened. */
    private static void work(Rig at, BooleanSupplier until) {
        while (!until.getAsBoolean()) {
            at.reactor.runTasks();
            Thread.yield();
        }
    }

    private void assertAllBack() {
        work(rig, () -> rig.shared.out.get() == 0);
        assertEquals(0, rig.reactor.pool.out.get());
        assertEquals(0, rig.input.out.get());
    }

    @Test
    void shouldCallInOrderOnVirtualThreadsWhenHandlerBlocks() {
        open(rig, slow);
        rig.receive(rig.text("a"), rig.binary(new byte[]{'b'}), rig.control(Opcode.PONG, ""));
        rig.receive(rig.text("c"));
        rig.connection.disappear(Status.RESET);
        assertEquals(List.of(), slow.calls);
        slow.gate.countDown();
        work(rig, () -> slow.calls.size() == 6);
        assertEquals(List.of("open", "TEXT a", "BINARY b", "pong", "TEXT c", "close 1006 " + Status.text(Status.RESET)), slow.calls);
        assertFalse(slow.strange, "two calls at once, or not on a virtual thread");
        assertAllBack();
    }

    @Test
    void shouldLoseNothingWhenOneReceiveBringsMoreThanFits() {
        open(rig, slow);
        byte[][] frames = new byte[1500][];
        List<String> expected = new ArrayList<>(List.of("open"));
        for (int i = 0; i < frames.length; i++) {
            frames[i] = rig.text("m" + i);
            expected.add("TEXT m" + i);
        }
        rig.receive(frames);
        assertFalse(rig.connection.receiving);
        slow.gate.countDown();
        work(rig, () -> slow.calls.size() == expected.size());
        assertEquals(expected, slow.calls);
        work(rig, () -> rig.connection.receiving);
        rig.connection.disappear(Status.RESET);
        work(rig, () -> slow.calls.size() == expected.size() + 1);
        assertAllBack();
    }

    @Test
    void shouldKeepOrderWhenMessagesComeWhileOthersAreHandled() {
        slow.gate.countDown();
        open(rig, slow);
        List<String> expected = new ArrayList<>(List.of("open"));
        for (int round = 0; round < 300; round++) {
            byte[][] frames = new byte[1 + round % 40][];
            for (int i = 0; i < frames.length; i++) {
                expected.add("TEXT " + round + "." + i);
                frames[i] = rig.text(round + "." + i);
            }
            work(rig, () -> rig.connection.receiving);
            rig.receive(frames);
        }
        work(rig, () -> slow.calls.size() == expected.size());
        assertEquals(expected, slow.calls);
        assertFalse(slow.strange);
        rig.connection.disappear(Status.RESET);
        assertAllBack();
    }

    @Test
    void shouldStopReceivingAboveTheMarkAndGoOnBelow() {
        open(rig, slow);
        rig.receive(rig.binary(new byte[HIGH / 2]));
        assertTrue(rig.connection.receiving);
        rig.receive(rig.binary(new byte[HIGH / 2]));
        assertFalse(rig.connection.receiving);
        slow.gate.countDown();
        work(rig, () -> rig.connection.receiving);
        rig.connection.disappear(Status.RESET);
        assertAllBack();
    }

    @Test
    void shouldNotTakeItsOwnPauseForThePeersSilence() {
        Rig timed = new Rig(Role.SERVER, new SessionSettings(10 * Rig.SECOND, 0, Rig.SECOND, 1 << 20, false));
        open(timed, slow);
        timed.receive(timed.binary(new byte[2 * HIGH]));
        assertFalse(timed.connection.receiving);
        timed.reactor.advance(60 * Rig.SECOND);
        assertTrue(timed.connection.isOpen());
        slow.gate.countDown();
        work(timed, () -> timed.connection.receiving);
        timed.reactor.advance(9 * Rig.SECOND);
        assertEquals(0, timed.reactor.count("timeouts.idle"));
        timed.reactor.advance(2 * Rig.SECOND);
        assertEquals(1, timed.reactor.count("timeouts.idle"));
    }

    @Test
    void shouldReceiveThePeersCloseFrameWhenClosedWhilePaused() {
        open(rig, slow);
        rig.receive(rig.binary(new byte[2 * HIGH]));
        assertFalse(rig.connection.receiving);
        work(rig, () -> slow.session != null);
        slow.session.close(4000, "enough");
        work(rig, () -> rig.connection.receiving);
        rig.receive(rig.close(4000, ""));
        slow.gate.countDown();
        work(rig, () -> slow.calls.contains("close 4000 "));
        rig.connection.disappear(Status.LOCAL_CLOSE);
        assertAllBack();
    }

    @Test
    void shouldCloseWith1011AndTellNothingMoreWhenHandlerThrows() {
        Slow failing = new Slow() {
            @Override
            public void onMessage(Session from, MessageType type, DirectBuffer buffer, int offset, int length) {
                super.onMessage(from, type, buffer, offset, length);
                throw new IllegalStateException("on purpose");
            }
        };
        open(rig, failing);
        rig.receive(rig.text("a"), rig.text("b"));
        failing.gate.countDown();
        work(rig, () -> rig.reactor.count("handler.failures") == 1);
        assertEquals(CloseCode.INTERNAL_ERROR, rig.sent().getLast().closeCode());
        rig.connection.disappear(Status.RESET);
        work(rig, () -> failing.calls.size() == 3);
        assertEquals(List.of("open", "TEXT a", "close 1006 " + Status.text(Status.RESET)), failing.calls);
        assertTrue(rig.traced.stream().anyMatch(event -> event.startsWith("failed ")));
        assertAllBack();
    }

    @Test
    void shouldCloseWith1013AndCountWhenThereIsNoMemoryForAMessage() {
        open(rig, slow);
        rig.shared.exhausted = true;
        rig.receive(rig.text("a"));
        assertEquals(CloseCode.TRY_AGAIN_LATER, rig.sent().getLast().closeCode());
        assertEquals(1, rig.reactor.count("blocking.refused"));
        slow.gate.countDown();
        rig.connection.disappear(Status.RESET);
        work(rig, () -> slow.calls.size() == 2);
        assertAllBack();
    }

    @Test
    void shouldSendFromItsThreadAndHaveAttributesAndHeaders() throws Exception {
        Context.Key<String> key = new Context.Key<>("test");
        CountDownLatch done = new CountDownLatch(1);
        List<Object> seen = Collections.synchronizedList(new ArrayList<>());
        open(rig, new WebSocketHandler() {
            @Override
            public void onOpen(Session session) {
                seen.add(session.request().header("Host"));
                seen.add(session.parameter("room"));
                session.context().put(key, "kept");
            }

            @Override
            public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
                seen.add(session.request().header("Host"));
                seen.add(session.context().get(key));
                seen.add(String.valueOf(session.remoteAddress()));
                session.send(type, buffer, offset, length);
                session.executor().execute(() -> {
                    seen.add(Thread.currentThread().isVirtual());
                    done.countDown();
                });
            }
        });
        rig.receive(rig.text("hello"));
        work(rig, () -> done.getCount() == 0);
        assertEquals("here", seen.get(0));
        assertEquals("a b", seen.get(1));
        assertNull(seen.get(2));
        assertEquals("kept", seen.get(3));
        assertTrue(((String) seen.get(4)).contains("peer"));
        assertSame(Boolean.TRUE, seen.get(5));
        assertEquals("hello", rig.sent().getFirst().text());
        rig.connection.disappear(Status.RESET);
        assertAllBack();
    }

    @Test
    void shouldStayPausedWhenHandlerAsksForIt() {
        slow.gate.countDown();
        open(rig, slow);
        work(rig, () -> slow.session != null);
        slow.session.receiving(false);
        work(rig, () -> !rig.connection.receiving);
        slow.session.receiving(true);
        work(rig, () -> rig.connection.receiving);
    }

    @Test
    void shouldBeTheSameWhenItWrapsTheSameHandler() {
        assertTrue(BlockingHandler.isSame(slow, slow));
        assertTrue(BlockingHandler.isSame(new BlockingHandler(slow, 1), new BlockingHandler(slow, 2)));
        assertFalse(BlockingHandler.isSame(new BlockingHandler(slow, 1), slow));
        assertFalse(BlockingHandler.isSame(new BlockingHandler(slow, 1), new BlockingHandler(new Slow(), 1)));
        open(rig, slow);
        slow.gate.countDown();
        rig.engine.closeAll(new BlockingHandler(slow, HIGH), null, CloseCode.GOING_AWAY, "endpoint removed");
        assertEquals(CloseCode.GOING_AWAY, rig.sent().getLast().closeCode());
    }
}
