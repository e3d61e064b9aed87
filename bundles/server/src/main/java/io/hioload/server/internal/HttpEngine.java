package io.hioload.server.internal;

import io.hioload.buffer.BufferPool;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Counter;
import io.hioload.control.LogLimit;
import io.hioload.control.Tracer;
import io.hioload.http.HttpHandler;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;
import io.hioload.protocol.http1.HttpLimits;
import io.hioload.reactor.Connection;
import io.hioload.reactor.Reactor;
import io.hioload.session.SessionEngine;
import io.hioload.session.SessionSettings;
import io.hioload.transport.CloseMode;
import java.util.ArrayList;
import java.util.List;

/**
 * What all connections of one reactor share: settings, routes, and the engine that their sessions run on. The reactor's
 * thread only, except the constructor and {@link #openSessions}; so a change is seen between two batches, never in one.
 *
 * <p>Counts in the reactor's counters: http.requests, http.refusals (all that {@link Tracer#requestRefused} is told of),
 * http.failures (answered with 500), http.dropped (no memory for the answer).
 */
final class HttpEngine {

    private static final long NS_PER_MS = 1_000_000;

    private final Reactor reactor;
    private final FrameCodecProvider codecs;
    private final BufferPool shared;
    private final Tracer tracer;
    private final Counter requests;
    private final Counter refusals;
    private final Counter failures;
    private final Counter dropped;
    private final LogLimit failureLog = new LogLimit(System.getLogger(HttpEngine.class.getName()));

    private FrameLimits frameLimits;
    private HttpLimits httpLimits;
    private long handshakeTimeoutNs;
    private long idleTimeoutNs;
    private Routes routes;
    private boolean draining;

    /** The newest is the last and opens sessions; those before it have other frame limits and keep the sessions they have. */
    private volatile List<SessionEngine> sessions = List.of();

    HttpEngine(Reactor reactor, FrameCodecProvider codecs, BufferPool shared, Tracer tracer, ConfigSnapshot config, Routes routes) {
        this.reactor = reactor;
        this.codecs = codecs;
        this.shared = shared;
        this.tracer = tracer;
        this.routes = routes;
        this.requests = reactor.counters().counter("http.requests");
        this.refusals = reactor.counters().counter("http.refusals");
        this.failures = reactor.counters().counter("http.failures");
        this.dropped = reactor.counters().counter("http.dropped");
        configure(config);
    }

    /** Takes over every key that does not need a rebuild. */
    void configure(ConfigSnapshot config) {
        httpLimits = new HttpLimits((int) config.number(ServerSchema.HTTP_HEAD_MAX), (int) config.number(ServerSchema.HTTP_HEADERS_MAX),
                (int) config.number(ServerSchema.HTTP_TARGET_MAX));
        handshakeTimeoutNs = config.number(ServerSchema.HANDSHAKE_TIMEOUT) * NS_PER_MS;
        idleTimeoutNs = config.number(ServerSchema.HTTP_IDLE_TIMEOUT) * NS_PER_MS;
        SessionSettings settings = new SessionSettings(config.number(ServerSchema.IDLE_TIMEOUT) * NS_PER_MS,
                config.number(ServerSchema.PING_INTERVAL) * NS_PER_MS, config.number(ServerSchema.MESSAGE_TIMEOUT) * NS_PER_MS,
                config.number(ServerSchema.CLOSE_TIMEOUT) * NS_PER_MS,
                (int) config.number(ServerSchema.UNSENT_MAX), config.flag(ServerSchema.KEEP_HEADERS));
        FrameLimits limits = new FrameLimits((int) config.number(ServerSchema.MESSAGE_MAX), (int) config.number(ServerSchema.FRAME_MAX),
                (int) config.number(ServerSchema.FRAGMENTS_MAX));
        List<SessionEngine> kept = new ArrayList<>(sessions);
        kept.forEach(engine -> engine.settings(settings));
        if (!limits.equals(frameLimits)) {
            frameLimits = limits;
            kept.removeIf(engine -> engine.openSessions() == 0);
            kept.add(new SessionEngine(reactor, Role.SERVER, codecs, limits, shared, settings, tracer));
        }
        sessions = List.copyOf(kept);
    }

    void routes(Routes now) {
        routes = now;
    }

    Routes routes() {
        return routes;
    }

    /** Starts the close handshake with the sessions of an endpoint that is no longer there. */
    void closeSessions(Endpoint endpoint, int code, String reason) {
        sessions.forEach(engine -> engine.closeAll(endpoint.webSocket(), endpoint.pattern(), code, reason));
    }

    /** Ends everything in order: sessions with a close handshake, idle HTTP connections at once. */
    void drain(int code, String reason) {
        draining = true;
        sessions.forEach(engine -> engine.closeAll(null, null, code, reason));
        reactor.forEachConnection(connection -> {
            if (connection.handler() instanceof HttpConnection) {
                connection.close(CloseMode.FLUSH);
            }
        });
    }

    boolean draining() {
        return draining;
    }

    HttpConnection accept(Connection connection) {
        return draining ? null : new HttpConnection(this);
    }

    SessionEngine sessionEngine() {
        return sessions.getLast();
    }

    HttpLimits httpLimits() {
        return httpLimits;
    }

    long handshakeTimeoutNs() {
        return handshakeTimeoutNs;
    }

    long idleTimeoutNs() {
        return idleTimeoutNs;
    }

    void countRequest() {
        requests.increment();
    }

    void refused(Connection connection, int status, String reason) {
        refusals.increment();
        tracer.requestRefused(connection.id(), status, reason);
    }

    /** A handler threw or answered what cannot be sent: the answer is 500. */
    void failed(Connection connection, HttpHandler handler, String path, Throwable failure) {
        failures.increment();
        failureLog.failed(handler, "the handler of " + path, failure);
        tracer.handlerFailed(connection.id(), failure);
    }

    /** There was no memory for an answer: the connection is reset. */
    void countDropped() {
        dropped.increment();
    }

    /** Any thread. */
    int openSessions() {
        int open = 0;
        for (SessionEngine engine : sessions) {
            open += engine.openSessions();
        }
        return open;
    }
}
