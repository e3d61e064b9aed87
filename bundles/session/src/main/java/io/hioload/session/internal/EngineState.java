package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.control.Counter;
import io.hioload.control.Counters;
import io.hioload.control.LogLimit;
import io.hioload.control.Tracer;
import io.hioload.http.HttpRequest;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameDecoder;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;
import io.hioload.reactor.Connection;
import io.hioload.reactor.Reactor;
import io.hioload.session.PathMatch;
import io.hioload.session.PathPattern;
import io.hioload.session.SessionSettings;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What all sessions of one reactor in one role share, so that each of them is small: codec, senders, counters, settings, and
 * the clock. Reactor thread only, except where a method says more. Owns no buffers.
 *
 * <p>Counts in the reactor's counters: sessions.opened, sessions.closed, messages.in, messages.out (the application's pings
 * included), send.dropped, send.lost (accepted from another thread, and the session was closed or memory gone when it came),
 * control.dropped (a close frame or pong for which there was no memory), handler.failures, protocol.violations.CODE,
 * timeouts.idle, timeouts.message, timeouts.close.
 */
public final class EngineState {

    /** Sessions count in ticks of 2^20 ns, about a millisecond: 32 bits last for 52 days of silence. */
    private static final int TICK_SHIFT = 20;

    final Reactor reactor;
    final Role role;
    final LocalSender local;
    final RemoteSender remote;
    final Deferred deferred;
    final Counter messagesOut;
    final Counter sendDropped;
    final Counter sendLost;
    final Counter controlDropped;
    final Counter idleTimeouts;
    final Counter messageTimeouts;
    final Counter closeTimeouts;
    /** Room for the payload of one control frame that is being written. */
    final UnsafeBuffer control = new UnsafeBuffer(new byte[CloseReason.MAX_CONTROL_BYTES]);

    private final FrameDecoder decoder;
    private final Delivery delivery;
    private final Tracer tracer;
    private final LogLimit failures = new LogLimit(System.getLogger("io.hioload.session"));
    private final Counters counters;
    private final Counter opened;
    private final Counter closed;
    private final Counter messagesIn;
    private final Counter handlerFailures;
    private final long epochNs;
    private volatile SessionSettings settings;
    private volatile int openSessions;
    private WebSocketSession receiver;
    private int messages;
    private HttpRequest lastRequest;

    /**
     * Makes the state of an engine.
     *
     * @param reactor  where the sessions live
     * @param role     which side of the connections this is
     * @param codec    makes the frame codec
     * @param limits   what to accept
     * @param shared   memory for what other threads send
     * @param settings how sessions behave
     * @param tracer   is told of sessions, or {@code null}
     */
    public EngineState(Reactor reactor, Role role, FrameCodecProvider codec, FrameLimits limits, BufferPool shared,
            SessionSettings settings,
            Tracer tracer) {
        this.reactor = reactor;
        this.role = role;
        this.settings = settings;
        this.tracer = tracer;
        this.epochNs = reactor.nowNs();
        this.decoder = codec.decoder(role, limits, reactor.buffers());
        FrameEncoder encoder = codec.encoder(role);
        FrameWriter writer = new FrameWriter(encoder, role);
        this.delivery = new Delivery(encoder);
        this.local = new LocalSender(this, role, encoder, writer, delivery, reactor.buffers());
        this.remote = new RemoteSender(this, reactor, encoder, writer, shared);
        this.deferred = new Deferred(reactor);
        this.counters = reactor.counters();
        this.opened = counters.counter("sessions.opened");
        this.closed = counters.counter("sessions.closed");
        this.messagesIn = counters.counter("messages.in");
        this.messagesOut = counters.counter("messages.out");
        this.sendDropped = counters.counter("send.dropped");
        this.sendLost = counters.counter("send.lost");
        this.controlDropped = counters.counter("control.dropped");
        this.handlerFailures = counters.counter("handler.failures");
        this.idleTimeouts = counters.counter("timeouts.idle");
        this.messageTimeouts = counters.counter("timeouts.message");
        this.closeTimeouts = counters.counter("timeouts.close");
    }

    /**
     * Opens a session, see {@link io.hioload.session.SessionEngine#open}.
     *
     * @param connection  open
     * @param handler     of the session
     * @param request     that opened it, or {@code null}
     * @param match       of the path, or {@code null}
     * @param subprotocol empty if there is none
     * @return the session
     */
    public Session open(Connection connection, WebSocketHandler handler, HttpRequest request, PathMatch match, String subprotocol) {
        WebSocketSession session = new WebSocketSession(this, connection, handler, request, match, subprotocol);
        connection.handler(session);
        opened.increment();
        openSessions = openSessions + 1;
        if (isOpeningTraced()) {
            String path = request == null ? "" : request.path();
            String remoteAddress = String.valueOf(connection.remoteAddress());
            trace(to -> to.sessionOpened(connection.id(), path, remoteAddress));
        }
        session.start();
        return session;
    }

