package io.hioload.session.internal;

import static io.hioload.session.internal.Rig.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.session.SessionSettings;
import io.hioload.transport.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTimeTest {

    private static Rig rig(long idleSeconds, long pingSeconds) {
        return new Rig(Role.SERVER, new SessionSettings(idleSeconds * SECOND, pingSeconds * SECOND, SECOND, 1000, false)).open();
    }

    @Test
    void shouldPingAndThenCloseWhenPeerIsSilent() {
        Rig rig = rig(25, 10);
        rig.reactor.advance(9_900_000_000L);
        assertEquals(0, rig.sent().size());
        rig.reactor.advance(200_000_000L);
        List<Frames.Frame> sent = rig.sent();
        assertEquals(1, sent.size());
        assertEquals(Opcode.PING, sent.getFirst().opcode());
        rig.reactor.advance(9_800_000_000L);
        assertEquals(0, rig.sent().size());
        rig.reactor.advance(200_000_000L);
        assertEquals(Opcode.PING, rig.sent().getFirst().opcode());
        assertTrue(rig.session().isOpen());
        rig.reactor.advance(5 * SECOND);
        assertFalse(rig.session().isOpen());
        Frames.Frame close = rig.sent().getLast();
        assertEquals(1001, close.closeCode());
        assertEquals("idle timeout", close.closeReason());
        assertEquals(1, rig.reactor.count("timeouts.idle"));
        rig.reactor.advance(SECOND + 5_000_000);
        assertEquals("close 1001 idle timeout", rig.handler.calls.getLast());
        rig.end(Status.TIMED_OUT);
    }

    @Test
    void shouldStayOpenWhenPeerAnswersPings() {
        Rig rig = rig(25, 10);
        for (int i = 0; i < 20; i++) {
            rig.reactor.advance(10_010_000_000L);
            assertEquals(1, rig.sent().size(), "ping " + i);
            rig.receive(rig.control(Opcode.PONG, ""));
        }
        assertTrue(rig.session().isOpen());
    }

    @Test
    void shouldNeitherPingNorCloseWhenPeerTalks() {
        Rig rig = rig(10, 5);
        for (int i = 0; i < 20; i++) {
            rig.reactor.advance(4 * SECOND);
            rig.receive(rig.text("x"));
        }
        assertEquals(0, rig.sent().size());
        assertTrue(rig.session().isOpen());
    }

    @Test
    void shouldSetTimerOncePerDeadlineAndNotPerMessage() {
        Rig rig = rig(10, 0);
        long first = rig.connection.deadlineNs;
        rig.reactor.advance(SECOND);
        rig.receive(rig.text("x"));
        assertEquals(first, rig.connection.deadlineNs);
        rig.reactor.advance(9 * SECOND + 10_000_000);
        assertTrue(rig.connection.deadlineNs - first > 900_000_000L && rig.connection.deadlineNs - first < 1_100_000_000L);
        rig.reactor.advance(SECOND);
        assertFalse(rig.session().isOpen());
    }

    @Test
    void shouldSetNoTimerWhenBothAreOff() {
        Rig rig = rig(0, 0);
        assertEquals(Long.MAX_VALUE, rig.connection.deadlineNs);
    }

    private static Rig rigWithMessageTimeout(long messageSeconds) {
        return new Rig(Role.SERVER, new SessionSettings(0, 0, messageSeconds * SECOND, SECOND, 1000, false)).open();
    }

    @Test
    void shouldCloseWhenAMessageIsNotCompletedInTime() {
        Rig rig = rigWithMessageTimeout(10);
        rig.reactor.advance(100 * SECOND);
        rig.receive(Frames.frame(true, Opcode.TEXT, false, new byte[]{'a'}));
        // Bytes that go on coming do not make it complete.
        for (int i = 0; i < 9; i++) {
            rig.reactor.advance(SECOND);
            rig.receive(Frames.frame(true, Opcode.CONTINUATION, false, new byte[]{'b'}));
        }
        assertTrue(rig.session().isOpen());
        rig.reactor.advance(SECOND + 5_000_000);
        assertFalse(rig.session().isOpen());
        Frames.Frame close = rig.sent().getLast();
        assertEquals(1008, close.closeCode());
        assertEquals("message not completed in time", close.closeReason());
        assertEquals(1, rig.reactor.count("timeouts.message"));
        rig.end(Status.TIMED_OUT);
    }

    @Test
    void shouldGiveEachMessageItsOwnTime() {
        Rig rig = rigWithMessageTimeout(10);
        for (int i = 0; i < 5; i++) {
            rig.receive(Frames.frame(true, Opcode.TEXT, false, new byte[]{'a'}));
            rig.reactor.advance(8 * SECOND);
            rig.receive(Frames.frame(true, Opcode.CONTINUATION, true, new byte[]{'b'}));
        }
        rig.reactor.advance(100 * SECOND);
        assertTrue(rig.session().isOpen());
        assertEquals(0, rig.sent().size());
    }

    @Test
    void shouldTakeNewTimesWhenSettingsChange() {
        Rig rig = rig(0, 0);
        rig.reactor.advance(3 * SECOND);
        rig.engine.settings(new SessionSettings(5 * SECOND, 0, SECOND, 1000, false));
        rig.reactor.advance(2 * SECOND + 10_000_000);
        assertFalse(rig.session().isOpen());
        rig.engine.settings(new SessionSettings(6 * SECOND, 0, SECOND, 1000, false));
        rig.reactor.advance(SECOND + 10_000_000);
        rig.end(Status.TIMED_OUT);
    }

    @Test
    void shouldRefuseSettingsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new SessionSettings(-1, 0, 0, 1, false));
        assertThrows(IllegalArgumentException.class, () -> new SessionSettings(0, SessionSettings.MAX_TIME_NS + 1, 0, 1, false));
        assertThrows(IllegalArgumentException.class, () -> new SessionSettings(0, 0, -1, 1, false));
        assertThrows(IllegalArgumentException.class, () -> new SessionSettings(0, 0, -1, 0, 1, false));
        assertThrows(IllegalArgumentException.class, () -> new SessionSettings(0, 0, 0, 0, false));
    }
}
