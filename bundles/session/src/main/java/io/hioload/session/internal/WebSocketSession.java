package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.http.HttpRequest;
import io.hioload.protocol.FrameListener;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.PartialMessage;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.Reactor;
import io.hioload.session.AgreedExtension;
import io.hioload.session.PathMatch;
import io.hioload.session.PathPattern;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.Context;
import io.hioload.websocket.MessageStream;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendListener;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import io.hioload.websocket.Topics;
import io.hioload.websocket.WebSocketHandler;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One WebSocket session: what its handler sends through, what its connection's events come to, and what the decoder hands
 * messages to. Events come on the reactor's thread; {@link Session} says which calls are for any thread.
 *
 * <p>Life: open; <em>closing</em> from when our close frame is sent ({@link #CLOSE_SENT}): no message goes out or is
 * delivered any more, and what comes is decoded only to find the peer's close frame; <em>input over</em> from when that is
 * there, or nothing more is worth decoding; <em>ended</em> when the handler's {@code onClose} has been called, once, from an
 * event of the connection and never from within another call to the handler.
 *
 * <p>What is not on the way of a message has its own class, none of which holds anything of a session's: {@link Timeouts},
 * {@link ClosingHandshake}, {@link Pong}, {@link Writability}, {@link ReactorTasks}, {@link ExtendedReceiver} and {@link Move}.
 *
 * <p>Owns the unfinished message of the decoder and, under backpressure, one pending pong; both are given back with the
 * end of the session or of the connection. Costs 80 bytes of heap; what is rarely there is made when it is needed.
 */
final class WebSocketSession extends SessionFlags implements Session, ConnectionHandler, FrameListener, ExtensionUser, Executor {

    private static final AtomicLong IDS = new AtomicLong();
    /** Of the reactor that has it; changed by that thread only, between two that are in order by {@link #IN_TRANSIT}. */
    EngineState engine;
    private final long id = IDS.incrementAndGet();
    private final Connection connection;
    private final WebSocketHandler handler;
    private final PathMatch match;
    private final String subprotocol;
    private HttpRequest request;
    private volatile SessionContext context;
    private PartialMessage partial;
    /** Byte 0 is the length of the pong's payload, which follows. */
    Buffer pendingPong;
    /** If this side has begun. */
    ClosingHandshake closing;
    int receivedTick;
    /** When {@link #partial} began. */
    int partialTick;

    WebSocketSession(EngineState engine, Connection connection, WebSocketHandler handler, HttpRequest request, PathMatch match,
            String subprotocol, AgreedExtension agreed) {
        this.engine = engine;
        if (agreed != null) {
            ExtendedReceiver.agree(this, agreed);
        }
        this.connection = connection;
        this.handler = handler;
        this.request = request;
        this.match = match;
        this.subprotocol = subprotocol;
    }

    // The handler's side: any thread

    @Override
    public long id() {
        return id;
    }

    @Override
    public SendStatus send(MessageType type, DirectBuffer buffer, int offset, int length) {
        if ((flags & (NOT_OPEN | EXTENDED | STREAMING)) == 0) {
            return sendPlain(opcode(type), buffer, offset, length);
        }
        if ((flags & NOT_OPEN) != 0) {
            return SendStatus.CLOSED;
        }
        if (mustWait()) {
            return PieceSender.hold(this, type, buffer, offset, length);
        }
        return isHere() ? engine.extended.send(this, opcode(type), buffer, offset, length)
                : engine.extended.sendFromElsewhere(this, opcode(type), buffer, offset, length);
    }

    @Override
    public SendStatus sendUncompressed(MessageType type, DirectBuffer buffer, int offset, int length) {
        if ((flags & NOT_OPEN) != 0) {
            return SendStatus.CLOSED;
        }
        return mustWait() ? PieceSender.hold(this, type, buffer, offset, length) : sendPlain(opcode(type), buffer, offset, length);
    }

    /** Whether a message is to wait behind one that is being sent in pieces; on other threads it does so when it has come here. */
    private boolean mustWait() {
        return (flags & STREAMING) != 0 && isHere();
    }

    @Override
    public SendStatus sendTracked(MessageType type, DirectBuffer buffer, int offset, int length, SendListener listener) {
        if ((flags & NOT_OPEN) != 0) {
            return SendStatus.CLOSED;
        }
        return (flags & STREAMING) == 0 && isHere() ? engine.local.sendTracked(this, opcode(type), buffer, offset, length, listener)
                : engine.remote.sendTracked(this, opcode(type), buffer, offset, length, listener);
    }

    @Override
    public MessageStream begin(MessageType type) {
        return PieceSender.begin(this, type);
    }

    private SendStatus sendPlain(int opcode, DirectBuffer buffer, int offset, int length) {
        return isHere() ? engine.local.send(this, opcode, buffer, offset, length)
                : engine.remote.send(this, opcode, buffer, offset, length);
    }

    private static int opcode(MessageType type) {
        return type == MessageType.TEXT ? Opcode.TEXT : Opcode.BINARY;
    }

    @Override
    public SendStatus sendText(CharSequence text) {
        int now = flags;
        if ((now & NOT_OPEN) != 0) {
            return SendStatus.CLOSED;
        }
        if ((now & STREAMING) != 0 && isHere()) {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            return PieceSender.hold(this, MessageType.TEXT, new UnsafeBuffer(bytes), 0, bytes.length);
        }
        if ((now & EXTENDED) != 0) {
            return isHere() ? engine.extended.sendText(this, text) : engine.extended.sendTextFromElsewhere(this, text);
        }
        return isHere() ? engine.local.sendText(this, text) : engine.remote.sendText(this, text);
    }

    @Override
    public SendStatus ping(DirectBuffer buffer, int offset, int length) {
        if (length < 0 || length > CloseReason.MAX_CONTROL_BYTES) {
            throw new IllegalArgumentException("ping of " + length + " bytes, must be 0 to " + CloseReason.MAX_CONTROL_BYTES);
        }
        return (flags & NOT_OPEN) != 0 ? SendStatus.CLOSED : sendPlain(Opcode.PING, buffer, offset, length);
    }

    @Override
    public boolean subscribe(String filter) {
        return Subscriber.subscribe(this, filter);
    }

    @Override
    public void unsubscribe(String filter) {
        Subscriber.unsubscribe(this, filter);
    }

    @Override
    public Topics topics() {
        TopicTable topics = engine.topics();
        return topics == null ? null : topics.hub;
    }

    @Override
    public long missed() {
        return Subscriber.missed(this);
    }

    @Override
    public int unsentBytes() {
        return pendingBytes() + connection.unsentBytes();
    }

    @Override
    public boolean isOpen() {
        return (flags & NOT_OPEN) == 0;
    }

    @Override
    public void close(int code, String reason) {
        CloseReason.check(code);
        ClosingHandshake.ask(this, code, CloseReason.fit(reason));
    }

    @Override
    public Executor executor() {
        return this;
    }

    // The handler's side: reactor thread

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public String parameter(String name) {
        return match == null ? null : match.parameter(name);
    }

    @Override
    public String subprotocol() {
        return subprotocol;
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public Context context() {
        if (context == null) {
            context = new SessionContext();
        }
        return context;
    }

    @Override
    public void receiving(boolean on) {
        if (on && (flags & PAUSED) != 0) {
            unmark(PAUSED);
            Timeouts.forgetQuiet(this);
            connection.receiving(true);
        } else if (!on && (flags & (NOT_OPEN | PAUSED)) == 0) {
            mark(PAUSED);
            connection.receiving(false);
        }
    }

    // Opening

    void start() {
        receivedTick = engine.ticks();
        Timeouts.rearm(this);
        try {
            handler.onOpen(this);
        } catch (Throwable e) {
            handlerFailed(e);
        }
        if (request != null && !engine.settings().keepHeaders()) {
            request = engine.withoutHeaders(request);
        }
    }

    // Receiving

    @Override
    public void onReceive(Connection from, Buffer buffer, int offset, int length) {
        if ((flags & INPUT_OVER) != 0) {
            return;
        }
        receivedTick = engine.ticks();
        engine.receive(this, buffer, offset, length);
        if ((flags & INPUT_OVER) != 0) {
            discardPartial();
        }
    }

    @Override
    public boolean onMessage(int opcode, Buffer buffer, int offset, int length) {
        if ((flags & NOT_OPEN) == 0) {
            engine.beginMessage(buffer, offset, length);
            // Caught here and not around the decoder, whose state an exception would break.
            try {
                handler.onMessage(this, opcode == Opcode.TEXT ? MessageType.TEXT : MessageType.BINARY, buffer.memory(), offset, length);
            } catch (Throwable e) {
                handlerFailed(e);
            }
            engine.endMessage(length);
        }
        return (flags & INPUT_OVER) == 0;
    }

    @Override
    public boolean acceptsExtended() {
        return (flags & EXTENDED) != 0;
    }

    @Override
    public boolean onExtendedMessage(int opcode, Buffer buffer, int offset, int length) {
        return ExtendedReceiver.receive(this, opcode, buffer, offset, length);
    }

    @Override
    public AgreedExtension agreed() {
        return ExtendedReceiver.agreed(this);
    }

    @Override
    public void extensionGone() {
        ClosingHandshake.begin(this, CloseCode.SERVICE_RESTART, "extension removed");
        ExtendedReceiver.closeAgreed(this);
    }

    @Override
    public boolean onControl(int opcode, Buffer buffer, int offset, int length) {
        if (opcode == Opcode.PING) {
            if ((flags & NOT_SENDING) == 0) {
                Pong.answer(this, buffer, offset, length);
            }
        } else if ((flags & NOT_OPEN) == 0) {
            try {
                handler.onPong(this, buffer.memory(), offset, length);
            } catch (Throwable e) {
                handlerFailed(e);
            }
        }
        return (flags & INPUT_OVER) == 0;
    }

    @Override
    public PartialMessage partial() {
        return partial;
    }

    @Override
    public void partial(PartialMessage unfinished) {
        boolean begins = partial == null && unfinished != null;
        partial = unfinished;
        if (begins && engine.settings().messageTimeoutNs() != 0) {
            partialTick = engine.ticks();
            Timeouts.rearm(this);
        }
    }

    void handlerFailed(Throwable failure) {
        engine.handlerFailed(handler, id(), failure);
        ClosingHandshake.begin(this, CloseCode.INTERNAL_ERROR, "handler failed");
    }

    // Sending

    @Override
    public void onWritable(Connection from) {
        Pong.sendPending(this);
        Writability.tell(this);
    }

    @Override
    public void onTimeout(Connection from) {
        Timeouts.onTimeout(this);
    }

    // Closing

    @Override
    public void onClose(int code, Buffer buffer, int offset, int length) {
        ClosingHandshake.received(this, code, buffer, offset, length);
    }

    @Override
    public void onViolation(int code, String reason) {
        ClosingHandshake.violated(this, code, reason);
    }

    @Override
    public void onEndOfInput(Connection from) {
        ClosingHandshake.inputEnded(this);
    }

    @Override
    public void onClosed(Connection from, int reason) {
        onMoved(from);
        ClosingHandshake.connectionClosed(this, reason);
        discardPartial();
    }

    /** Not under the decoder's hands: {@link #onReceive} comes back to it. */
    void discardPartial() {
        if (partial != null && !engine.isReceiving(this)) {
            partial.discard();
            partial = null;
        }
    }

    @Override
    public void onTransportGoing(Connection going) {
        ClosingHandshake.begin(this, CloseCode.SERVICE_RESTART, "service restart");
    }

    // Moving to another reactor

    /** Whether the calling thread is that of the session's reactor, and the session does not move. */
    boolean isHere() {
        return (flags & IN_TRANSIT) == 0 && engine.reactor.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        ReactorTasks.execute(this, task);
    }

    @Override
    public boolean mayMove(Connection from, Reactor to) {
        return Move.leave(this, to);
    }

    @Override
    public void onMoved(Connection here) {
        Move.arrive(this, here);
    }

    // Plumbing

    Connection connection() {
        return connection;
    }

    WebSocketHandler handler() {
        return handler;
    }

    boolean isReachedBy(PathPattern pattern) {
        return match != null && match.pattern().equals(pattern);
    }

    /** What {@link #context} gives, or null if nobody has asked for it. Any thread. */
    SessionContext attributes() {
        return context;
    }

    EngineState engine() {
        return engine;
    }

    @Override
    public String toString() {
        return "Session[id=" + Long.toHexString(id()) + ", flags=" + Integer.toBinaryString(flags) + "]";
    }
}
