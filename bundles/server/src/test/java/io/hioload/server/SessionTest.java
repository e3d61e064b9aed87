package io.hioload.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionTest {

    /** Echoes, says what it heard of the end, and does what text commands say. */
    private static final class Echo implements WebSocketHandler {

        final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public void onOpen(Session session) {
            events.add("open " + session.request().path());
        }

        @Override
        public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
            if (type == MessageType.TEXT && length == 5 && buffer.getStringWithoutLengthAscii(offset, length).equals("leave")) {
                session.close(4001, "as you wish");
            } else if (type == MessageType.TEXT && length == 5 && buffer.getStringWithoutLengthAscii(offset, length).equals("throw")) {
                throw new IllegalStateException("as the test wants");
            } else {
                session.send(type, buffer, offset, length);
            }
        }

        @Override
        public void onClose(Session session, int code, String reason) {
            events.add("close " + code + " " + reason);
        }
    }

    private final Echo echo = new Echo();
    private HioloadServer server;

    private void start(String transport) {
        server = Hioload.server().port(0).reactors(2).transport(transport).handle("/echo", echo).start();
    }

    private RawPeer open() throws Exception {
        RawPeer peer = new RawPeer(server.localAddress());
        assertEquals(101, peer.send(RawPeer.upgrade("/echo")).status());
        assertEquals("open /echo", echo.events.poll(10, TimeUnit.SECONDS));
        return peer;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldEchoEverySizeWhenFramesAreWhole(String transport) throws Exception {
        start(transport);
        Random random = new Random(1);
        try (RawPeer peer = open()) {
            for (int size : new int[]{0, 1, 125, 126, 65_535, 65_536, 1 << 20}) {
                byte[] payload = new byte[size];
                random.nextBytes(payload);
                RawPeer.Frame answer = peer.send(RawPeer.frame(2, true, payload)).read();
                assertEquals(2, answer.opcode());
                assertArrayEquals(payload, answer.payload());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldEchoOneMessageWhenItCameInFragmentsWithAPingBetween(String transport) throws Exception {
        start(transport);
        try (RawPeer peer = open()) {
            peer.send(RawPeer.frame(1, false, "one ".getBytes())).send(RawPeer.frame(9, true, "p".getBytes()))
                    .send(RawPeer.frame(0, false, "two ".getBytes())).send(RawPeer.frame(0, true, "three".getBytes()));
            RawPeer.Frame pong = peer.read();
            assertEquals(10, pong.opcode());
            assertEquals("p", pong.text());
            assertEquals("one two three", peer.read().text());
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldCloseWithTheRightCodeWhicheverSideBegins(String transport) throws Exception {
        start(transport);
        try (RawPeer peer = open()) {
            assertEquals(3003, peer.send(RawPeer.close(3003)).read().closeCode());
            assertTrue(peer.atEnd());
            assertEquals("close 3003 ", echo.events.poll(10, TimeUnit.SECONDS));
        }
        try (RawPeer peer = open()) {
            assertEquals(4001, peer.send(RawPeer.text("leave")).read().closeCode());
            peer.send(RawPeer.close(4001));
            assertTrue(peer.atEnd());
            assertEquals("close 4001 ", echo.events.poll(10, TimeUnit.SECONDS));
        }
        try (RawPeer peer = open()) {
            assertEquals(1011, peer.send(RawPeer.text("throw")).read().closeCode());
        }
        assertTrue(echo.events.poll(10, TimeUnit.SECONDS).startsWith("close 10"));
        try (RawPeer peer = open()) {
            assertEquals(1002, peer.send(new byte[]{(byte) 0xFF, 0}).read().closeCode());
        }
        assertTrue(echo.events.poll(10, TimeUnit.SECONDS).startsWith("close 10"));
        RawPeer gone = open();
        gone.socket().setSoLinger(true, 0);
        gone.close();
        assertTrue(echo.events.poll(10, TimeUnit.SECONDS).startsWith("close 1006"));
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldServeTheClientOfTheJdk(String transport) throws Exception {
        start(transport);
        LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/echo"), new Listener(heard))
                    .get(10, TimeUnit.SECONDS);
            socket.sendText("grüß dich", true).get(10, TimeUnit.SECONDS);
            assertEquals("grüß dich", heard.poll(10, TimeUnit.SECONDS));
            byte[] megabyte = new byte[1 << 20];
            new Random(2).nextBytes(megabyte);
            socket.sendBinary(ByteBuffer.wrap(megabyte, 0, 1000), false).get(10, TimeUnit.SECONDS);
            socket.sendBinary(ByteBuffer.wrap(megabyte, 1000, megabyte.length - 1000), true).get(10, TimeUnit.SECONDS);
            assertArrayEquals(megabyte, (byte[]) heard.poll(10, TimeUnit.SECONDS));
            socket.sendPing(ByteBuffer.wrap(new byte[]{7})).get(10, TimeUnit.SECONDS);
            assertEquals("pong 7", heard.poll(10, TimeUnit.SECONDS));
            socket.sendClose(4321, "bye").get(10, TimeUnit.SECONDS);
            assertEquals("close 4321", heard.poll(10, TimeUnit.SECONDS));
        }
        assertEquals("open /echo", echo.events.poll(10, TimeUnit.SECONDS));
        assertEquals("close 4321 bye", echo.events.poll(10, TimeUnit.SECONDS));
    }

    private static final class Listener implements WebSocket.Listener {

        private final LinkedBlockingQueue<Object> heard;
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Listener(LinkedBlockingQueue<Object> heard) {
            this.heard = heard;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] piece = new byte[data.remaining()];
            data.get(piece);
            bytes.writeBytes(piece);
            if (last) {
                heard.add(bytes.toByteArray());
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
            heard.add("pong " + data.get());
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("close " + code);
            return null;
        }
    }
}
