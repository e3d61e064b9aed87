package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.http.HttpRequest;
import io.hioload.protocol.FrameListener;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.PartialMessage;
import io.hioload.protocol.Role;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.session.PathMatch;
import io.hioload.session.PathPattern;
import io.hioload.session.SessionSettings;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.Context;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import io.hioload.websocket.Utf8;
import io.hioload.websocket.WebSocketHandler;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.agrona.DirectBuffer;

/**
 * One WebSocket session: what its handler sends through, what its connection's events come to, and what the decoder hands
 * messages to. Events come on the reactor's thread; {@link Session} says which calls are for any thread.
 *
 * <p>Life: open; <em>closing</em> from when our close frame is sent ({@link #CLOSE_SENT}): no message goes out or is
 * delivered any more, and what comes is decoded only to find the peer's close frame; <em>input over</em> from when that is
 * there, or nothing more is worth decoding; <em>ended</em> when the handler's {@code onClose} has been called, once, from an
 * event of the connection and never from within another call to the handler.
 *
 * <p>Owns the unfinished message of the decoder and, under backpressure, one pending pong; both are given back with the
 * end of the session or of the connection. Costs 72 bytes of heap; what is rarely there is made when it is needed.
 */
final class WebSocketSession extends SessionFlags implements Session, ConnectionHandler, FrameListener {

    private final EngineState engine;
    private final Connection connection;
    private final WebSocketHandler handler;
    private final PathMatch match;
    private final String subprotocol;
    private HttpRequest request;
    private SessionContext context;
    private PartialMessage partial;
    /** Byte 0 is the length of the pong's payload, which follows. */
    private Buffer pendingPong;
    private String closeReason;
    private int closeCode;
    private int receivedTick;
    /** When {@link #partial} began. */
    private int partialTick;

    WebSocketSession(EngineState engine, Connection connection, WebSocketHandler handler, HttpRequest request, PathMatch match,
            String subprotocol) {
        this.engine = engine;
        this.connection = connection;
        this.handler = handler;
        this.request = request;
        this.match = match;
        this.subprotocol = subprotocol;
    }

    // The handler's side: any thread

    @Override
    public long id() {
        return connection.id();
    }

    @Override
    public SendStatus send(MessageType type, DirectBuffer buffer, int offset, int length) {
        if ((flags & NOT_OPEN) != 0) {
            return SendStatus.CLOSED;
        }
        int opcode = type == MessageType.TEXT ? Opcode.TEXT : Opcode.BINARY;
        return engine.reactor.inEventLoop() ? engine.local.send(this, opcode, buffer, offset, length)
                : engine.remote.send(this, opcode, buffer, offset, length);
    }

    @Override
    public SendStatus sendText(CharSequence text) {
        if ((flags & NOT_OPEN) != 0) {
            return SendStatus.CLOSED;
        }
        return engine.reactor.inEventLoop() ? engine.local.sendText(this, text) : engine.remote.sendText(this, text);
    }

    @Override
    public SendStatus ping(DirectBuffer buffer, int offset, int length) {
        if (length < 0 || length > CloseReason.MAX_CONTROL_BYTES) {
            throw new IllegalArgumentException("ping of " + length + " bytes, must be 0 to " + CloseReason.MAX_CONTROL_BYTES);
        }
        if ((flags & NOT_OPEN) != 0) {
            return SendStatus.CLOSED;
        }
        return engine.reactor.inEventLoop() ? engine.local.send(this, Opcode.PING, buffer, offset, length)
                : engine.remote.send(this, Opcode.PING, buffer, offset, length);
    }

    @Override
    public int unsentBytes() {
        return pendingBytes + connection.unsentBytes();
    }

    @Override
    public boolean isOpen() {
        return (flags & NOT_OPEN) == 0;
    }

    @Override
    public void close(int code, String reason) {
        CloseReason.check(code);
        String fitting = CloseReason.fit(reason);
        if (engine.reactor.inEventLoop()) {
            startClose(code, fitting);
        } else if ((mark(CLOSE_ASKED) & NOT_OPEN) == 0) {
            Runnable task = () -> startClose(code, fitting);
            try {
                engine.reactor.execute(task);
            } catch (RejectedExecutionException e) {
                engine.deferred.add(task);
            }
        }
    }

    @Override
    public Executor executor() {
        return engine.reactor;
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

    // Opening

    void start() {
        receivedTick = engine.ticks();
        rearm();
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
            engine.endMessage();
        }
        return (flags & INPUT_OVER) == 0;
    }

