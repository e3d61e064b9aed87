package io.hioload.server.internal;

import io.hioload.buffer.BufferPool;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Counter;
import io.hioload.control.LogLimit;
import io.hioload.control.Tracer;
import io.hioload.http.HttpHandler;
import io.hioload.http.HttpRequest;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.protocol.Role;
import io.hioload.protocol.http1.Handshake;
import io.hioload.protocol.http1.HttpLimits;
import io.hioload.reactor.Connection;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.StagedHandler;
import io.hioload.session.AgreedExtension;
import io.hioload.session.SessionEngine;
import io.hioload.session.SessionEngines;
import io.hioload.session.SessionExtensions;
import io.hioload.session.SessionSettings;
import io.hioload.session.SessionTopics;
import io.hioload.transport.CloseMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What all connections of one reactor share: settings, routes, and the engine that their sessions run on. The reactor's
 * thread only, except the constructor and {@link #openSessions}; so a change is seen between two batches, never in one.
 *
 * <p>Counts in the reactor's counters: http.requests, http.refusals (all that {@link Tracer#requestRefused} is told of) and
 * http.refusals.400 and so on by status,
 * http.failures (answered with 500), http.dropped (no memory for the answer).
 */
final class HttpEngine {

    private final Reactor reactor;
    private final FrameCodecProvider codecs;
    private final BufferPool shared;
    private final Tracer tracer;
    private final Counter requests;
    private final Counter refusals;
    private final Counter failures;
    private final Counter dropped;
    private final LogLimit failureLog = new LogLimit(System.getLogger(HttpEngine.class.getName()));
    private final Function<Reactor, HttpEngine> all;
    private final SessionEngines engines;
    private final SessionExtensions extensions;
    private final SessionTopics topics;

    /** What all of the below was made from. Written by the reactor's thread. */
    private volatile ConfigSnapshot config;
    private FrameLimits frameLimits;
    private HttpLimits httpLimits;
    private long handshakeTimeoutNs;
    private long idleTimeoutNs;
    private Routes routes;
    private List<MessageExtensionProvider> providers;
    private boolean draining;

    /** The newest is the last and opens sessions; those before it have other frame limits and keep the sessions they have. */
    private volatile List<SessionEngine> sessions = List.of();

    /** Made for a reactor by any thread that is the first to need it. */
    HttpEngine(Reactor reactor, FrameCodecProvider codecs, BufferPool shared, Tracer tracer, Function<Reactor, HttpEngine> all,
            ConfigSnapshot config, Routes routes, List<MessageExtensionProvider> providers, SessionTopics topics) {
        this.reactor = reactor;
        this.codecs = codecs;
        this.shared = shared;
        this.tracer = tracer;
        this.all = all;
        this.engines = to -> on(to).sessionEngine();
        this.routes = routes;
        this.providers = providers;
        this.topics = topics;
        this.extensions = new SessionExtensions(reactor, Role.SERVER);
        this.requests = reactor.counters().counter("http.requests");
        this.refusals = reactor.counters().counter("http.refusals");
        this.failures = reactor.counters().counter("http.failures");
        this.dropped = reactor.counters().counter("http.dropped");
        configure(config);
    }

    /** Takes over a whole snapshot; nothing else on this thread sees a part of it. */
    void configure(ConfigSnapshot now) {
        httpLimits = ServerSettings.http(now);
        handshakeTimeoutNs = ServerSettings.ns(now, ServerSchema.HANDSHAKE_TIMEOUT);
        idleTimeoutNs = ServerSettings.ns(now, ServerSchema.HTTP_IDLE_TIMEOUT);
        SessionSettings settings = ServerSettings.sessions(now);
        FrameLimits limits = ServerSettings.frames(now);
        List<SessionEngine> kept = new ArrayList<>(sessions);
        kept.forEach(engine -> engine.settings(settings));
        if (!limits.equals(frameLimits)) {
            frameLimits = limits;
            kept.removeIf(engine -> engine.openSessions() == 0);
            SessionEngine added = new SessionEngine(reactor, Role.SERVER, codecs, limits, shared, settings, tracer, engines);
            added.extensions(extensions);
            added.topics(topics);
            kept.add(added);
        }
        extensions.configure(providers, ServerSettings.extensions(now));
        sessions = List.copyOf(kept);
        config = now;
    }

    /** What it runs on. Any thread; on the reactor's own the same for a whole batch of events. */
    ConfigSnapshot config() {
        return config;
    }

    Reactor reactor() {
        return reactor;
    }

    /** Sessions that use an extension that is gone are closed with 1012. */
    void extensions(List<MessageExtensionProvider> now) {
        providers = now;
        extensions.configure(now, ServerSettings.extensions(config));
    }

    /** What a session and its client are to use, or {@code null} for nothing; the caller's. */
    AgreedExtension negotiate(HttpRequest request) {
        return extensions.accept(Handshake.extensions(request));
    }

    /** Its reactor has ended. */
    void close() {
        extensions.close();
        topics.ended(reactor);
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
            if (connection.handler() instanceof HttpConnection || connection.handler() instanceof StagedHandler) {
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

    /** That of another reactor, where one of its connections is now. */
    HttpEngine on(Reactor other) {
        return all.apply(other);
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
        reactor.counters().counter("http.refusals." + status).increment();
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
