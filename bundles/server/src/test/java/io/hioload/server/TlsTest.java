package io.hioload.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigException;
import io.hioload.websocket.WebSocketHandler;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code tls = true} in a whole server. */
class TlsTest {

    private static final WebSocketHandler ECHO = (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length);
    private static final long WAIT_S = 20;

    @AutoClose
    private final HttpClient http = HttpClient.newBuilder().sslContext(TrustAnyone.context()).version(HttpClient.Version.HTTP_1_1).build();

    @AutoClose
    private HioloadServer server;

    private static final class Client implements WebSocket.Listener {
        final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final ByteArrayOutputStream part = new ByteArrayOutputStream();
        WebSocket socket;

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            part.writeBytes(bytes);
            if (last) {
                messages.add(part.toByteArray());
                part.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }

        byte[] echo(byte[] bytes) throws InterruptedException {
            socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
            return messages.poll(WAIT_S, TimeUnit.SECONDS);
        }
    }

    private Client connect(String scheme) {
        Client client = new Client();
        client.socket = http.newWebSocketBuilder().buildAsync(URI.create(scheme + "://localhost:" + server.port() + "/echo"), client)
                .join();
        return client;
    }

    private HioloadServer start(String transport, Object... settings) {
        ServerBuilder builder = Hioload.server().port(0).set("reactors", 1).transport(transport).handle("/echo", ECHO)
                .http("/hello", request -> io.hioload.http.HttpResponse.text(200, "hello"));
        for (int i = 0; i < settings.length; i += 2) {
            builder.set((String) settings[i], settings[i + 1]);
        }
        return builder.start();
    }

    static Stream<String> transports() {
        return TestTransports.names();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldEchoMessagesOfEverySizeByOneConfigurationLine(String transport) throws Exception {
        server = start(transport, "tls", true);
        Client client = connect("wss");
        for (int size : new int[]{0, 1, 125, 16_383, 16_384, 16_385, 1 << 20}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            assertArrayEquals(bytes, client.echo(bytes), () -> size + " bytes");
        }
        client.socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertEquals(1000, client.closed.get(WAIT_S, TimeUnit.SECONDS));
    }

    @Test
    void shouldServeHttpsAndRefusePlaintext() throws Exception {
        server = start("auto", "tls", true);
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/hello")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals("hello", answer.body().strip());
        HttpResponse<String> refused = http.send(HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/hello")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains("TLS"), refused.body());
    }

    private void set(String key, Object value) throws Exception {
        Map<String, Object> change = new HashMap<>();
        change.put(key, value);
        server.control().change(change, "test");
    }

    @Test
    void shouldTurnOnAndOffForNewConnectionsOnly() throws Exception {
        server = start("auto");
        Client plain = connect("ws");
        set("tls", true);
        Client secure = connect("wss");
        assertArrayEquals(new byte[]{1}, plain.echo(new byte[]{1}));
        assertArrayEquals(new byte[]{2}, secure.echo(new byte[]{2}));
        set("tls", false);
        Client plainAgain = connect("ws");
        assertArrayEquals(new byte[]{3}, secure.echo(new byte[]{3}));
        assertArrayEquals(new byte[]{4}, plainAgain.echo(new byte[]{4}));
    }

    @Test
    void shouldKeepConnectionsWhenTheyMoveToAnotherReactorOrTransport() throws Exception {
        server = start("nio", "tls", true, "reactors", 2);
        Client[] clients = new Client[6];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = connect("wss");
        }
        set("reactors", 1);
        for (Client client : clients) {
            assertArrayEquals(new byte[]{1}, client.echo(new byte[]{1}));
        }
        set("transport", "auto");
        set("reactors", 2);
        for (Client client : clients) {
            assertArrayEquals(new byte[]{2}, client.echo(new byte[]{2}));
        }
    }

    @Test
    void shouldChangeNothingWhenTheCertificateCannotBeRead() throws Exception {
        server = start("auto", "tls", true);
        ConfigException refused = assertThrows(ConfigException.class, () -> set("tls.certificate", "/nowhere/server.pem"));
        assertTrue(refused.getMessage().contains("tls.certificate = /nowhere/server.pem: there is no such file"), refused.getMessage());
        assertArrayEquals(new byte[]{1}, connect("wss").echo(new byte[]{1}));
        InetSocketAddress before = server.localAddress();
        assertEquals(before, server.localAddress());
        IllegalStateException notStarted = assertThrows(IllegalStateException.class,
                () -> start("auto", "tls", true, "tls.keystore", "/nowhere/k.p12"));
        assertTrue(notStarted.getMessage().contains("tls.keystore"), notStarted.getMessage());
    }

    @Test
    void shouldEndSessionsInOrderWhenItStops() throws Exception {
        server = start("auto", "tls", true);
        Client client = connect("wss");
        client.echo(new byte[]{1});
        server.close();
        assertEquals(1001, client.closed.get(WAIT_S, TimeUnit.SECONDS));
    }
}
