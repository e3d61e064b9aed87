package io.hioload.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.server.Hioload;
import io.hioload.server.HioloadServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectFailureTest {

    private final WebSocketClient client = WebSocketClient.create();
    private final Recorder heard = new Recorder();

    @AfterEach
    void stop() {
        client.close();
        assertEquals(0, heard.events.size());
    }

    private <T extends Throwable> T refused(Class<T> type, String url) {
        return assertThrows(type, () -> client.connect(url, ConnectOptions.DEFAULT.withTimeout(Duration.ofMillis(500)), heard));
    }

    @Test
    void shouldSayThatNobodyListens() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        String message = refused(ConnectException.class, "ws://127.0.0.1:" + free + "/echo").getMessage();
        assertTrue(message.contains(":" + free) && message.contains("connection refused"), message);
    }

    @Test
    void shouldGiveUpWhenNoAnswerComes() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String message = refused(SocketTimeoutException.class, "ws://127.0.0.1:" + silent.getLocalPort() + "/echo").getMessage();
            assertTrue(message.contains("within 500 ms"), message);
        }
    }

    @Test
    void shouldTellStatusAndTextWhenTheServerRefuses() {
        try (HioloadServer server = Hioload.server().port(0).reactors(1).start()) {
            HandshakeException refused = refused(HandshakeException.class, "ws://127.0.0.1:" + server.port() + "/nothing");
            assertEquals(404, refused.status());
            assertEquals("no WebSocket endpoint at this path\n", refused.body());
            assertTrue(refused.getMessage().contains("404"), refused.getMessage());
        }
    }

    @Test
    void shouldTellWhatIsWrongWhenTheAnswerIsNotAHandshake() throws Exception {
        answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
                url -> {
                    assertEquals(101, refused(HandshakeException.class, url).status());
                });
        answer("SSH-2.0-OpenSSH_9.2\r\n\r\n", url -> {
            HandshakeException refused = refused(HandshakeException.class, url);
            assertEquals(0, refused.status());
            assertTrue(refused.getMessage().contains("does not answer in HTTP/1.1"), refused.getMessage());
        });
        answer("HTTP/1.1 503 Busy\r\nConnection: close\r\n\r\ncome back later", url -> {
            HandshakeException refused = refused(HandshakeException.class, url);
            assertEquals(503, refused.status());
            assertEquals("come back later", refused.body());
        });
        answer("", url -> refused(IOException.class, url));
    }

    private interface Check {
        void on(String url) throws Exception;
    }

    private static void answer(String text, Check check) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.ofPlatform().daemon(true).start(() -> {
                try (Socket socket = listener.accept()) {
                    StringBuilder head = new StringBuilder();
                    while (!head.toString().endsWith("\r\n\r\n")) {
                        head.append((char) socket.getInputStream().read());
                    }
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            check.on("ws://127.0.0.1:" + listener.getLocalPort() + "/x");
            server.join();
        }
    }

    @Test
    void shouldSayThatTheHostIsUnknown() throws Exception {
        String url = "ws://no-such-host.invalid:1/";
        assertEquals("no such host: no-such-host.invalid", refused(UnknownHostException.class, url).getMessage());
        CompletableFuture<?> later = client.connectAsync(url, ConnectOptions.DEFAULT, heard).toCompletableFuture();
        assertInstanceOf(UnknownHostException.class,
                assertThrows(ExecutionException.class, () -> later.get(10, TimeUnit.SECONDS)).getCause());
    }

    @Test
    void shouldRefuseABadUrlAtOnce() {
        assertTrue(refused(IllegalArgumentException.class, "wss://127.0.0.1/").getMessage().contains("wss is not supported"));
        for (String url : new String[]{"http://127.0.0.1/", "ws:///x", "ws://127.0.0.1:70000/", "ws://127.0.0.1/#part",
                "ws://user@127.0.0.1/",
                "ws://a b/", "127.0.0.1"}) {
            refused(IllegalArgumentException.class, url);
        }
    }

    @Test
    void shouldRefuseAHeaderThatWouldBreakTheRequest() {
        assertThrows(IllegalArgumentException.class,
                () -> client.connect("ws://127.0.0.1:1/", ConnectOptions.DEFAULT.withHeader("X", "a\r\nY: b"), heard));
    }

    @Test
    void shouldFailAtOnceWhenTheClientIsClosed() {
        client.close();
        assertEquals("the client is closed", refused(IOException.class, "ws://127.0.0.1:1/").getMessage());
    }
}
