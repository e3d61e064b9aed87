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
import io.hioload.protocol.PartialMessage;
import io.hioload.protocol.Role;
import io.hioload.reactor.Connection;
import io.hioload.reactor.Reactor;
import io.hioload.session.AgreedExtension;
import io.hioload.session.BlockingHandler;
import io.hioload.session.PathMatch;
import io.hioload.session.PathPattern;
import io.hioload.session.SessionExtensions;
import io.hioload.session.SessionSettings;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What all sessions of one reactor in one role share, so that each of them is small: codec, senders, counters, settings, and
 * the clock. Reactor thread only, except where a method says more. Owns no buffers.
 *
 * <p>Counts in the reactor's counters: sessions.opened, sessions.closed, messages.in, messages.out (the application's pings
 * included), send.dropped, send.lost (accepted from another thread, and the session was closed or memory gone when it came),
 * slow.closed (sessions that were closed because their peer was too slow), control.dropped (a close frame or pong for which there was no memory), blocking.refused (a message for a handler that blocks,
 * for which there was no memory; the session is closed with 1013), handler.failures, protocol.violations.CODE,
 * timeouts.idle, timeouts.message, timeouts.close.
 */
public final class EngineState {

    /** Sessions count in ticks of 2^20 ns, about a millisecond: 32 bits last for 52 days of silence. */
    private static final int TICK_SHIFT = 20;
    /** Of {@link #rememberedAboveBytes}. It stays so, since a session may end amid a message. */
    private static final int NOTHING = -1;
    /** Longer than it takes to reach all reactors with one change. */
    private static final long KEEP_DEPARTURES_NS = 30_000_000_000L;

    final Reactor reactor;
    final Role role;
    final LocalSender local;
    final RemoteSender remote;
    final ExtendedSender extended;
    final Deferred deferred;
    /** Memory for all threads. */
    final BufferPool shared;
    final Counter messagesOut;
    final Counter sendDropped;
    final Counter sendLost;
    final Counter slowClosed;
    final Counter controlDropped;
    final Counter blockingRefused;
    final Counter idleTimeouts;
    final Counter messageTimeouts;
    final Counter closeTimeouts;
    /** Room for the payload of one control frame that is being written. */
    final UnsafeBuffer control = new UnsafeBuffer(new byte[CloseReason.MAX_CONTROL_BYTES]);

    private final FrameDecoder decoder;
    private final Delivery delivery;
    private final int maxMessageBytes;
    private volatile SessionExtensions extensions;
    /** A message of more bytes is remembered while it is delivered, in case it goes to other sessions as well. */
    private int rememberedAboveBytes = LocalSender.MAX_SMALL_BYTES;
    private final Tracer tracer;
    private final LogLimit failures = new LogLimit(System.getLogger("io.hioload.session"));
    private final Counters counters;
    private final Counter opened;
    private final Counter closed;
    private final Counter messagesIn;
    private final Counter handlerFailures;
    private final Function<Reactor, EngineState> engines;
    /** Sessions that left for other reactors a short time ago. */
    private final ArrayDeque<Departure> departures = new ArrayDeque<>();
    private volatile SessionSettings settings;
    private volatile int openSessions;
    private volatile TopicTable topics;
    private WebSocketSession receiver;
    private int messages;
    private HttpRequest lastRequest;
    private boolean forgetting;

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
     * @param engines  finds the engines of other reactors, or {@code null} if sessions stay
     */
    public EngineState(Reactor reactor, Role role, FrameCodecProvider codec, FrameLimits limits, BufferPool shared,
            SessionSettings settings,
            Tracer tracer, Function<Reactor, EngineState> engines) {
        this.reactor = reactor;
        this.role = role;
        this.settings = settings;
        this.tracer = tracer;
        this.engines = engines;
        this.maxMessageBytes = limits.maxMessageBytes();
        this.decoder = codec.decoder(role, limits, reactor.buffers());
        FrameEncoder encoder = codec.encoder(role);
        FrameWriter writer = new FrameWriter(encoder, role);
        this.delivery = new Delivery(encoder);
        this.local = new LocalSender(this, role, encoder, writer, delivery, reactor.buffers());
        this.remote = new RemoteSender(this, encoder, writer, shared);
        this.extended = new ExtendedSender(this, role, encoder, local, delivery, reactor.buffers());
        this.deferred = new Deferred(reactor);
        this.shared = shared;
        this.counters = reactor.counters();
        this.opened = counters.counter("sessions.opened");
        this.closed = counters.counter("sessions.closed");
        this.messagesIn = counters.counter("messages.in");
        this.messagesOut = counters.counter("messages.out");
        this.sendDropped = counters.counter("send.dropped");
        this.sendLost = counters.counter("send.lost");
        this.slowClosed = counters.counter("slow.closed");
        this.controlDropped = counters.counter("control.dropped");
        this.blockingRefused = counters.counter("blocking.refused");
        this.handlerFailures = counters.counter("handler.failures");
        this.idleTimeouts = counters.counter("timeouts.idle");
        this.messageTimeouts = counters.counter("timeouts.message");
        this.closeTimeouts = counters.counter("timeouts.close");
    }

