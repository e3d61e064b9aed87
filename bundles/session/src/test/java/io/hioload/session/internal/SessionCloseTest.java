package io.hioload.session.internal;

import static io.hioload.session.internal.Rig.QUIET;
import static io.hioload.session.internal.Rig.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.session.PathPattern;
import io.hioload.session.SessionSettings;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import io.hioload.websocket.SendStatus;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SessionCloseTest {

    private final Rig rig = new Rig().open();

    private void assertSentClose(int code, String reason) {
        Frames.Frame close = rig.sent().getLast();
        assertEquals(Opcode.CLOSE, close.opcode());
        assertEquals(code, close.closeCode());
        assertEquals(reason, close.closeReason());
    }

    @Test
    void shouldAnswerWithSameCodeAndFlushWhenPeerCloses() {
        rig.receive(rig.text("a"), rig.close(3001, "bye"), rig.text("late"));
        assertSentClose(3001, "");
        assertEquals(List.of("open", "text a", "close 3001 bye"), rig.handler.calls);
        assertEquals(CloseMode.FLUSH, rig.connection.closed);
        assertEquals(SendStatus.CLOSED, rig.session().sendText("x"));
        rig.receive(rig.text("later"));
        rig.end(Status.END_OF_INPUT);
    }

    @Test
    void shouldAnswer1000WhenPeerClosesWithoutCode() {
        rig.receive(rig.control(Opcode.CLOSE, ""));
        assertSentClose(1000, "");
        assertEquals("close 1005 ", rig.handler.calls.getLast());
        rig.end(Status.END_OF_INPUT);
    }

    @Test
    void shouldWaitForServerToCloseWhenClient() {
        Rig client = new Rig(Role.CLIENT, QUIET).open();
        client.receive(client.close(1001, "stop"));
        assertEquals(1001, client.sent().getLast().closeCode());
        assertNull(client.connection.closed);
        assertEquals("close 1001 stop", client.handler.calls.getLast());
        client.reactor.advance(5 * SECOND);
        assertEquals(CloseMode.FLUSH, client.connection.closed);
        client.end(Status.LOCAL_CLOSE);
    }

    @Test
    void shouldWaitForServerToCloseWhenServerBreaksProtocol() {
        Rig client = new Rig(Role.CLIENT, QUIET).open();
        client.receive(Frames.frame(true, Opcode.TEXT, true, new byte[]{'x'}));
        assertEquals(1002, client.sent().getLast().closeCode());
        assertNull(client.connection.closed);
        assertTrue(client.handler.calls.getLast().startsWith("close 1002 "));
        client.receive(client.text("too late"));
        assertTrue(client.handler.calls.getLast().startsWith("close 1002 "));
        client.reactor.advance(5 * SECOND);
        assertEquals(CloseMode.FLUSH, client.connection.closed);
        client.end(Status.LOCAL_CLOSE);
    }

    @Test
    void shouldCloseWhenServerEndsAfterHandshakeOfClient() {
        Rig client = new Rig(Role.CLIENT, QUIET).open();
        client.session().close(1000, "done");
        client.receive(client.close(1000, ""));
        client.connection.endInput();
        assertEquals(CloseMode.FLUSH, client.connection.closed);
        client.end(Status.END_OF_INPUT);
        assertEquals("close 1000 ", client.handler.calls.getLast());
    }

    @Test
    void shouldSendCloseBehindMessagesAndDeliverNoMoreWhenClosedHere() {
        rig.session().sendText("first");
        rig.session().close(4000, "enough");
        rig.session().close(4001, "again");
        assertFalse(rig.session().isOpen());
        assertEquals(SendStatus.CLOSED, rig.session().sendText("x"));
        List<Frames.Frame> sent = rig.sent();
        assertEquals(2, sent.size());
        assertEquals("first", sent.getFirst().text());
        assertEquals(4000, sent.get(1).closeCode());
        assertEquals("enough", sent.get(1).closeReason());
        rig.receive(rig.text("late"), rig.control(Opcode.PING, "p"));
        assertNull(rig.connection.closed);
        rig.receive(rig.close(4000, "ok"));
        assertEquals(List.of("open", "close 4000 ok"), rig.handler.calls);
        assertEquals(CloseMode.FLUSH, rig.connection.closed);
        assertEquals(0, rig.sent().size());
        rig.end(Status.END_OF_INPUT);
    }

    @Test
    void shouldEndWithOwnCodeWhenPeerDoesNotAnswerInTime() {
        rig.session().close(1001, "stop");
        rig.reactor.advance(5 * SECOND - 10_000_000);
        assertNull(rig.connection.closed);
        rig.reactor.advance(20_000_000);
        assertEquals(CloseMode.FLUSH, rig.connection.closed);
        assertEquals("close 1001 stop", rig.handler.calls.getLast());
        assertEquals(1, rig.reactor.count("timeouts.close"));
        rig.end(Status.TIMED_OUT);
    }

    @Test
    void shouldNotWaitWhenCloseTimeoutIsZero() {
        Rig hasty = new Rig(Role.SERVER, new SessionSettings(0, 0, 0, 1000, false));
        hasty.handler.onMessage = (s, t, b, o, l) -> s.close(1000, "bye");
        hasty.open();
        hasty.receive(hasty.text("a"), hasty.text("b"));
        assertEquals(CloseMode.FLUSH, hasty.connection.closed);
        assertEquals(List.of("open", "text a"), hasty.handler.calls);
        hasty.end(Status.LOCAL_CLOSE);
        assertEquals("close 1000 bye", hasty.handler.calls.getLast());
    }

    @Test
    void shouldEndWithOwnCodeWhenCloseFrameFindsNoMemory() {
        rig.connection.corkExhausted = true;
        rig.session().close(1001, "stop");
        assertEquals(CloseMode.FLUSH, rig.connection.closed);
        rig.end(Status.LOCAL_CLOSE);
        assertEquals("close 1001 stop", rig.handler.calls.getLast());
    }

    @Test
    void shouldFailConnectionWhenInputBreaksProtocol() {
        byte[] unmasked = Frames.frame(false, Opcode.TEXT, true, new byte[]{'x'});
        rig.receive(rig.text("a"), unmasked, rig.text("b"));
        assertEquals(1002, rig.sent().getLast().closeCode());
        assertEquals(CloseMode.FLUSH, rig.connection.closed);
        assertEquals(1, rig.reactor.count("protocol.violations.1002"));
        assertTrue(rig.handler.calls.getLast().startsWith("close 1002 "));
        rig.end(Status.END_OF_INPUT);
    }

    @Test
    void shouldDiscardUnfinishedMessageWhenInputBreaksProtocol() {
        rig.receive(Frames.frame(true, Opcode.TEXT, false, "abc".getBytes()));
        rig.receive(rig.text("not a continuation"));
        assertEquals(1002, rig.sent().getLast().closeCode());
        rig.end(Status.END_OF_INPUT);
    }

    @Test
    void shouldEndWith1006WhenInputEndsWithoutClose() {
        rig.receive(Frames.frame(true, Opcode.BINARY, false, new byte[10]));
        rig.connection.endInput();
        assertEquals("close 1006 end of input", rig.handler.calls.getLast());
        assertEquals(CloseMode.FLUSH, rig.connection.closed);
        rig.end(Status.END_OF_INPUT);
    }

    @Test
    void shouldEndWith1006WhenConnectionIsReset() {
        rig.receive(Frames.frame(true, Opcode.BINARY, false, new byte[10]));
        rig.end(Status.RESET);
        assertEquals("close 1006 connection reset by peer", rig.handler.calls.getLast());
    }

    @Test
    void shouldEndWith1006WhenConnectionEndsAfterOwnCloseWithoutAnswer() {
        rig.session().close(1000, "bye");
        rig.end(Status.RESET);
        assertEquals("close 1006 connection reset by peer", rig.handler.calls.getLast());
    }

    @Test
    void shouldCloseWith1011AndDeliverNoMoreWhenHandlerThrows() {
        rig.handler.onMessage = (s, t, b, o, l) -> {
            throw new IllegalStateException("on purpose");
        };
        rig.receive(rig.text("a"), rig.text("b"), rig.close(1011, ""));
        assertEquals(1011, rig.sent().getFirst().closeCode());
        assertEquals(List.of("open", "text a", "close 1011 "), rig.handler.calls);
        assertEquals(1, rig.reactor.count("handler.failures"));
        assertTrue(rig.traced.contains("failed " + rig.session().id() + " on purpose"));
        rig.end(Status.END_OF_INPUT);
    }

    @Test
    void shouldCloseWith1011WhenOnOpenThrows() {
        Rig failing = new Rig();
        failing.handler.onOpen = s -> {
            throw new AssertionError("on purpose");
        };
        failing.open();
        assertEquals(1011, failing.sent().getFirst().closeCode());
        failing.reactor.advance(6 * SECOND);
        failing.end(Status.TIMED_OUT);
        assertEquals("close 1011 handler failed", failing.handler.calls.getLast());
    }

    @Test
    void shouldCountWhenOnCloseThrows() {
        rig.handler.onClose = s -> {
            throw new IllegalStateException("on purpose");
        };
        rig.receive(rig.close(1000, ""));
        assertEquals(1, rig.reactor.count("handler.failures"));
        rig.end(Status.END_OF_INPUT);
    }

    @Test
    void shouldGiveUpPendingPongWhenConnectionGoes() {
        rig.connection.block();
        while (rig.session().send(io.hioload.websocket.MessageType.BINARY, new UnsafeBuffer(new byte[4000]), 0,
                4000) == SendStatus.ACCEPTED) {
            rig.connection.flush();
        }
        rig.receive(rig.control(Opcode.PING, "1"));
        rig.end(Status.RESET);
    }

    @Test
    void shouldRejectCodesThatMayNotBeSent() {
        for (int code : new int[]{0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
            assertThrows(IllegalArgumentException.class, () -> rig.session().close(code, ""));
        }
        assertTrue(rig.session().isOpen());
    }

    @Test
    void shouldCutReasonAtCharacter() {
        rig.session().close(1000, "x" + "\u20AC".repeat(60));
        assertSentClose(1000, "x" + "\u20AC".repeat(40));
        assertEquals("", CloseReason.fit(null));
        assertEquals("y".repeat(123), CloseReason.fit("y".repeat(123)));
        assertEquals("y".repeat(122), CloseReason.fit("y".repeat(122) + "\uD83D\uDE00"));
        assertEquals("y".repeat(119) + "\uD83D\uDE00", CloseReason.fit("y".repeat(119) + "\uD83D\uDE00\uD83D\uDE00"));
    }

    @Test
    void shouldEndOnceWhenSessionsAreDrained() {
        rig.engine.closeAll(null, null, 1001, "server stops");
        assertSentClose(1001, "server stops");
        rig.engine.closeAll(null, null, 1001, "server stops");
        rig.receive(rig.close(1001, ""));
        rig.connection.endInput();
        rig.end(Status.END_OF_INPUT);
    }

    @Test
    void shouldCloseOnlySessionsOfHandlerWhenAsked() {
        FakeConnection other = new FakeConnection(rig.reactor, 8);
        Rig.Recorder otherHandler = new Rig.Recorder();
        rig.open(other, otherHandler);
        assertEquals(2, rig.engine.openSessions());
        rig.engine.closeAll(otherHandler, null, 1001, "removed");
        assertTrue(rig.session().isOpen());
        assertFalse(otherHandler.session.isOpen());
        assertThrows(IllegalArgumentException.class, () -> rig.engine.closeAll(null, null, 1005, ""));
    }

    @Test
    void shouldLeaveTheHandlersOtherSessionsWhenOnePatternGoes() {
        rig.engine.closeAll(rig.handler, PathPattern.parse("/other"), 1001, "removed");
        assertTrue(rig.session().isOpen());
        rig.engine.closeAll(rig.handler, PathPattern.parse("/chat/{place}"), 1001, "removed");
        assertFalse(rig.session().isOpen());
    }
}
