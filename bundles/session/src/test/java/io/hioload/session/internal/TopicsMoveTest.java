package io.hioload.session.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;
import io.hioload.reactor.Reactor;
import io.hioload.session.SessionEngine;
import io.hioload.session.SessionTopics;
import io.hioload.session.TopicSettings;
import io.hioload.transport.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions of sessions that go from one reactor to another while others publish. */
class TopicsMoveTest {

    private final FrameCodecProvider codec = ServiceLoader.load(FrameCodecProvider.class).findFirst().orElseThrow();
    private final FakePool shared = new FakePool();
    private final FakeReactor here = new FakeReactor();
    private final FakeReactor there = new FakeReactor();
    private final SessionTopics topics = new SessionTopics(codec, shared, TopicSettings.DEFAULT);
    private final Map<Reactor, SessionEngine> engines = new HashMap<>();
    private final FakeConnection mover = open(here, 1);
    private final FakeConnection stayer = open(here, 2);
    private final FakeConnection other = open(there, 3);

    private FakeConnection open(FakeReactor reactor, long id) {
        SessionEngine engine = engines.computeIfAbsent(reactor, key -> {
            SessionEngine made = new SessionEngine(reactor, Role.SERVER, codec, FrameLimits.DEFAULT, shared, Rig.QUIET, null, engines::get);
            made.topics(topics);
            return made;
        });
        FakeConnection connection = new FakeConnection(reactor, id);
        engine.open(connection, new Rig.Recorder(), null, null, "").subscribe("t/#");
        return connection;
    }

    private void publish(String... texts) {
        for (String text : texts) {
            topics.topics().publishText("t/x", text);
        }
    }

    private static List<String> texts(FakeConnection connection) {
        connection.flush();
        return Frames.read(connection.takeWire(), false).stream().map(Frames.Frame::text).toList();
    }

    @AfterEach
    void everythingComesBack() {
        List.of(mover, stayer, other).forEach(connection -> connection.disappear(Status.RESET));
        here.runTasks();
        there.runTasks();
        topics.close();
        here.runTasks();
        there.runTasks();
        assertEquals(0, here.pool.out.get() + there.pool.out.get(), "buffers of the reactors");
        assertEquals(0, shared.out.get(), "shared buffers");
        assertEquals(0, topics.probe().probe().get("subscriptions"));
    }

    @Test
    void shouldGetEachPublicationOnceAndInOrderWhenItMoves() {
        publish("1");
        assertFalse(mover.handler().mayMove(mover, there), "1 is still on its way");
        publish("2");
        here.runTasks();
        assertEquals(List.of("1"), texts(mover), "2 waits for it in its transit");
        assertTrue(mover.handler().mayMove(mover, there));
        publish("3");
        here.runTasks();
        mover.move(there);
        assertEquals(List.of("2", "3"), texts(mover));
        publish("4");
        here.runTasks();
        there.runTasks();
        assertEquals(List.of("4"), texts(mover), "1 to 3 were on their way to the other reactor as well");
        assertEquals(List.of("1", "2", "3", "4"), texts(stayer));
        assertEquals(List.of("1", "2", "3", "4"), texts(other));
    }

    @Test
    void shouldMoveAtOnceWhenNothingIsOnItsWay() {
        assertTrue(mover.handler().mayMove(mover, there));
        mover.move(there);
        publish("1");
        there.runTasks();
        here.runTasks();
        assertEquals(List.of("1"), texts(mover));
    }

    @Test
    void shouldGoOnWhenItDoesNotMoveAfterAll() {
        publish("1");
        assertFalse(mover.handler().mayMove(mover, there));
        publish("2");
        mover.handler().onMoved(mover);
        publish("3");
        assertFalse(mover.handler().mayMove(mover, there));
        publish("4");
        here.runTasks();
        assertTrue(mover.handler().mayMove(mover, there));
        mover.handler().onMoved(mover);
        publish("5");
        here.runTasks();
        assertEquals(List.of("1", "2", "3", "4", "5"), texts(mover));
    }

    @Test
    void shouldUnsubscribeASessionThatEndsOnTheWay() {
        assertTrue(mover.handler().mayMove(mover, there));
        publish("1");
        mover.disappear(Status.RESET);
        publish("2");
        here.runTasks();
        there.runTasks();
        assertEquals(2, topics.probe().probe().get("subscriptions"));
        assertEquals(List.of("1", "2"), texts(stayer));
    }

    @Test
    void shouldTakeSubscriptionsThatComeOnTheWay() {
        assertTrue(mover.handler().mayMove(mover, there));
        WebSocketSession session = (WebSocketSession) mover.handler();
        assertTrue(session.subscribe("u"));
        session.unsubscribe("t/#");
        mover.move(there);
        topics.topics().publishText("u", "yes");
        publish("no");
        there.runTasks();
        here.runTasks();
        assertEquals(List.of("yes"), texts(mover));
    }
}