    /**
     * Lets the sessions subscribe to topics. Before the first one opens.
     *
     * @param hub of the server
     */
    public void topics(TopicHub hub) {
        topics = hub.table(reactor);
    }

    /** The subscribers of the reactor, or null if sessions cannot subscribe. Any thread. */
    TopicTable topics() {
        return topics;
    }

    /**
     * Lets the sessions use extensions. Before the first one opens.
     *
     * @param ofReactor in this role
     */
    public void extensions(SessionExtensions ofReactor) {
        extensions = ofReactor;
    }

    /** Whether a session that uses this can go on here. Called by another reactor, which only looks. */
    boolean hasExtension(AgreedExtension agreed) {
        SessionExtensions here = extensions;
        return here != null && here.canTake(agreed);
    }

    /** What this reactor has of extensions, or null if it has nothing. Any thread. */
    SessionExtensions extensions() {
        return extensions;
    }

    /**
     * Opens a session, see {@link io.hioload.session.SessionEngine#open}.
     *
     * @param connection  open
     * @param handler     of the session
     * @param request     that opened it, or {@code null}
     * @param match       of the path, or {@code null}
     * @param subprotocol empty if there is none
     * @param agreed      what it uses, or {@code null}
     * @return the session
     */
    public Session open(Connection connection, WebSocketHandler handler, HttpRequest request, PathMatch match, String subprotocol,
            AgreedExtension agreed) {
        WebSocketSession session = new WebSocketSession(this, connection, handler, request, match, subprotocol, agreed);
        if (agreed != null) {
            rememberedAboveBytes = NOTHING;
        }
        connection.handler(session);
        opened.increment();
        openSessions = openSessions + 1;
        if (isOpeningTraced()) {
            String path = request == null ? "" : request.path();
            String remoteAddress = String.valueOf(connection.remoteAddress());
            trace(to -> to.sessionOpened(session.id(), path, remoteAddress));
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
            forEachSession(Timeouts::rearm);
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
        Consumer<WebSocketSession> close = session -> {
            if ((handler == null || BlockingHandler.isSame(session.handler(), handler))
                    && (pattern == null || session.isReachedBy(pattern))) {
                session.close(code, reason);
            }
        };
        forEachSession(close);
        // Who is on its way, or came to the other reactor behind its turn, is not missed.
        forgetDepartures();
        departures.forEach(departure -> close.accept(departure.session));
    }

    // Sessions that move to another reactor

    /** A session that left, and when. */
    private record Departure(WebSocketSession session, long atNs) {
    }

    /** The engine of another reactor; null if sessions cannot move there. */
    EngineState of(Reactor other) {
        return other == reactor ? this : engines == null ? null : engines.apply(other);
    }

    void leaves(WebSocketSession session) {
        openSessions = openSessions - 1;
        departures.add(new Departure(session, reactor.nowNs()));
        forgetDepartures();
    }

    /** Whether it is counted as one that left. */
    boolean hasLeft(WebSocketSession session) {
        return departures.removeIf(departure -> departure.session == session);
    }

    void comes(WebSocketSession session) {
        openSessions = openSessions + 1;
        if (session.agreed() != null) {
            rememberedAboveBytes = NOTHING;
        }
    }

    /** An unfinished message that another reactor's decoder has begun. */
    void takeOver(PartialMessage unfinished) {
        decoder.takeOver(unfinished);
    }

    private void forgetDepartures() {
        while (!departures.isEmpty() && reactor.nowNs() - departures.peek().atNs >= KEEP_DEPARTURES_NS) {
            departures.poll();
        }
        if (!departures.isEmpty() && !forgetting) {
            forgetting = true;
            reactor.schedule(() -> {
                forgetting = false;
                forgetDepartures();
            }, KEEP_DEPARTURES_NS);
        }
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
            if (messages != 0) {
                messagesIn.add(messages);
                messages = 0;
            }
        }
        if (deferred.isStranded()) {
            deferred.run();
        }
    }

    /** Decodes, within {@link #receive}, what the session's extension made of a message. */
    boolean deliverDecoded(WebSocketSession session, int opcode, Buffer buffer, int length) {
        return decoder.deliver(session, opcode, buffer, 0, length);
    }

    int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Whether the decoder is at work on this session's input. */
    boolean isReceiving(WebSocketSession session) {
        return receiver == session;
    }

    void beginMessage(Buffer buffer, int offset, int length) {
        messages++;
        if (length > rememberedAboveBytes) {
            delivery.beginMessage(buffer, offset, length);
        }
    }

    void endMessage(int length) {
        if (length > rememberedAboveBytes) {
            delivery.endMessage();
        }
    }

    /** The coarse clock of the sessions. */
    int ticks() {
        return (int) (reactor.nowNs() >> TICK_SHIFT);
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