    @Override
    public boolean onControl(int opcode, Buffer buffer, int offset, int length) {
        if (opcode == Opcode.PING) {
            if ((flags & NOT_SENDING) == 0) {
                answerPing(buffer, offset, length);
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
            rearm();
        }
    }

    /** Under backpressure only the latest ping is answered, which RFC 6455, section 5.5.3 allows. */
    private void answerPing(Buffer buffer, int offset, int length) {
        if (connection.isWritable()) {
            engine.local.control(this, Opcode.PONG, buffer.memory(), offset, length);
            return;
        }
        if (pendingPong == null) {
            pendingPong = engine.reactor.buffers().acquire(1 + CloseReason.MAX_CONTROL_BYTES);
        }
        if (pendingPong == null) {
            engine.controlDropped.increment();
            return;
        }
        pendingPong.memory().putByte(0, (byte) length);
        pendingPong.memory().putBytes(1, buffer.memory(), offset, length);
    }

    private void handlerFailed(Throwable failure) {
        engine.handlerFailed(handler, id(), failure);
        startClose(CloseCode.INTERNAL_ERROR, "handler failed");
    }

    // Sending

    @Override
    public void onWritable(Connection from) {
        Buffer pong = pendingPong;
        if (pong != null) {
            if ((flags & NOT_SENDING) == 0) {
                engine.local.control(this, Opcode.PONG, pong.memory(), 1, pong.memory().getByte(0));
            }
            releasePong();
        }
        tellWritable();
    }

    private void tellWritable() {
        if ((flags & WRITABLE_OWED) != 0) {
            unmark(WRITABLE_OWED);
            if ((flags & NOT_OPEN) == 0) {
                try {
                    handler.onWritable(this);
                } catch (Throwable e) {
                    handlerFailed(e);
                }
            }
        }
    }

    /** Has onWritable looked after, for what no event of the connection would bring. Any thread. */
    void defer() {
        if ((mark(DEFERRED) & DEFERRED) == 0) {
            engine.deferred.add(this::retry);
        }
    }

    private void retry() {
        unmark(DEFERRED);
        engine.remote.settleCount();
        tellWritableIfIdle();
    }

    private void tellWritableIfIdle() {
        // Else the connection's own event, or the last message that is on its way, does it.
        if (pendingBytes == 0 && connection.isWritable()) {
            tellWritable();
        }
    }

    /** Sends what another thread encoded; takes over the frames. Reactor thread. */
    void receiveHandOver(int bytes, FrameChain frames, boolean congested) {
        unreserve(bytes);
        if ((flags & NOT_SENDING) != 0) {
            engine.sendLost.increment();
            frames.release();
            return;
        }
        engine.local.sendEncoded(this, frames);
        if (congested) {
            oweWritable();
        }
        if ((flags & WRITABLE_OWED) != 0) {
            tellWritableIfIdle();
        }
    }

    // Time

    /** Sets the timeout anew, unless it is a closing session's. */
    void rearm() {
        if ((flags & NOT_SENDING) == 0) {
            connection.timeout(nextDeadlineNs(engine.settings(), engine.sinceNs(receivedTick)));
        }
    }

    /** From now to when the session is idle, due for the next ping, or its message overdue, whichever is first; -1 for never. */
    private long nextDeadlineNs(SessionSettings settings, long quietNs) {
        long idleNs = settings.idleTimeoutNs();
        long pingNs = settings.pingIntervalNs();
        long untilIdleNs = idleNs == 0 ? Long.MAX_VALUE : Math.max(0, idleNs - quietNs);
        long untilPingNs = pingNs == 0 ? Long.MAX_VALUE : pingNs - quietNs % pingNs;
        long messageNs = settings.messageTimeoutNs();
        long untilOverdueNs = messageNs == 0 || partial == null ? Long.MAX_VALUE : Math.max(0, messageNs - engine.sinceNs(partialTick));
        long untilNs = Math.min(Math.min(untilIdleNs, untilPingNs), untilOverdueNs);
        return untilNs == Long.MAX_VALUE ? -1 : untilNs;
    }

    @Override
    public void onTimeout(Connection from) {
        int now = flags;
        if ((now & ENDED) != 0) {
            // The client side, waiting for the server to close the connection (RFC 6455, section 7.1.1).
            connection.close(CloseMode.FLUSH);
        } else if ((now & CLOSE_SENT) != 0) {
            engine.closeTimeouts.increment();
            connection.close(CloseMode.FLUSH);
            end(closeCode, closeReason);
        } else {
            lookAfterQuiet();
        }
    }

    private void lookAfterQuiet() {
        SessionSettings settings = engine.settings();
        long quietNs = engine.sinceNs(receivedTick);
        if (settings.idleTimeoutNs() != 0 && quietNs >= settings.idleTimeoutNs()) {
            engine.idleTimeouts.increment();
            startClose(CloseCode.GOING_AWAY, "idle timeout");
            return;
        }
        if (settings.messageTimeoutNs() != 0 && partial != null && engine.sinceNs(partialTick) >= settings.messageTimeoutNs()) {
            engine.messageTimeouts.increment();
            startClose(CloseCode.POLICY_VIOLATION, "message not completed in time");
            return;
        }
        // Bytes that wait to be sent find out about a dead peer as well as a ping behind them.
        if (settings.pingIntervalNs() != 0 && quietNs >= settings.pingIntervalNs() && connection.isWritable()) {
            engine.local.control(this, Opcode.PING, engine.control, 0, 0);
        }
        rearm();
    }

    // Closing

    /** Our part of the close handshake. Does nothing if either side has begun already. */
    private void startClose(int code, String reason) {
        if ((flags & NOT_SENDING) != 0) {
            return;
        }
        closeCode = code;
        closeReason = reason;
        boolean sent = sendClose(code, reason);
        long timeoutNs = engine.settings().closeTimeoutNs();
        if (sent && timeoutNs > 0) {
            connection.timeout(timeoutNs);
        } else {
            mark(CUT_SHORT | INPUT_OVER);
            connection.close(CloseMode.FLUSH);
        }
    }

    private boolean sendClose(int code, String reason) {
        mark(CLOSE_SENT);
        int length = CloseReason.write(code, reason, engine.control);
        return engine.local.control(this, Opcode.CLOSE, engine.control, 0, length);
    }

    @Override
    public void onClose(int code, Buffer buffer, int offset, int length) {
        String reason = length == 0 ? "" : Utf8.toString(buffer.memory(), offset, length);
        mark(INPUT_OVER);
        if ((flags & CLOSE_SENT) == 0) {
            sendClose(code == CloseCode.NO_STATUS ? CloseCode.NORMAL : code, "");
        }
        long timeoutNs = engine.settings().closeTimeoutNs();
        if (engine.role == Role.CLIENT && timeoutNs > 0) {
            connection.timeout(timeoutNs);
        } else {
            connection.close(CloseMode.FLUSH);
        }
        end(code, reason);
    }

    @Override
    public void onViolation(int code, String reason) {
        engine.countViolation(code);
        mark(INPUT_OVER);
        if ((flags & CLOSE_SENT) == 0) {
            sendClose(code, reason);
        }
        connection.close(CloseMode.FLUSH);
        end(code, reason);
    }

    @Override
    public void onEndOfInput(Connection from) {
        connection.close(CloseMode.FLUSH);
        if ((flags & CUT_SHORT) == 0) {
            end(CloseCode.ABNORMAL, Status.text(Status.END_OF_INPUT));
        }
    }

    @Override
    public void onClosed(Connection from, int reason) {
        if ((flags & CUT_SHORT) != 0) {
            end(closeCode, closeReason);
        } else {
            end(CloseCode.ABNORMAL, Status.text(reason));
        }
        discardPartial();
    }

    private void end(int code, String reason) {
        if ((mark(INPUT_OVER | ENDED) & ENDED) != 0) {
            return;
        }
        releasePong();
        discardPartial();
        try {
            handler.onClose(this, code, reason);
        } catch (Throwable e) {
            engine.handlerFailed(handler, id(), e);
        }
        engine.sessionEnded(id(), code, reason);
    }

    private void releasePong() {
        if (pendingPong != null) {
            pendingPong.release();
            pendingPong = null;
        }
    }

    /** Not under the decoder's hands: {@link #onReceive} comes back to it. */
    private void discardPartial() {
        if (partial != null && !engine.isReceiving(this)) {
            partial.discard();
            partial = null;
        }
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

    EngineState engine() {
        return engine;
    }

    @Override
    public String toString() {
        return "Session[id=" + Long.toHexString(id()) + ", flags=" + Integer.toBinaryString(flags) + "]";
    }
}
