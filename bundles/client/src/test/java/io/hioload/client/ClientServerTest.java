package io.hioload.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.server.Hioload;
import io.hioload.server.HioloadServer;
import io.hioload.transport.TransportProvider;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.TextHandler;
import io.hioload.websocket.WebSocketHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientServerTest {

    private static final WebSocketHandler ECHO = (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length);
    private static final TextHandler COMMANDS = (session, text) -> session.close(Integer.parseInt(text), "by the server");

    private final Recorder atServer = new Recorder();
    private HioloadServer server;
    private WebSocketClient client;

    static Stream<String> transports() {
        return ServiceLoader.load(TransportProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> provider.availability().usable()).map(TransportProvider::name);
    }

    private void start(String transport) {
        server = Hioload.server().port(0).reactors(2).transport(transport).handle("/echo", ECHO).handle("/heard", atServer)
                .handle("/sub", List.of("b", "a"), ECHO)
                .handle("/close", COMMANDS).start();
        client = WebSocketClient.builder().transport(transport).reactors(2).open();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private String url(String path) {
        return "ws://127.0.0.1:" + server.port() + path;
    }

    private static void send(Session session, MessageType type, byte[] payload) {
        session.send(type, new UnsafeBuffer(payload), 0, payload.length);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldGetBackWhatItSends(String transport) throws Exception {
        start(transport);
        Recorder heard = new Recorder();
        Session session = client.connect(url("/echo"), heard);
        assertEquals("open ", heard.next());
        session.sendText("grüß dich");
        assertEquals("text grüß dich", heard.next());
        Random random = new Random(3);
        for (int size : new int[]{0, 1, 125, 126, 65_535, 65_536, 1 << 20, 5 << 20}) {
            byte[] payload = new byte[size];
            random.nextBytes(payload);
            send(session, MessageType.BINARY, payload);
            assertArrayEquals(payload, heard.binaries.poll(10, TimeUnit.SECONDS), () -> size + " bytes");
        }
        session.ping(new UnsafeBuffer("are you there".getBytes(StandardCharsets.US_ASCII)), 0, 13);
        assertEquals("pong are you there", heard.next());
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldKeepTheOrderWhenManyMessagesAreOnTheirWay(String transport) throws Exception {
        start(transport);
        Recorder heard = new Recorder();
        Session session = client.connect(url("/echo"), heard);
        heard.next();
        for (int i = 0; i < 5000; i++) {
            session.sendText("message " + i);
        }
        for (int i = 0; i < 5000; i++) {
            assertEquals("text message " + i, heard.next());
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldHearTheSameCodeWhicheverSideCloses(String transport) throws Exception {
        start(transport);
        Recorder heard = new Recorder();
        Session session = client.connect(url("/heard"), heard);
        heard.next();
        assertEquals("open ", atServer.next());
        session.close(3210, "by the client");
        // The server's part of the handshake repeats the code, not the reason.
        assertEquals("close 3210 ", heard.next());
        assertEquals("close 3210 by the client", atServer.next());

        session = client.connect(url("/close"), heard);
        heard.next();
        session.sendText("4567");
        assertEquals("close 4567 by the server", heard.next());
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldAgreeOnTheServersPreferredSubprotocol(String transport) throws Exception {
        start(transport);
        Recorder heard = new Recorder();
        Session session = client.connect(url("/sub"), ConnectOptions.DEFAULT.withSubprotocols("a", "b", "c"), heard);
        assertEquals("b", session.subprotocol());
        assertEquals("open b", heard.next());
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldHearGoingAwayWhenTheServerStops(String transport) throws Exception {
        start(transport);
        Recorder heard = new Recorder();
        client.connect(url("/echo"), heard);
        heard.next();
        long beginNs = System.nanoTime();
        server.close();
        assertTrue(System.nanoTime() - beginNs < 4_000_000_000L, "a peer that answers is not waited for");
        assertEquals("close 1001 server stops", heard.next());
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldOpenManyConnectionsAtOnce(String transport) throws Exception {
        start(transport);
        Recorder heard = new Recorder();
        List<CompletableFuture<Session>> opening = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            opening.add(client.connectAsync(url("/echo"), ConnectOptions.DEFAULT, heard).toCompletableFuture());
        }
        for (CompletableFuture<Session> session : opening) {
            session.get(10, TimeUnit.SECONDS).sendText("here");
        }
        int texts = 0;
        for (int i = 0; i < 400; i++) {
            texts += heard.next().equals("text here") ? 1 : 0;
        }
        assertEquals(200, texts);
        assertEquals(200, client.connections());
        client.close();
        for (int i = 0; i < 200; i++) {
            assertTrue(heard.next().startsWith("close 1001"));
        }
    }
}
