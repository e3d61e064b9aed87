package io.hioload.testkit.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.websocket.Context;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FakeSessionTest {

    private static final Context.Key<String> KEY = new Context.Key<>("test");

    private final FakeSession session = FakeSession.of("/chat/42?x=1").parameter("room", "42").withSubprotocol("json");
    private final UnsafeBuffer payload = new UnsafeBuffer("?hello".getBytes());

    @Test
    void shouldWriteDownWhatIsSent() {
        assertEquals(SendStatus.ACCEPTED, session.send(MessageType.TEXT, payload, 1, 5));
        session.send(MessageType.BINARY, payload, 1, 2);
        session.sendText("bye");
        session.ping(payload, 0, 1);
        session.close(1000, "done");
        assertEquals(SendStatus.CLOSED, session.sendText("late"));
        session.close(1000, "again");
        assertFalse(session.isOpen());
        assertEquals("hello", session.sent().getFirst().text());
        assertEquals(List.of("text hello", "binary he", "text bye", "ping ?", "close 1000 done"), session.take());
        assertEquals(List.of(), session.take());
    }

    @Test
    void shouldAnswerAsTheTestWants() {
        session.answer(SendStatus.BACKPRESSURE);
        assertEquals(SendStatus.BACKPRESSURE, session.sendText("kept"));
        session.answer(SendStatus.DROPPED);
        assertEquals(SendStatus.DROPPED, session.sendText("lost"));
        session.disconnect();
        assertEquals(SendStatus.CLOSED, session.sendText("late"));
        assertEquals(List.of("text kept"), session.take());
        assertNull(session.remoteAddress());
    }

    @Test
    void shouldHaveWhatAHandlerAsksFor() {
        assertEquals("/chat/42", session.request().path());
        assertEquals("x=1", session.request().query());
        assertEquals("42", session.parameter("room"));
        assertEquals("json", session.subprotocol());
        assertNull(session.context().put(KEY, "value"));
        assertEquals("value", session.context().get(KEY));
        session.unsentBytes(7);
        assertEquals(7, session.unsentBytes());
        session.receiving(false);
        assertFalse(session.isReceiving());
        boolean[] ran = new boolean[1];
        session.executor().execute(() -> ran[0] = true);
        assertEquals(1, session.runTasks());
        assertTrue(ran[0]);
    }

    @Test
    void shouldRefuseWhatARealSessionRefuses() {
        assertThrows(IllegalArgumentException.class, () -> session.close(1006, ""));
        assertThrows(IllegalArgumentException.class, () -> session.ping(payload, 0, 126));
    }
}
