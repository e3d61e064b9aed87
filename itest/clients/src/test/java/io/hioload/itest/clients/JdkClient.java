package io.hioload.itest.clients;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The JDK's WebSocket client with blocking calls. One test thread; the client's own threads fill the queues. */
final class JdkClient implements WebSocket.Listener, AutoCloseable {

    private static final long DEADLINE_S = 20;

    /** What arrived: {@code kind} is text, binary or pong. */
    record Message(String kind, byte[] bytes) {

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private WebSocket socket;

    private JdkClient() {
    }

    static JdkClient open(int port, String path) {
        JdkClient client = new JdkClient();
        try {
            client.socket = client.http.newWebSocketBuilder().buildAsync(URI.create("ws://127.0.0.1:" + port + path), client).join();
            return client;
        } catch (CompletionException e) {
            client.http.close();
            throw e;
        }
    }

    /** The HTTP status that a WebSocket client is answered with: 101, or why not; -1 if nobody listens. */
    static int status(int port, String path) {
        try (JdkClient _ = open(port, path)) {
            return 101;
        } catch (CompletionException e) {
            return e.getCause() instanceof WebSocketHandshakeException refused ? refused.getResponse().statusCode() : -1;
        }
    }

    /** The underlying client, to send with. */
    WebSocket socket() {
        return socket;
    }

    /** The next message; fails if none comes in time. */
    Message next() throws InterruptedException {
        Message message = messages.poll(DEADLINE_S, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came");
        }
        return message;
    }

    String echo(String text) throws InterruptedException {
        socket.sendText(text, true).join();
        return next().text();
    }

    /** Waits for the server's close frame. */
    int closeCode() {
        return closed.orTimeout(DEADLINE_S, TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        return part(from, "text", data.toString().getBytes(StandardCharsets.UTF_8), last);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        return part(from, "binary", bytes(data), last);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
        messages.add(new Message("pong", bytes(data)));
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }

    @Override
    public void close() {
        if (!closed.isDone()) {
            socket.abort();
        }
        http.close();
    }

    private CompletionStage<?> part(WebSocket from, String kind, byte[] bytes, boolean last) {
        partial.writeBytes(bytes);
        if (last) {
            messages.add(new Message(kind, partial.toByteArray()));
            partial.reset();
        }
        from.request(1);
        return null;
    }

    private static byte[] bytes(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return bytes;
    }
}
