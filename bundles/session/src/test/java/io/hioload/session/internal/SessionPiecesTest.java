package io.hioload.session.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.Opcode;
import io.hioload.session.SessionTopics;
import io.hioload.session.TopicSettings;
import io.hioload.transport.Status;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.MessageStream;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages in pieces (RFC 6455, section 5.4), and messages whose end is told. */
class SessionPiecesTest {

    private final Rig rig = new Rig().open();
    private final List<String> done = new ArrayList<>();
    private boolean ended;

    private static UnsafeBuffer bytes(String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> frames() {
        return rig.sent().stream().map(frame -> frame.opcode() + (frame.fin() ? "! " : " ")
                + (frame.payload().length > 100 ? frame.payload().length : frame.text())).toList();
    }

    @AfterEach
    void everythingComesBack() {
        if (!ended) {
            rig.end(Status.RESET);
        }
    }

    @Test
    void shouldSendFragmentsOfOneMessage() {
        MessageStream message = rig.session().begin(MessageType.TEXT);
        assertEquals(SendStatus.ACCEPTED, message.append(bytes("a"), 0, 1));
        assertEquals(SendStatus.ACCEPTED, message.append(new UnsafeBuffer(Rig.bytes(10_000)), 0, 10_000));
        assertEquals(SendStatus.ACCEPTED, message.end(bytes(""), 0, 0));
        assertEquals(List.of("1 a", "0 10000", "0! "), frames());
        assertEquals(1, rig.reactor.count("messages.out"));
        assertThrows(IllegalStateException.class, () -> message.append(bytes("b"), 0, 1));
        rig.session().begin(MessageType.BINARY).end(bytes("b"), 0, 1);
        assertEquals(List.of("2! b"), frames());
    }

    @Test
    void shouldLetOtherMessagesWaitAndControlFramesPass() throws InterruptedException {
        SessionTopics topics = new SessionTopics(ServiceLoader.load(FrameCodecProvider.class).findFirst().orElseThrow(), rig.shared,
                TopicSettings.DEFAULT);
        rig.engine.topics(topics);
        rig.session().subscribe("t");
        MessageStream message = rig.session().begin(MessageType.BINARY);
        message.append(bytes("1"), 0, 1);
        assertEquals(SendStatus.ACCEPTED, rig.session().send(MessageType.TEXT, bytes("x"), 0, 1));
        assertEquals(SendStatus.ACCEPTED, rig.session().sendText("y"));
        Thread other = Thread.ofPlatform().start(() -> rig.session().sendText("z"));
        other.join();
        topics.topics().publishText("t", "published");
        rig.reactor.runTasks();
        rig.session().ping(bytes("p"), 0, 1);
        message.end(bytes("2"), 0, 1);
        assertEquals(List.of("2 1", "9! p", "0! 2", "1! x", "1! y", "1! z", "1! published"), frames());
        topics.close();
    }

    @Test
    void shouldKeepTheMessageOpenWhenAPieceIsDropped() {
        rig.connection.block();
        byte[] piece = Rig.bytes(100_000);
        MessageStream message = rig.session().begin(MessageType.BINARY);
        int taken = 0;
        while (message.append(new UnsafeBuffer(piece), 0, piece.length) != SendStatus.DROPPED) {
            taken++;
        }
        assertEquals(10, taken);
        assertEquals(SendStatus.DROPPED, message.end(new UnsafeBuffer(piece), 0, piece.length));
        assertEquals(SendStatus.DROPPED, rig.session().send(MessageType.BINARY, new UnsafeBuffer(piece), 0, piece.length));
        rig.connection.unblock();
        assertEquals(SendStatus.ACCEPTED, message.end(new UnsafeBuffer(piece), 0, piece.length));
        assertEquals(11, frames().size());
    }

    @Test
    void shouldRefuseAnotherOneAndOtherThreadsAndTooLargePieces() throws InterruptedException {
        MessageStream message = rig.session().begin(MessageType.BINARY);
        assertThrows(IllegalStateException.class, () -> rig.session().begin(MessageType.BINARY));
        int tooLarge = FakePool.MAX_CAPACITY;
        assertThrows(IllegalArgumentException.class, () -> message.append(new UnsafeBuffer(Rig.bytes(tooLarge)), 0, tooLarge));
        Thread other = Thread.ofPlatform().start(() -> {
            assertThrows(IllegalStateException.class, () -> message.append(bytes("x"), 0, 1));
            done.add("refused");
        });
        other.join();
        assertEquals(List.of("refused"), done);
    }

    @Test
    void shouldGiveBackWhatWaitsWhenTheSessionEnds() {
        MessageStream message = rig.session().begin(MessageType.BINARY);
        message.append(bytes("1"), 0, 1);
        rig.session().sendText("waits");
        rig.session().close(CloseCode.NORMAL, "");
        assertEquals(SendStatus.CLOSED, message.append(bytes("2"), 0, 1));
        assertEquals(Opcode.CLOSE, rig.sent().getLast().opcode());
        rig.end(Status.RESET);
        ended = true;
        assertEquals(SendStatus.CLOSED, message.end(bytes("3"), 0, 1));
    }

    @Test
    void shouldTellWhenTheSystemHasTakenAMessage() {
        rig.connection.block();
        assertEquals(SendStatus.ACCEPTED,
                rig.session().sendTracked(MessageType.TEXT, bytes("m"), 0, 1, (session, status) -> done.add(status + " " + session.id())));
        rig.reactor.runTasks();
        assertEquals(List.of(), done);
        rig.connection.unblock();
        assertEquals(List.of(), done, "not from within the transport");
        rig.reactor.runTasks();
        assertEquals(List.of("ACCEPTED " + rig.session().id()), done);
        assertEquals(List.of("1! m"), frames());
    }

    @Test
    void shouldTellOnceForAMessageOfSeveralFrames() {
        byte[] payload = Rig.bytes(FakePool.MAX_CAPACITY * 3);
        rig.session().sendTracked(MessageType.BINARY, new UnsafeBuffer(payload), 0, payload.length, (s, status) -> done.add("" + status));
        rig.reactor.runTasks();
        assertEquals(List.of("ACCEPTED"), done);
        assertEquals(4, frames().size());
    }

    @Test
    void shouldTellThatTheConnectionEndedFirst() {
        rig.connection.block();
        rig.session().sendTracked(MessageType.TEXT, bytes("m"), 0, 1, (session, status) -> done.add("" + status));
        rig.end(Status.RESET);
        ended = true;
        assertEquals(List.of("CLOSED"), done);
    }

    @Test
    void shouldTellOtherThreadsAsWellAndSendBehindPieces() throws InterruptedException {
        MessageStream message = rig.session().begin(MessageType.BINARY);
        message.append(bytes("1"), 0, 1);
        Thread other = Thread.ofPlatform()
                .start(() -> rig.session().sendTracked(MessageType.TEXT, bytes("m"), 0, 1, (session, status) -> done.add("" + status)));
        other.join();
        rig.reactor.runTasks();
        assertEquals(List.of(), done);
        message.end(bytes("2"), 0, 1);
        rig.reactor.runTasks();
        assertEquals(List.of("ACCEPTED"), done);
        assertEquals(List.of("2 1", "0! 2", "1! m"), frames());
    }

    @Test
    void shouldNotTellWhatWasNotTaken() throws InterruptedException {
        rig.reactor.pool.exhausted = true;
        assertEquals(SendStatus.DROPPED, rig.session().sendTracked(MessageType.TEXT, bytes("m"), 0, 1, (s, status) -> done.add("x")));
        rig.reactor.pool.exhausted = false;
        rig.reactor.rejecting = true;
        Thread other = Thread.ofPlatform().start(() -> assertEquals(SendStatus.DROPPED,
                rig.session().sendTracked(MessageType.TEXT, bytes("m"), 0, 1, (s, status) -> done.add("x"))));
        other.join();
        rig.reactor.rejecting = false;
        rig.reactor.runTasks();
        assertEquals(List.of(), done);
        assertFalse(rig.handler.calls.contains("close"));
    }

    @Test
    void shouldCloseTheSessionWhoseListenerFails() {
        rig.session().sendTracked(MessageType.TEXT, bytes("m"), 0, 1, (session, status) -> {
            throw new IllegalStateException("on purpose");
        });
        rig.reactor.runTasks();
        assertEquals(CloseCode.INTERNAL_ERROR, rig.sent().getLast().closeCode());
    }
}
