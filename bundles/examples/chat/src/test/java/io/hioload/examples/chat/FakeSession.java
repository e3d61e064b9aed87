package io.hioload.examples.chat;

import io.hioload.http.HttpRequest;
import io.hioload.websocket.Context;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.agrona.DirectBuffer;

/** Takes down what an endpoint does to a session. */
final class FakeSession implements Session, Context {

    /** Lines that were accepted, in order; {@code close <code>} is one of them. */
    final List<String> received = new ArrayList<>();

    /** What the next sends answer. */
    SendStatus answer = SendStatus.ACCEPTED;

    private final String room;
    private final String query;
    private final Map<Key<?>, Object> attributes = new HashMap<>();
    private boolean open = true;

    FakeSession(String room, String query) {
        this.room = room;
        this.query = query;
    }

    /** What was received since the last look. */
    synchronized List<String> take() {
        List<String> lines = List.copyOf(received);
        received.clear();
        return lines;
    }

    @Override
    public synchronized SendStatus send(MessageType type, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return sendText(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public synchronized SendStatus sendText(CharSequence text) {
        if (answer != SendStatus.DROPPED) {
            received.add(text.toString());
        }
        return answer;
    }

    @Override
    public synchronized void close(int code, String reason) {
        open = false;
        received.add("close " + code);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public HttpRequest request() {
        return new HttpRequest("GET", "/chat/" + room, query, List.of());
    }

    @Override
    public String parameter(String name) {
        return name.equals("room") ? room : null;
    }

    @Override
    public Context context() {
        return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T get(Key<T> key) {
        return (T) attributes.get(key);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T put(Key<T> key, T value) {
        return (T) (value == null ? attributes.remove(key) : attributes.put(key, value));
    }

    @Override
    public long id() {
        return 1;
    }

    @Override
    public String subprotocol() {
        return "";
    }

    @Override
    public SocketAddress remoteAddress() {
        return null;
    }

    @Override
    public Executor executor() {
        return Runnable::run;
    }

    @Override
    public SendStatus ping(DirectBuffer buffer, int offset, int length) {
        return answer;
    }

    @Override
    public int unsentBytes() {
        return 0;
    }
}
