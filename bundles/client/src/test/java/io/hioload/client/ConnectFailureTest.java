package io.hioload.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.BufferPool;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameDecoder;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.server.Hioload;
import io.hioload.server.HioloadServer;
import io.hioload.websocket.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

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

    /** What the system tries to connect to in vain: a listener whose accept queue is full. */
    private interface Full {
        void at(String url) throws Exception;
    }

    private static void whileFull(Full test) throws Exception {
        List<Socket> queue = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (boolean room = true; room;) {
                Socket socket = new Socket();
                queue.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 200);
                } catch (SocketTimeoutException e) {
                    room = false;
                }
            }
            test.at("ws://127.0.0.1:" + full.getLocalPort() + "/x");
        } finally {
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    private static void closesAtOnce(WebSocketClient closing) {
        long beginNs = System.nanoTime();
        closing.close();
        long tookMs = (System.nanoTime() - beginNs) / 1_000_000;
        // Not the close timeout of sessions; the transport may take 2 s to let go of what it connects.
        assertTrue(tookMs < 4_000, () -> tookMs + " ms");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldNotWaitForConnectsThatWereGivenUpWhenClosed() throws Exception {
        whileFull(url -> {
            refused(SocketTimeoutException.class, url);
            assertEquals(0, client.connections());
            closesAtOnce(client);
        });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldFailConnectsThatAreUnderWayWhenClosed() throws Exception {
        whileFull(url -> {
            CompletableFuture<?> result = client.connectAsync(url, ConnectOptions.DEFAULT, heard).toCompletableFuture();
            closesAtOnce(client);
            assertEquals("the client is closed", assertThrows(ExecutionException.class, result::get).getCause().getMessage());
        });
    }

    @Test
    void shouldResetTheConnectionWhenTheCallerCancels() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<?> result = client.connectAsync("ws://127.0.0.1:" + silent.getLocalPort() + "/x",
                    ConnectOptions.DEFAULT.withTimeout(Duration.ofHours(1)), heard).toCompletableFuture();
            try (Socket accepted = silent.accept()) {
                accepted.setSoTimeout(10_000);
                assertEquals('G', accepted.getInputStream().read());
                result.cancel(false);
                assertThrows(SocketException.class, () -> accepted.getInputStream().transferTo(OutputStream.nullOutputStream()));
            }
        }
    }

    @Test
    void shouldConnectHoweverLongTheTimeoutIs() throws Exception {
        try (HioloadServer server = Hioload.server().port(0).reactors(1).handle("/x", heard).start()) {
            ConnectOptions options = ConnectOptions.DEFAULT.withTimeout(Duration.ofSeconds(Long.MAX_VALUE));
            assertEquals(ConnectOptions.MAX_TIMEOUT, options.timeout());
            assertTrue(client.connect("ws://127.0.0.1:" + server.port() + "/x", options, new Recorder()).isOpen());
            client.close();
        }
        heard.events.clear();
    }

    @Test
    void shouldGiveUpWhenTheReactorIsBlocked() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (HioloadServer server = Hioload.server().port(0).reactors(1).handle("/x", heard).start()) {
            String url = "ws://127.0.0.1:" + server.port() + "/x";
            Session session = client.connect(url, new Recorder());
            CompletableFuture<Throwable> onReactor = new CompletableFuture<>();
            session.executor().execute(() -> {
                try {
                    client.connect(url, new Recorder());
                    onReactor.complete(null);
                } catch (Exception e) {
                    onReactor.complete(e);
                }
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertInstanceOf(IllegalStateException.class, onReactor.get(10, TimeUnit.SECONDS));
            String message = refused(SocketTimeoutException.class, url).getMessage();
            assertTrue(message.endsWith("within 500 ms: its reactor does not answer; does a handler block it?"), message);
            release.countDown();
            client.close();
        }
        heard.events.clear();
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
    void shouldLeaveNoReactorBehindWhenAPartFails() {
        RuntimeProviders parts = RuntimeProviders.load(ConnectFailureTest.class.getClassLoader());
        FrameCodecProvider failing = new FrameCodecProvider() {
            @Override
            public FrameDecoder decoder(Role role, FrameLimits limits, BufferPool buffers) {
                throw new IllegalStateException("no decoder today");
            }

            @Override
            public FrameEncoder encoder(Role role) {
                throw new AssertionError();
            }
        };
        ClientBuilder builder = ClientBuilder.over(
                new RuntimeProviders(parts.transports(), parts.pools(), parts.reactors(), parts.affinity(), failing), opened -> {
                }).name("part-fails");
        assertEquals("no decoder today", assertThrows(IllegalStateException.class, builder::open).getMessage());
        assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().contains("part-fails")));
    }

    @Test
    void shouldFailAtOnceWhenTheClientIsClosed() {
        client.close();
        assertEquals("the client is closed", refused(IOException.class, "ws://127.0.0.1:1/").getMessage());
    }
}
