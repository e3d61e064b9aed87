package io.hioload.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.DebugProbe;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import io.hioload.websocket.TextHandler;
import io.hioload.websocket.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Topics over real connections and several reactors. */
class TopicsTest {

    /** Commands: {@code + filter}, {@code - filter}, {@code ! topic text}; each is answered with {@code done}. */
    private static final TextHandler COMMANDS = (session, text) -> {
        String[] words = text.split(" ", 3);
        switch (words[0]) {
            case "+" -> answer(session, session.subscribe(words[1]) ? "done" : "refused");
            case "-" -> {
                session.unsubscribe(words[1]);
                answer(session, "done");
            }
            default -> session.topics().publishText(words[1], words[2]);
        }
    };

    private static void answer(Session session, String text) {
        session.sendText(text);
    }

    private static RawPeer open(HioloadServer server, String... filters) throws Exception {
        RawPeer peer = new RawPeer(server.localAddress());
        assertEquals(101, peer.send(RawPeer.upgrade("/t")).status());
        for (String filter : filters) {
            assertEquals("done", peer.send(RawPeer.text("+ " + filter)).read().text());
        }
        return peer;
    }

    private static Object shown(HioloadServer server, String name) {
        DebugProbe probe = server.control().probes().stream().filter(one -> one.probeName().equals("topics")).findFirst().orElseThrow();
        return probe.probe().get(name);
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldReachSubscribersOnEveryReactorInOneOrder(String transport) throws Exception {
        try (HioloadServer server = Hioload.server().port(0).reactors(2).transport(transport).handle("/t", COMMANDS).start()) {
            List<RawPeer> peers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                peers.add(open(server, "news/+", "news/#"));
            }
            Thread one = Thread.ofPlatform().start(() -> publishTen(server.topics(), "one"));
            publishTen(server.topics(), "two");
            one.join();
            peers.getFirst().send(RawPeer.text("! news/x last"));
            List<List<String>> heard = new ArrayList<>();
            for (RawPeer peer : peers) {
                List<String> texts = new ArrayList<>();
                while (texts.isEmpty() || !texts.getLast().equals("last")) {
                    texts.add(peer.read().text());
                }
                heard.add(texts);
                assertEquals(21, texts.size());
                peer.close();
            }
            assertEquals(1, heard.stream().distinct().count(), "the order is the same for all");
        }
    }

    private static void publishTen(Topics topics, String by) {
        for (int i = 0; i < 10; i++) {
            assertEquals(SendStatus.ACCEPTED, topics.publishText("news/" + by, by + i));
        }
    }

    @Test
    void shouldSendTheLastValueFirst() throws Exception {
        try (HioloadServer server = Hioload.server().port(0).reactors(2).handle("/t", COMMANDS).start()) {
            UnsafeBuffer value = new UnsafeBuffer("old".getBytes());
            server.topics().retain("v", MessageType.TEXT, value, 0, 3);
            value.putStringWithoutLengthAscii(0, "new");
            server.topics().retain("v", MessageType.TEXT, value, 0, 3);
            try (RawPeer peer = new RawPeer(server.localAddress())) {
                assertEquals(101, peer.send(RawPeer.upgrade("/t")).status());
                assertEquals("new", peer.send(RawPeer.text("+ v")).read().text());
                assertEquals("done", peer.read().text());
                server.topics().publishText("v", "newest");
                assertEquals("newest", peer.read().text());
            }
            assertTrue(server.topics().forget("v"));
        }
    }

    @Test
    void shouldKeepToItsLimitsWhichCanBeChangedWhileItServes() throws Exception {
        try (HioloadServer server = Hioload.server().port(0).reactors(1).set("topics.subscriptions.max", 1).set("topics.retained.max", 0)
                .handle("/t", COMMANDS).start()) {
            UnsafeBuffer value = new UnsafeBuffer(new byte[1]);
            try (RawPeer peer = open(server, "a")) {
                assertEquals("refused", peer.send(RawPeer.text("+ b")).read().text());
                assertEquals(SendStatus.DROPPED, server.topics().retain("v", MessageType.BINARY, value, 0, 1));
                server.control().apply(
                        Map.of("port", server.port(), "reactors", 1, "topics.subscriptions.max", 2, "topics.retained.max", 1),
                        "the test");
                assertEquals("done", peer.send(RawPeer.text("+ b")).read().text());
                assertEquals(SendStatus.ACCEPTED, server.topics().retain("v", MessageType.BINARY, value, 0, 1));
                assertEquals(1L, shown(server, "subscriptions.refused"));
                assertEquals(1L, shown(server, "refused"));
                assertEquals(2, shown(server, "subscriptions"));
            }
        }
    }

    @Test
    void shouldKeepSubscriptionsWhenSessionsMoveToOtherReactors() throws Exception {
        try (HioloadServer server = Hioload.server().port(0).reactors(3).handle("/t", COMMANDS).start()) {
            List<RawPeer> peers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                peers.add(open(server, "n"));
            }
            int port = server.port();
            Thread publisher = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 2_000; i++) {
                    server.topics().publishText("n", Integer.toString(i));
                }
            });
            for (int reactors : new int[]{1, 3, 2}) {
                server.control().apply(Map.of("port", port, "reactors", reactors), "the test");
            }
            publisher.join();
            for (RawPeer peer : peers) {
                for (int i = 0; i < 2_000; i++) {
                    assertEquals(Integer.toString(i), peer.read().text());
                }
                peer.close();
            }
        }
    }

    @Test
    void shouldAnswerClosedWhenItIsStopped() {
        HioloadServer server = Hioload.server().port(0).reactors(1).handle("/t", COMMANDS).start();
        Topics topics = server.topics();
        server.close();
        assertEquals(SendStatus.CLOSED, topics.publishText("t", "x"));
        assertFalse(topics.forget("t"));
    }
}