    /**
     * Changes the settings.
     *
     * @param changed from now on
     */
    public void settings(SessionSettings changed) {
        SessionSettings before = settings;
        settings = changed;
        if (changed.idleTimeoutNs() != before.idleTimeoutNs() || changed.pingIntervalNs() != before.pingIntervalNs()
                || changed.messageTimeoutNs() != before.messageTimeoutNs()) {
            forEachSession(WebSocketSession::rearm);
        }
    }

    /**
     * The present settings. Any thread.
     *
     * @return the settings
     */
    public SessionSettings settings() {
        return settings;
    }

    /**
     * Closes sessions.
     *
     * @param handler whose, or {@code null} for all
     * @param pattern that led to them, or {@code null} for any
     * @param code    sendable
     * @param reason  for the peer
     * @throws IllegalArgumentException if the code may not be sent
     */
    public void closeAll(WebSocketHandler handler, PathPattern pattern, int code, String reason) {
        CloseReason.check(code);
        forEachSession(session -> {
            if ((handler == null || session.handler() == handler) && (pattern == null || session.isReachedBy(pattern))) {
                session.close(code, reason);
            }
        });
    }

    private void forEachSession(Consumer<WebSocketSession> visitor) {
        reactor.forEachConnection(connection -> {
            if (connection.handler() instanceof WebSocketSession session && session.engine() == this) {
                visitor.accept(session);
            }
        });
    }

    /**
     * Sessions that are open. Any thread.
     *
     * @return how many
     */
    public int openSessions() {
        return openSessions;
    }

    /** Decodes input of a session, which is called back for what is in it. */
    void receive(WebSocketSession session, Buffer buffer, int offset, int length) {
        delivery.beginInput(buffer, offset);
        receiver = session;
        try {
            decoder.decode(session, buffer, offset, length);
        } finally {
            receiver = null;
            delivery.endInput();
            if (messages != 0) {
                messagesIn.add(messages);
                messages = 0;
            }
        }
        if (deferred.isStranded()) {
            deferred.run();
        }
    }

    /** Whether the decoder is at work on this session's input. */
    boolean isReceiving(WebSocketSession session) {
        return receiver == session;
    }

    void beginMessage(Buffer buffer, int offset, int length) {
        messages++;
        delivery.beginMessage(buffer, offset, length);
    }

    void endMessage() {
        delivery.endMessage();
    }

    /** The coarse clock of the sessions. */
    int ticks() {
        return (int) (reactor.nowNs() - epochNs >> TICK_SHIFT);
    }

    /** Time since a tick. */
    long sinceNs(int tick) {
        return Integer.toUnsignedLong(ticks() - tick) << TICK_SHIFT;
    }

    /** A request without its headers: the same object for all sessions that come one after another to the same place. */
    HttpRequest withoutHeaders(HttpRequest request) {
        HttpRequest last = lastRequest;
        if (last == null || !last.path().equals(request.path()) || !last.query().equals(request.query())
                || !last.method().equals(request.method())) {
            last = new HttpRequest(request.method(), request.path(), request.query(), List.of());
            lastRequest = last;
        }
        return last;
    }

    void countViolation(int code) {
        counters.counter("protocol.violations." + code).increment();
    }

    void handlerFailed(WebSocketHandler handler, long id, Throwable failure) {
        handlerFailures.increment();
        failures.failed(handler, "the handler of session " + id, failure);
        trace(to -> to.handlerFailed(id, failure));
    }

    void sessionEnded(long id, int code, String reason) {
        closed.increment();
        openSessions = openSessions - 1;
        trace(to -> to.sessionClosed(id, code, reason));
    }

    private boolean isOpeningTraced() {
        try {
            return tracer != null && tracer.wantsSessionOpened();
        } catch (RuntimeException | LinkageError e) {
            failures.failed(tracer, "a tracer", e);
            return false;
        }
    }

    /** A tracer is somebody else's code as well; an exception must not cost the session. */
    private void trace(Consumer<Tracer> event) {
        if (tracer != null) {
            try {
                event.accept(tracer);
            } catch (RuntimeException | LinkageError e) {
                failures.failed(tracer, "a tracer", e);
            }
        }
    }
}
