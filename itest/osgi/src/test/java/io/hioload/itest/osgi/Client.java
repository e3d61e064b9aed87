package io.hioload.itest.osgi;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket client that is not ours: the JDK's. */
final class Client implements WebSocket.Listener, AutoCloseable {

    private static final long DEADLINE_S = 20;

    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private WebSocket socket;

    private Client() {
    }

    static Client open(int port, String path) {
        Client client = new Client();
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
        try (Client _ = open(port, path)) {
            return 101;
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            if (e.getCause() instanceof IOException) {
                return -1;
            }
            throw e;
        }
    }

    /** Sends a text and returns what comes back, which is {@code closed} and a code if the server closes instead. */
    String echo(String message) throws InterruptedException {
        socket.sendText(message, true).join();
        return texts.poll(DEADLINE_S, TimeUnit.SECONDS);
    }

    /** Waits for the server's close frame. */
    int closeCode() {
        return closed.orTimeout(DEADLINE_S, TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            texts.add(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        texts.add("closed " + code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
        texts.add("closed " + error);
    }

    /** Says good-bye, if the server has not yet, and waits for the client's threads. */
    @Override
    public void close() {
        if (!closed.isDone()) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            closeCode();
        }
        http.close();
    }
}
