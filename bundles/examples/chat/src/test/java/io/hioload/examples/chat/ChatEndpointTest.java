package io.hioload.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.testkit.websocket.FakeSession;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ChatEndpointTest {

    private final ChatEndpoint chat = new ChatEndpoint();

    @Test
    void shouldWelcomeAndTellTheOthersWhenSomebodyJoins() {
        FakeSession ann = open("tea", "nick=ann");
        assertEquals(List.of("welcome ann 1", "join ann 1"), heard(ann));
        FakeSession bob = open("tea", "x=1&nick=bob");
        assertEquals(List.of("welcome bob 2", "join bob 2"), heard(bob));
        assertEquals(List.of("join bob 2"), heard(ann));
    }

    @Test
    void shouldTakeTheNickFromTheFirstMessageWhenTheQueryHasNone() {
        FakeSession ann = open("tea", "");
        assertEquals(List.of("who"), heard(ann));
        say(ann, " ann of Kent ");
        assertEquals(List.of("welcome ann_of_Kent 1", "join ann_of_Kent 1"), heard(ann));
    }

    @Test
    void shouldRelayToTheWholeRoomAndNoOther() {
        FakeSession ann = open("tea", "nick=ann");
        FakeSession bob = open("tea", "nick=bob");
        FakeSession eve = open("coffee", "nick=eve");
        List.of(ann, bob, eve).forEach(FakeSession::take);
        say(ann, "good <b>evening</b> \u20ac");
        say(ann, "");
        assertEquals(List.of("say ann good <b>evening</b> \u20ac", "say ann "), heard(ann));
        assertEquals(List.of("say ann good <b>evening</b> \u20ac", "say ann "), heard(bob));
        assertEquals(List.of(), heard(eve));
    }

    @Test
    void shouldTellPeopleOfOneNameApart() {
        FakeSession first = open("tea", "nick=ann");
        FakeSession second = open("tea", "nick=ann");
        assertEquals("welcome ann 1", heard(first).getFirst());
        assertEquals("welcome ann-2 2", heard(second).getFirst());
    }

    @Test
    void shouldTellTheOthersOnceWhenSomebodyLeaves() {
        FakeSession ann = open("tea", "nick=ann");
        FakeSession bob = open("tea", "nick=bob");
        heard(ann);
        chat.onClose(bob, CloseCode.GOING_AWAY, "");
        chat.onClose(bob, CloseCode.GOING_AWAY, "");
        assertEquals(List.of("leave bob 1"), heard(ann));
    }

    @Test
    void shouldForgetTheRoomWhenTheLastOneLeaves() {
        FakeSession ann = open("tea", "nick=ann");
        assertEquals(1, chat.probe().get("rooms"));
        chat.onClose(ann, CloseCode.NORMAL, "");
        assertEquals(0, chat.probe().get("rooms"));
        assertEquals(0, chat.probe().get("members"));
    }

    @Test
    void shouldCountAndReportWhatASlowMemberMissed() {
        FakeSession ann = open("tea", "nick=ann");
        FakeSession slow = open("tea", "nick=slow");
        List.of(ann, slow).forEach(FakeSession::take);
        slow.answer(SendStatus.DROPPED);
        say(ann, "one");
        say(ann, "two");
        chat.onWritable(slow);
        slow.answer(SendStatus.ACCEPTED);
        chat.onWritable(slow);
        chat.onWritable(slow);
        assertEquals(List.of("missed 2"), heard(slow));
        assertEquals(List.of("say ann one", "say ann two"), heard(ann));
        assertEquals(2L, chat.probe().get("dropped"));
    }

    @Test
    void shouldRefuseWithACodeThatSaysWhy() {
        FakeSession ann = open("tea", "nick=ann");
        heard(ann);
        chat.onMessage(ann, MessageType.BINARY, new UnsafeBuffer(new byte[1]), 0, 1);
        assertEquals(List.of("close 1003"), heard(ann));
        say(open("tea", "nick=bob"), "x".repeat(ChatEndpoint.MAX_TEXT_BYTES));
        FakeSession long1 = open("tea", "nick=bob");
        heard(long1);
        say(long1, "x".repeat(ChatEndpoint.MAX_TEXT_BYTES + 1));
        assertEquals(List.of("close 1009"), heard(long1));
        FakeSession long2 = open("r".repeat(ChatEndpoint.MAX_ROOM_NAME + 1), "nick=bob");
        say(long2, "still here");
        assertEquals(List.of("close 1008"), heard(long2));
    }

    @Test
    void shouldRefuseWhenTheRoomIsFull() {
        List<FakeSession> members = new ArrayList<>();
        for (int i = 0; i < Rooms.MAX_MEMBERS; i++) {
            members.add(open("tea", "nick=ann"));
        }
        FakeSession late = open("tea", "nick=late");
        assertEquals(List.of("close 1013"), heard(late));
        chat.onClose(late, CloseCode.TRY_AGAIN_LATER, "");
        assertEquals(Rooms.MAX_MEMBERS, chat.probe().get("members"));
        chat.onClose(members.getFirst(), CloseCode.NORMAL, "");
        assertEquals("welcome late 1000", heard(open("tea", "nick=late")).getFirst());
    }

    @Test
    void shouldLoseNobodyWhenReactorsJoinAndLeaveAtOnce() throws InterruptedException {
        int threads = 4;
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> reactors = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            reactors.add(Thread.ofPlatform().start(() -> {
                await(start);
                for (int i = 0; i < 200; i++) {
                    FakeSession session = open("tea", "nick=ann");
                    say(session, "hello");
                    if (i % 10 != 0) {
                        chat.onClose(session, CloseCode.NORMAL, "");
                    }
                }
            }));
        }
        start.countDown();
        for (Thread reactor : reactors) {
            reactor.join();
        }
        assertEquals(threads * 20, chat.probe().get("members"));
        assertEquals(1, chat.probe().get("rooms"));
    }

    private FakeSession open(String room, String query) {
        FakeSession session = FakeSession.of("/chat/" + room + "?" + query).parameter("room", room);
        chat.onOpen(session);
        return session;
    }

    /** What a session was sent since the last look: lines, and a close without its reason. */
    private static List<String> heard(FakeSession session) {
        List<String> lines = session.sent().stream().map(sent -> sent.code() == 0 ? sent.text() : "close " + sent.code()).toList();
        session.take();
        return lines;
    }

    private void say(FakeSession session, String text) {
        byte[] bytes = (".." + text).getBytes(StandardCharsets.UTF_8);
        chat.onMessage(session, MessageType.TEXT, new UnsafeBuffer(bytes), 2, bytes.length - 2);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
