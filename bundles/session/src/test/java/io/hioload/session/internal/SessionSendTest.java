package io.hioload.session.internal;

import static io.hioload.session.internal.Rig.QUIET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.session.SessionSettings;
import io.hioload.session.SlowConsumer;
import io.hioload.transport.Status;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionSendTest {

    private static byte[] joined(List<Frames.Frame> frames) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < frames.size(); i++) {
            assertEquals(i == frames.size() - 1, frames.get(i).fin());
            assertEquals(i == 0, frames.get(i).opcode() != Opcode.CONTINUATION);
            out.writeBytes(frames.get(i).payload());
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldSendEverySizeWhenFromReactor(Role role) {
        Rig rig = new Rig(role, QUIET).open();
        for (int length : new int[]{0, 1, 125, 126, 127, 4080, 4082, 4083, 4092, 4093, 4096, 5000, 65535, 65536, 100_000, 131_058, 131_072,
                400_000}) {
            byte[] bytes = Rig.bytes(length + 3);
            assertEquals(SendStatus.ACCEPTED, rig.session().send(MessageType.BINARY, new UnsafeBuffer(bytes), 3, length));
            List<Frames.Frame> sent = rig.sent();
            assertEquals(Opcode.BINARY, sent.getFirst().opcode());
            assertEquals(length > 131_062 ? length / 131_058 + 1 : 1, sent.size(), "frames of " + length);
            assertArrayEquals(java.util.Arrays.copyOfRange(bytes, 3, length + 3), joined(sent));
        }
        rig.end(Status.RESET);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldSendTextOfEverySize(Role role) {
        Rig rig = new Rig(role, QUIET).open();
        for (String unit : List.of("a", "\u00E4", "\u20AC", "\uD83D\uDE00", "abcdefgh\u20AC", "\uD800")) {
            for (int times : new int[]{0, 1, 42, 60, 63, 100, 125, 126, 340, 341, 1365, 4080, 5000, 21_845, 30_000, 70_000, 140_000}) {
                CharSequence text = new StringBuilder(unit.repeat(times));
                assertEquals(SendStatus.ACCEPTED, rig.session().sendText(text));
                assertArrayEquals(text.toString().getBytes(StandardCharsets.UTF_8), joined(rig.sent()));
            }
        }
        rig.end(Status.RESET);
    }

    @Test
    void shouldCloseASlowConsumerWhenThePolicySaysSo() throws InterruptedException {
        SessionSettings closing = new SessionSettings(0, 0, 0, Rig.SECOND, 1000, false, SlowConsumer.CLOSE);
        for (boolean elsewhere : new boolean[]{false, true}) {
            Rig slow = new Rig(Role.SERVER, closing).open();
            slow.connection.block();
            UnsafeBuffer message = new UnsafeBuffer(new byte[600]);
            assertEquals(SendStatus.ACCEPTED, slow.session().send(MessageType.BINARY, message, 0, 600));
            Runnable send = () -> assertEquals(SendStatus.DROPPED, slow.session().send(MessageType.BINARY, message, 0, 600));
            if (elsewhere) {
                Thread other = Thread.ofPlatform().start(send);
                other.join();
                slow.reactor.runTasks();
            } else {
                send.run();
            }
            assertEquals(SendStatus.CLOSED, slow.session().send(MessageType.BINARY, message, 0, 600));
            assertEquals(1, slow.reactor.count("slow.closed"));
            slow.connection.unblock();
            List<Frames.Frame> sent = slow.sent();
            assertEquals(2, sent.size());
            assertEquals(CloseCode.POLICY_VIOLATION, sent.getLast().closeCode());
            assertEquals("too slow", sent.getLast().closeReason());
            slow.end(Status.RESET);
        }
    }

    @Test
    void shouldSendPing() {
        Rig rig = new Rig().open();
        assertEquals(SendStatus.ACCEPTED, rig.session().ping(new UnsafeBuffer("hello".getBytes()), 1, 3));
        Frames.Frame ping = rig.sent().getFirst();
        assertEquals(Opcode.PING, ping.opcode());
        assertEquals("ell", ping.text());
        assertThrows(IllegalArgumentException.class, () -> rig.session().ping(new UnsafeBuffer(new byte[126]), 0, 126));
        assertThrows(IllegalArgumentException.class, () -> rig.session().ping(new UnsafeBuffer(new byte[126]), 0, -1));
        rig.receive(rig.control(Opcode.PONG, "ell"));
        assertEquals("pong ell", rig.handler.calls.getLast());
    }

    @Test
    void shouldAnswerPing() {
        Rig rig = new Rig().open();
        rig.receive(rig.control(Opcode.PING, "are you there"));
        Frames.Frame pong = rig.sent().getFirst();
        assertEquals(Opcode.PONG, pong.opcode());
        assertEquals("are you there", pong.text());
    }

    @Test
    void shouldAnswerOnlyLatestPingWhenUnderBackpressure() {
        Rig rig = new Rig().open();
        rig.connection.block();
        assertEquals(SendStatus.BACKPRESSURE, rig.session().send(MessageType.BINARY, new UnsafeBuffer(new byte[70_000]), 0, 70_000));
        rig.receive(rig.control(Opcode.PING, "1"), rig.control(Opcode.PING, "22"));
        rig.receive(rig.control(Opcode.PING, "333"));
        assertEquals(2, rig.reactor.count("control.dropped"));
        rig.connection.unblock();
        List<Frames.Frame> sent = rig.sent();
        assertEquals(2, sent.size());
        assertEquals("333", sent.get(1).text());
        assertEquals("writable", rig.handler.calls.getLast());
        rig.end(Status.RESET);
    }

    @Test
    void shouldTellWritableOnlyWhenOwed() {
        Rig rig = new Rig().open();
        rig.connection.block();
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[40_000]);
        assertEquals(SendStatus.ACCEPTED, rig.session().send(MessageType.BINARY, bytes, 0, 40_000));
        rig.connection.unblock();
        rig.connection.block();
        assertEquals(SendStatus.ACCEPTED, rig.session().send(MessageType.BINARY, bytes, 0, 40_000));
        assertEquals(SendStatus.BACKPRESSURE, rig.session().send(MessageType.BINARY, bytes, 0, 40_000));
        assertEquals(SendStatus.BACKPRESSURE, rig.session().sendText("x"));
        assertTrue(rig.session().unsentBytes() > 80_000);
        assertEquals(List.of("open"), rig.handler.calls);
        rig.connection.unblock();
        assertEquals(List.of("open", "writable"), rig.handler.calls);
        assertEquals(0, rig.session().unsentBytes());
        assertEquals(SendStatus.ACCEPTED, rig.session().sendText("x"));
        rig.end(Status.RESET);
    }

    @Test
    void shouldDropBeyondLimitAndTellWritableWhenDrained() {
        Rig rig = new Rig(Role.SERVER, new SessionSettings(0, 0, 0, 100_000, false)).open();
        rig.connection.block();
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[120_000]);
        assertEquals(SendStatus.BACKPRESSURE, rig.session().send(MessageType.BINARY, bytes, 0, 120_000), "alone it is taken");
        assertEquals(SendStatus.DROPPED, rig.session().send(MessageType.BINARY, bytes, 0, 1));
        assertEquals(SendStatus.DROPPED, rig.session().sendText("x"));
        assertEquals(SendStatus.DROPPED, rig.session().sendText("y".repeat(5000)));
        assertEquals(SendStatus.DROPPED, rig.session().ping(bytes, 0, 1));
        assertEquals(4, rig.reactor.count("send.dropped"));
        assertEquals(1, rig.reactor.count("messages.out"));
        rig.connection.unblock();
        assertEquals(List.of("open", "writable"), rig.handler.calls);
        assertEquals(1, rig.sent().size());
        rig.end(Status.RESET);
    }

    @Test
    void shouldTellWritableWhenDroppedThoughConnectionIsWritable() {
        Rig rig = new Rig().open();
        rig.reactor.pool.exhausted = true;
        assertEquals(SendStatus.DROPPED, rig.session().send(MessageType.BINARY, new UnsafeBuffer(new byte[9000]), 0, 9000));
        assertEquals(SendStatus.DROPPED, rig.session().sendText("z".repeat(9000)));
        assertEquals(SendStatus.DROPPED, rig.session().send(MessageType.BINARY, new UnsafeBuffer(new byte[300_000]), 0, 300_000));
        assertEquals(SendStatus.DROPPED, rig.session().sendText("z"));
        rig.reactor.pool.exhausted = false;
        rig.reactor.advance(Deferred.DELAY_NS);
        assertEquals(List.of("open", "writable"), rig.handler.calls);
        rig.end(Status.RESET);
    }

    @Test
    void shouldKeepTryingWhenHandlerSendsInVainFromOnWritable() {
        Rig rig = new Rig().open();
        rig.handler.onWritable = s -> s.sendText("again");
        rig.connection.corkExhausted = true;
        rig.session().sendText("x");
        rig.reactor.advance(5 * Deferred.DELAY_NS);
        assertEquals(6, rig.reactor.count("send.dropped"));
        rig.connection.corkExhausted = false;
        rig.reactor.advance(Deferred.DELAY_NS);
        assertEquals("again", rig.sent().getLast().text());
        rig.end(Status.RESET);
    }

    @Test
    void shouldLeakNothingWhenPoolEndsWithinChain() {
        FakePool pool = new FakePool();
        FrameChain chain = FrameChain.encode(new EndingEncoder(pool), pool, Opcode.BINARY, new UnsafeBuffer(new byte[400_000]), 0, 400_000);
        assertEquals(null, chain);
        assertEquals(0, pool.out.get());
    }

    /** Exhausts the pool with the second frame. */
    private record EndingEncoder(FakePool pool) implements io.hioload.protocol.FrameEncoder {
        @Override
        public int headerLength(int payloadLength) {
            return 10;
        }

        @Override
        public int encode(org.agrona.MutableDirectBuffer target, int targetOffset, int opcode, boolean fin, org.agrona.DirectBuffer payload,
                int payloadOffset, int length) {
            pool.exhausted = opcode == Opcode.CONTINUATION;
            return 10 + length;
        }

        @Override
        public int prepend(org.agrona.MutableDirectBuffer target, int payloadOffset, int opcode, boolean fin, int length) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void shouldThrowAndSendNothingWhenRangeIsBad() {
        Rig rig = new Rig().open();
        UnsafeBuffer ten = new UnsafeBuffer(new byte[10]);
        assertThrows(IndexOutOfBoundsException.class, () -> rig.session().send(MessageType.BINARY, ten, 5, 6));
        assertThrows(IndexOutOfBoundsException.class, () -> rig.session().send(MessageType.BINARY, ten, 0, -1));
        assertEquals(0, rig.sent().size());
        rig.end(Status.RESET);
    }

    @Test
    void shouldSendFromReceiveBufferWhenLargeMessageIsEchoed() {
        Rig rig = new Rig();
        Buffer[] holder = new Buffer[1];
        rig.handler.onMessage = (s, type, buffer, offset, length) -> {
            assertEquals(SendStatus.ACCEPTED, s.send(type, buffer, offset, length));
            holder[0] = rig.connection.lastSent;
            if (length > 4100) {
                assertSame(buffer, holder[0].memory());
                assertEquals(offset - (length > 65535 ? 10 : 4), rig.connection.lastSentOffset);
                s.send(type, buffer, offset, length);
                assertSame(buffer, rig.connection.lastSent.memory());
                s.send(MessageType.TEXT, buffer, offset, length);
                assertNotSame(buffer, rig.connection.lastSent.memory(), "another opcode cannot share the frame");
                s.send(type, buffer, offset + 1, length - 1);
                assertNotSame(buffer, rig.connection.lastSent.memory());
            }
        };
        rig.open();
        rig.receiveAt(5, rig.binary(Rig.bytes(8000)), rig.text("small"), rig.binary(Rig.bytes(70_000)));
        List<Frames.Frame> sent = rig.sent();
        assertEquals(9, sent.size());
        for (int i : new int[]{0, 1, 2, 5, 6, 7}) {
            assertArrayEquals(Rig.bytes(i < 5 ? 8000 : 70_000), sent.get(i).payload());
            assertEquals(i % 5 == 2 ? Opcode.TEXT : Opcode.BINARY, sent.get(i).opcode());
        }
        assertEquals("small", sent.get(4).text());
        assertEquals(7999, sent.get(3).payload().length);
        rig.end(Status.RESET);
    }

    @Test
    void shouldShareReceiveBufferWhenMessageIsBroadcast() {
        Rig rig = new Rig();
        List<FakeConnection> others = new ArrayList<>();
        List<Rig.Recorder> handlers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            FakeConnection other = new FakeConnection(rig.reactor, 10 + i);
            Rig.Recorder recorder = new Rig.Recorder();
            rig.open(other, recorder);
            other.block();
            others.add(other);
            handlers.add(recorder);
        }
        rig.handler.onMessage = (s, type, buffer, offset, length) -> handlers.forEach(h -> h.session.send(type, buffer, offset, length));
        rig.open();
        rig.receive(rig.binary(Rig.bytes(9000)));
        Buffer shared = others.getFirst().lastSent;
        assertEquals(3, shared.refs());
        for (FakeConnection other : others) {
            assertSame(shared, other.lastSent);
            other.unblock();
            assertArrayEquals(Rig.bytes(9000), Frames.read(other.takeWire(), false).getFirst().payload());
        }
        assertEquals(0, shared.refs());
    }

    @Test
    void shouldCopyWhenSmallMessageWouldHoldLargeBufferOfSlowPeer() {
        Rig rig = new Rig();
        rig.handler.onMessage = (s, type, buffer, offset, length) -> s.send(type, buffer, offset, length);
        rig.open();
        rig.connection.block();
        rig.receive(rig.binary(Rig.bytes(5000)), rig.binary(Rig.bytes(5000)), rig.binary(Rig.bytes(60_000)));
        List<FakeConnection.Queued> queued = List.copyOf(rig.connection.queue);
        assertEquals(3, queued.size());
        assertNotSame(queued.get(0).buffer(), queued.get(1).buffer());
        assertSame(queued.get(0).buffer(), queued.get(2).buffer(), "most of the buffer is the message");
        rig.connection.unblock();
        assertEquals(3, rig.sent().size());
        rig.end(Status.RESET);
    }

    @Test
    void shouldCopyOnceWhenAssembledMessageIsSentToMany() {
        Rig rig = new Rig();
        FakeConnection other = new FakeConnection(rig.reactor, 10);
        Rig.Recorder otherHandler = new Rig.Recorder();
        rig.open(other, otherHandler);
        rig.handler.onMessage = (s, type, buffer, offset, length) -> {
            s.send(type, buffer, offset, length);
            if (buffer != rig.connection.lastSent.memory()) {
                otherHandler.session.send(type, buffer, offset, length);
                assertSame(rig.connection.lastSent, other.lastSent);
                otherHandler.session.send(MessageType.TEXT, buffer, offset, length);
                assertNotSame(rig.connection.lastSent, other.lastSent);
            }
        };
        rig.open();
        for (int length : new int[]{10_000, 40_000, 80_000}) {
            byte[] frame = rig.binary(Rig.bytes(length));
            for (int cut : new int[]{1, 6, 8, 14, length / 2, length}) {
                rig.receive(java.util.Arrays.copyOf(frame, cut));
                rig.receive(java.util.Arrays.copyOfRange(frame, cut, frame.length));
                List<Frames.Frame> sent = rig.sent();
                assertEquals(1, sent.size());
                assertArrayEquals(Rig.bytes(length), sent.getFirst().payload());
                for (Frames.Frame copy : Frames.read(other.takeWire(), false)) {
                    assertArrayEquals(Rig.bytes(length), copy.payload());
                }
            }
        }
        other.disappear(Status.RESET);
        assertEquals(0, rig.reactor.pool.out.get());
    }

    @Test
    void shouldAnswerClosedAndReleaseWhenConnectionRefuses() {
        Rig rig = new Rig().open();
        rig.connection.close(io.hioload.transport.CloseMode.ABORT);
        assertEquals(SendStatus.CLOSED, rig.session().sendText("x"));
        assertEquals(SendStatus.CLOSED, rig.session().send(MessageType.BINARY, new UnsafeBuffer(new byte[9000]), 0, 9000));
        assertEquals(SendStatus.CLOSED, rig.session().send(MessageType.BINARY, new UnsafeBuffer(new byte[300_000]), 0, 300_000));
        rig.end(Status.LOCAL_CLOSE);
    }
}
