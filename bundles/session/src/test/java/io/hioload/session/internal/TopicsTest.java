package io.hioload.session.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.session.SessionTopics;
import io.hioload.session.TopicSettings;
import io.hioload.transport.Status;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import io.hioload.websocket.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicsTest {

    private static final UnsafeBuffer EMPTY = new UnsafeBuffer(new byte[0]);

    private final Rig rig = new Rig();
    private final SessionTopics all = topics(TopicSettings.DEFAULT);
    private final List<Rig.Recorder> others = new ArrayList<>();
    private final List<FakeConnection> connections = new ArrayList<>();

    private SessionTopics topics(TopicSettings settings) {
        return new SessionTopics(ServiceLoader.load(FrameCodecProvider.class).findFirst().orElseThrow(), rig.shared, settings);
    }

    @BeforeEach
    void open() {
        rig.engine.topics(all);
        rig.open();
    }

    @AfterEach
    void everythingComesBack() {
        for (FakeConnection connection : connections) {
            connection.disappear(Status.RESET);
        }
        rig.connection.disappear(Status.RESET);
        rig.reactor.runTasks();
        rig.reactor.advance(Deferred.DELAY_NS);
        all.close();
        rig.reactor.runTasks();
        assertEquals(0, rig.reactor.pool.out.get(), "buffers of the reactor");
        assertEquals(0, rig.shared.out.get(), "shared buffers");
    }

    private Session another() {
        Rig.Recorder handler = new Rig.Recorder();
        FakeConnection connection = new FakeConnection(rig.reactor, 100 + others.size());
        others.add(handler);
        connections.add(connection);
        rig.open(connection, handler);
        return handler.session;
    }

    private Topics hub() {
        return rig.session().topics();
    }

    private List<String> texts() {
        return rig.sent().stream().map(Frames.Frame::text).toList();
    }

    private List<String> textsOf(int other) {
        FakeConnection connection = connections.get(other);
        connection.flush();
        return Frames.read(connection.takeWire(), false).stream().map(Frames.Frame::text).toList();
    }

    private void say(String topic, String text) {
        assertEquals(SendStatus.ACCEPTED, hub().publishText(topic, text));
        rig.reactor.runTasks();
    }

    @Test
    void shouldSendToSubscribersOnly() {
        Session second = another();
        assertTrue(rig.session().subscribe("rooms/1"));
        assertTrue(second.subscribe("rooms/2"));
        say("rooms/1", "one");
        say("rooms/2", "two");
        say("rooms/3", "three");
        assertEquals(List.of("one"), texts());
        assertEquals(List.of("two"), textsOf(0));
    }

    @Test
    void shouldKeepTheTypeAndTheBytes() {
        rig.session().subscribe("t");
        byte[] payload = Rig.bytes(3000);
        hub().publish("t", MessageType.BINARY, new UnsafeBuffer(payload), 0, payload.length);
        hub().publish("t", MessageType.TEXT, EMPTY, 0, 0);
        rig.reactor.runTasks();
        List<Frames.Frame> sent = rig.sent();
        assertEquals(Opcode.BINARY, sent.get(0).opcode());
        assertEquals(0, java.util.Arrays.compare(payload, sent.get(0).payload()));
        assertEquals(Opcode.TEXT, sent.get(1).opcode());
        assertEquals(0, sent.get(1).payload().length);
    }

    @Test
    void shouldShareOneBufferAmongSubscribers() {
        for (int i = 0; i < 3; i++) {
            another().subscribe("t");
            connections.get(i).block();
        }
        int before = rig.shared.out.get() + rig.reactor.pool.out.get();
        say("t", "shared");
        assertEquals(before + 1, rig.shared.out.get() + rig.reactor.pool.out.get());
        assertSame(connections.get(0).lastSent, connections.get(1).lastSent);
        connections.forEach(FakeConnection::unblock);
        assertEquals(List.of("shared"), textsOf(2));
    }

    @Test
    void shouldJoinWaitingBytesOfASlowReaderInItsCork() {
        rig.session().subscribe("t");
        rig.connection.block();
        say("t", "first");
        say("t", "second");
        assertNotSame(null, rig.connection.lastSent);
        assertEquals(1, rig.shared.out.get(), "only the first holds its own buffer");
        rig.connection.unblock();
        assertEquals(List.of("first", "second"), texts());
    }

    @Test
    void shouldSendFragmentsWhenNoBufferIsLargeEnough() {
        rig.session().subscribe("t");
        byte[] payload = Rig.bytes(FakePool.MAX_CAPACITY * 2);
        hub().publish("t", MessageType.BINARY, new UnsafeBuffer(payload), 0, payload.length);
        rig.reactor.runTasks();
        List<Frames.Frame> sent = rig.sent();
        assertEquals(3, sent.size());
        assertEquals(payload.length, sent.stream().mapToInt(frame -> frame.payload().length).sum());
        assertTrue(sent.getLast().fin());
    }

    @Test
    void shouldMatchWildcardsAndSendOnceForOverlappingFilters() {
        rig.session().subscribe("rooms/+");
        rig.session().subscribe("rooms/#");
        rig.session().subscribe("rooms/1");
        rig.session().subscribe("#");
        say("rooms/1", "a");
        say("rooms/1/said", "b");
        say("rooms", "c");
        say("else", "d");
        say("$sys/rooms", "e");
        assertEquals(List.of("a", "b", "c", "d"), texts());
    }

    @Test
    void shouldStopAfterUnsubscribe() {
        rig.session().subscribe("a/+");
        rig.session().subscribe("a/b");
        rig.session().unsubscribe("a/+");
        rig.session().unsubscribe("never/was");
        say("a/c", "no");
        say("a/b", "yes");
        rig.session().unsubscribe("a/b");
        say("a/b", "no");
        assertEquals(List.of("yes"), texts());
    }

    @Test
    void shouldUnsubscribeManyInAnyOrder() {
        for (int i = 0; i < 100; i++) {
            another().subscribe("t");
        }
        for (int i = 0; i < 100; i += 3) {
            others.get(i).session.unsubscribe("t");
        }
        say("t", "x");
        for (int i = 0; i < 100; i++) {
            assertEquals(i % 3 == 0 ? 0 : 1, textsOf(i).size(), "session " + i);
        }
    }

    @Test
    void shouldForgetASessionThatEnds() {
        Session second = another();
        second.subscribe("t");
        second.subscribe("+");
        rig.session().subscribe("t");
        connections.get(0).disappear(Status.RESET);
        connections.clear();
        say("t", "x");
        assertEquals(List.of("x"), texts());
        assertEquals(1, all.probe().probe().get("subscriptions"));
        assertFalse(second.subscribe("t"), "it is over");
    }

    @Test
    void shouldSendTheLastValueToWhoeverSubscribesLater() {
        UnsafeBuffer price = new UnsafeBuffer("41".getBytes());
        hub().retain("price/x", MessageType.TEXT, price, 0, 2);
        price.putStringWithoutLengthAscii(0, "42");
        hub().retain("price/x", MessageType.TEXT, price, 0, 2);
        hub().retain("price/y", MessageType.TEXT, price, 0, 1);
        rig.reactor.runTasks();
        rig.session().subscribe("price/x");
        assertEquals(List.of("42"), texts());
        rig.session().subscribe("price/x");
        assertEquals(List.of(), texts(), "subscribed already");
        rig.session().subscribe("price/+");
        assertEquals(List.of("42", "4"), texts().stream().sorted(java.util.Comparator.reverseOrder()).toList());
    }

    @Test
    void shouldSendTheLastValueOnceWhenItsPublicationIsStillOnItsWay() {
        hub().retain("t", MessageType.BINARY, EMPTY, 0, 0);
        rig.session().subscribe("t");
        rig.reactor.runTasks();
        assertEquals(1, rig.sent().size());
    }

    @Test
    void shouldForgetTheLastValue() {
        hub().retain("t", MessageType.BINARY, EMPTY, 0, 0);
        assertTrue(hub().forget("t"));
        assertFalse(hub().forget("t"));
        rig.reactor.runTasks();
        rig.session().subscribe("#");
        assertEquals(List.of(), rig.sent());
    }

    @Test
    void shouldBoundLastValuesAndSubscriptions() {
        all.settings(new TopicSettings(1, 1));
        assertEquals(SendStatus.ACCEPTED, hub().retain("a", MessageType.BINARY, EMPTY, 0, 0));
        assertEquals(SendStatus.DROPPED, hub().retain("b", MessageType.BINARY, EMPTY, 0, 0));
        assertEquals(SendStatus.ACCEPTED, hub().retain("a", MessageType.BINARY, EMPTY, 0, 0));
        rig.reactor.runTasks();
        assertTrue(rig.session().subscribe("x"));
        assertFalse(rig.session().subscribe("y"));
        assertTrue(rig.session().subscribe("x"), "it has that one");
        assertEquals(1L, all.probe().probe().get("refused"));
        assertEquals(1L, all.probe().probe().get("subscriptions.refused"));
        assertEquals(1, all.probe().probe().get("retained"));
    }

    @Test
    void shouldCountWhatASlowSubscriberMissesAndLeaveTheOthersAlone() {
        Session second = another();
        rig.session().subscribe("t");
        second.subscribe("t");
        rig.connection.block();
        byte[] payload = Rig.bytes(100_000);
        for (int i = 0; i < 15; i++) {
            hub().publish("t", MessageType.BINARY, new UnsafeBuffer(payload), 0, payload.length);
        }
        rig.reactor.runTasks();
        assertEquals(5, rig.session().missed(), "10 fit into 1 MiB");
        assertEquals(0, second.missed());
        assertEquals(5, rig.reactor.count("topics.dropped"));
        connections.get(0).flush();
        assertEquals(15, Frames.read(connections.get(0).takeWire(), false).size());
        rig.connection.unblock();
        assertTrue(rig.handler.calls.contains("writable"), rig.handler.calls.toString());
    }

    @Test
    void shouldSayWhenNothingCouldBeSent() {
        rig.session().subscribe("t");
        rig.shared.exhausted = true;
        assertEquals(SendStatus.DROPPED, hub().publishText("t", "x"));
        rig.shared.exhausted = false;
        rig.reactor.rejecting = true;
        assertEquals(SendStatus.DROPPED, hub().publishText("t", "x"));
        rig.reactor.rejecting = false;
        assertEquals(1L, all.probe().probe().get("refused"));
        assertEquals(1L, all.probe().probe().get("rejected"));
        assertEquals(List.of(), texts());
    }

    @Test
    void shouldCatchUpOnALastValueThatTheFullQueueKeptAway() {
        hub().retain("t", MessageType.BINARY, EMPTY, 0, 0);
        rig.reactor.runTasks();
        rig.reactor.rejecting = true;
        hub().retain("t", MessageType.TEXT, new UnsafeBuffer("new".getBytes()), 0, 3);
        rig.reactor.rejecting = false;
        rig.session().subscribe("t");
        assertEquals(List.of("new"), texts());
    }

    @Test
    void shouldTakeSubscriptionsFromOtherThreadsInTurn() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofPlatform().start(() -> {
            rig.session().subscribe("t");
            hub().publishText("t", "never heard by this count, as the subscription is on its way");
            rig.session().unsubscribe("t");
            rig.session().subscribe("u");
            done.countDown();
        });
        done.await();
        rig.reactor.runTasks();
        say("t", "no");
        say("u", "yes");
        assertEquals("yes", texts().getLast());
        assertThrows(IllegalArgumentException.class, () -> rig.session().subscribe("a#"));
    }

    @Test
    void shouldNotSendToASessionThatCloses() {
        rig.session().subscribe("t");
        rig.session().close(CloseCode.NORMAL, "");
        say("t", "x");
        assertEquals(List.of(Opcode.CLOSE), rig.sent().stream().map(Frames.Frame::opcode).toList());
    }

    @Test
    void shouldAnswerClosedAfterTheEnd() {
        Topics hub = hub();
        hub.retain("t", MessageType.BINARY, EMPTY, 0, 0);
        rig.reactor.runTasks();
        all.close();
        assertEquals(SendStatus.CLOSED, hub.publishText("t", "x"));
        assertEquals(SendStatus.CLOSED, hub.retain("t", MessageType.BINARY, EMPTY, 0, 0));
    }

    @Test
    void shouldHaveNoTopicsOnTheClientSide() {
        Rig client = new Rig(Role.CLIENT, Rig.QUIET).open();
        assertNull(client.session().topics());
        assertThrows(IllegalStateException.class, () -> client.session().subscribe("t"));
        assertEquals(0, client.session().missed());
    }
}
