package io.hioload.testkit.websocket;

import io.hioload.http.HttpRequest;
import io.hioload.testkit.concurrent.ManualExecutor;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.Context;
import io.hioload.websocket.MessageStream;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendListener;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import io.hioload.websocket.Topics;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.agrona.DirectBuffer;

/**
 * A session without a connection: writes down what a handler sends, and answers sends as the test wants. Any thread. Make one,
 * hand it to the handler's {@code onOpen} and {@code onMessage}, and look at {@link #sent}.
 */
public final class FakeSession implements Session {

    /**
     * Something that was sent.
     *
     * @param kind  {@code text}, {@code binary}, {@code ping}, {@code close}, or {@code topic} and a name
     * @param bytes payload; of a close the reason
     * @param code  of a close, else 0
     */
    public record Sent(String kind, byte[] bytes, int code) {

        /**
         * The payload as text.
         *
         * @return decoded as UTF-8
         */
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return kind + (code == 0 ? "" : " " + code) + (bytes.length == 0 ? "" : " " + text());
        }
    }

    private static final class Attributes implements Context {
        private final Map<Key<?>, Object> values = new HashMap<>();

        @Override
        @SuppressWarnings("unchecked")
        public <T> T get(Key<T> key) {
            return (T) values.get(key);
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T put(Key<T> key, T value) {
            return (T) (value == null ? values.remove(key) : values.put(key, value));
        }
    }

    private final long id;
    private final HttpRequest request;
    private final Map<String, String> parameters = new HashMap<>();
    private final Context context = new Attributes();
    private final ManualExecutor executor = new ManualExecutor();
    private final List<Sent> sent = new ArrayList<>();
    private final List<String> filters = new ArrayList<>();
    private final Topics topics = new FakeTopics(this::write);
    private SendStatus answer = SendStatus.ACCEPTED;
    private String subprotocol = "";
    private SocketAddress remote = InetSocketAddress.createUnresolved("peer.test", 1);
    private int unsentBytes;
    private boolean receiving = true;
    private boolean open = true;

    /**
     * Makes an open session.
     *
     * @param id      its number
     * @param request that opened it; {@code null} for the client's side
     */
    public FakeSession(long id, HttpRequest request) {
        this.id = id;
        this.request = request;
    }

    /**
     * Makes an open session, number 1.
     *
     * @param path of the request, undecoded
     * @return the session
     */
    public static FakeSession of(String path) {
        int question = path.indexOf('?');
        return new FakeSession(1, new HttpRequest("GET", question < 0 ? path : path.substring(0, question),
                question < 0 ? "" : path.substring(question + 1), List.of()));
    }

    /**
     * Sets a parameter of the path.
     *
     * @param name  as in the handler's pattern
     * @param value decoded
     * @return this
     */
    public FakeSession parameter(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    /**
     * Sets the subprotocol.
     *
     * @param name agreed on
     * @return this
     */
    public FakeSession withSubprotocol(String name) {
        subprotocol = name;
        return this;
    }

    /**
     * What the next sends answer. With DROPPED and CLOSED nothing is written down.
     *
     * @param status from now on
     */
    public synchronized void answer(SendStatus status) {
        answer = status;
    }

    /**
     * What {@link #unsentBytes()} tells.
     *
     * @param bytes from now on
     */
    public synchronized void unsentBytes(int bytes) {
        unsentBytes = bytes;
    }

    /** The peer is gone: sends answer CLOSED. Telling the handler is the test's. */
    public synchronized void disconnect() {
        open = false;
        remote = null;
    }

    /**
     * All that was sent.
     *
     * @return a copy, in order
     */
    public synchronized List<Sent> sent() {
        return List.copyOf(sent);
    }

    /**
     * What was sent since the last look.
     *
     * @return in order, each as {@link Sent#toString} writes it: {@code text hello}, {@code close 1000 bye}
     */
    public synchronized List<String> take() {
        List<String> lines = sent.stream().map(Sent::toString).toList();
        sent.clear();
        return lines;
    }

    /**
     * Whether the handler wants to receive.
     *
     * @return false after {@code receiving(false)}
     */
    public synchronized boolean isReceiving() {
        return receiving;
    }

    /**
     * Runs what the handler gave to {@link #executor}.
     *
     * @return how many tasks ran
     */
    public int runTasks() {
        return executor.runAll();
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public String parameter(String name) {
        return parameters.get(name);
    }

    @Override
    public String subprotocol() {
        return subprotocol;
    }

    @Override
    public synchronized SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public SendStatus send(MessageType type, DirectBuffer buffer, int offset, int length) {
        return write(type == MessageType.TEXT ? "text" : "binary", buffer, offset, length);
    }

    /** Tells the listener at once, with the answer. */
    @Override
    public SendStatus sendTracked(MessageType type, DirectBuffer buffer, int offset, int length, SendListener listener) {
        SendStatus status = send(type, buffer, offset, length);
        if (status == SendStatus.ACCEPTED || status == SendStatus.BACKPRESSURE) {
            listener.onDone(this, SendStatus.ACCEPTED);
        }
        return status;
    }

    /** The message is written down when it ends. */
    @Override
    public MessageStream begin(MessageType type) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        return new MessageStream() {
            @Override
            public SendStatus append(DirectBuffer buffer, int offset, int length) {
                byte[] bytes = new byte[length];
                buffer.getBytes(offset, bytes);
                whole.writeBytes(bytes);
                return isOpen() ? SendStatus.ACCEPTED : SendStatus.CLOSED;
            }

            @Override
            public SendStatus end(DirectBuffer buffer, int offset, int length) {
                append(buffer, offset, length);
                return write(new Sent(type == MessageType.TEXT ? "text" : "binary", whole.toByteArray(), 0));
            }
        };
    }

    @Override
    public SendStatus sendText(CharSequence text) {
        return write(new Sent("text", text.toString().getBytes(StandardCharsets.UTF_8), 0));
    }

    @Override
    public SendStatus ping(DirectBuffer buffer, int offset, int length) {
        if (length < 0 || length > 125) {
            throw new IllegalArgumentException("ping of " + length + " bytes, must be 0 to 125");
        }
        return write("ping", buffer, offset, length);
    }

    private SendStatus write(String kind, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return write(new Sent(kind, bytes, 0));
    }

    private synchronized SendStatus write(Sent message) {
        if (!open) {
            return SendStatus.CLOSED;
        }
        if (answer != SendStatus.DROPPED && answer != SendStatus.CLOSED) {
            sent.add(message);
        }
        return answer;
    }

    @Override
    public synchronized boolean subscribe(String filter) {
        return open && (filters.contains(filter) || filters.add(filter));
    }

    @Override
    public synchronized void unsubscribe(String filter) {
        filters.remove(filter);
    }

    /**
     * What the handler has subscribed to.
     *
     * @return filters, in order
     */
    public synchronized List<String> filters() {
        return List.copyOf(filters);
    }

    /** Publications are written down as {@code topic NAME} and given to nobody. */
    @Override
    public Topics topics() {
        return topics;
    }

    @Override
    public long missed() {
        return 0;
    }

    @Override
    public synchronized int unsentBytes() {
        return unsentBytes;
    }

    @Override
    public synchronized void receiving(boolean on) {
        receiving = on;
    }

    @Override
    public synchronized void close(int code, String reason) {
        if (!CloseCode.isSendable(code)) {
            throw new IllegalArgumentException("close code " + code);
        }
        if (open) {
            open = false;
            sent.add(new Sent("close", reason.getBytes(StandardCharsets.UTF_8), code));
        }
    }

    @Override
    public synchronized boolean isOpen() {
        return open;
    }
}
