package io.hioload.session;

import io.hioload.buffer.BufferPool;
import io.hioload.control.Tracer;
import io.hioload.http.HttpRequest;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;
import io.hioload.reactor.Connection;
import io.hioload.reactor.Reactor;
import io.hioload.session.internal.EngineState;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;

/**
 * Runs the WebSocket sessions of one reactor in one role. Reactor thread only, except the constructor, {@link #settings()}
 * and {@link #openSessions()}.
 *
 * <p>A session lives as long as its connection; the engine keeps no list of them and owns no memory of its own, so it needs
 * no closing. An idle session is one small object and no buffer.
 */
public final class SessionEngine {

    private final EngineState state;

    /**
     * Makes an engine.
     *
     * @param reactor  where the sessions live
     * @param role     which side of the connections this is
     * @param codec    makes the frame codec
     * @param limits   what to accept
     * @param shared   memory for what other threads send; for all threads
     * @param settings how sessions behave
     * @param tracer   is told of sessions, or {@code null}: then no peer's address is asked for either
     */
    public SessionEngine(Reactor reactor, Role role, FrameCodecProvider codec, FrameLimits limits, BufferPool shared,
            SessionSettings settings,
            Tracer tracer) {
        this(reactor, role, codec, limits, shared, settings, tracer, null);
    }

    /**
     * Makes an engine whose sessions may move to other reactors.
     *
     * @param reactor  where the sessions live
     * @param role     which side of the connections this is
     * @param codec    makes the frame codec
     * @param limits   what to accept
     * @param shared   memory for what other threads send; for all threads
     * @param settings how sessions behave
     * @param tracer   is told of sessions, or {@code null}
     * @param engines  finds the engines of other reactors; {@code null} if sessions stay where they are
     */
    public SessionEngine(Reactor reactor, Role role, FrameCodecProvider codec, FrameLimits limits, BufferPool shared,
            SessionSettings settings, Tracer tracer, SessionEngines engines) {
        state = new EngineState(reactor, role, codec, limits, shared, settings, tracer, engines == null ? null : other -> {
            SessionEngine engine = engines.engine(other);
            return engine == null ? null : engine.state;
        });
    }

    /**
     * Lets the sessions subscribe to topics. Any thread, before the first session opens.
     *
     * @param topics of the server
     */
    public void topics(SessionTopics topics) {
        state.topics(topics.hub());
    }

    /**
     * Lets the sessions use extensions. Any thread, before the first session opens.
     *
     * @param extensions of the reactor in this role
     */
    public void extensions(SessionExtensions extensions) {
        state.extensions(extensions);
    }

    /**
     * Makes a session of a connection whose opening handshake is done: the answer 101 is committed (server) or checked
     * (client). The session becomes the connection's handler and {@code handler.onOpen} is called. Bytes that came behind
     * the HTTP head are then given to {@code connection.handler().onReceive}.
     *
     * @param connection  open
     * @param handler     of the session
     * @param request     what {@code Session.request()} gives; {@code null} on the client side
     * @param match       where {@code Session.parameter} looks; {@code null} if there are none
     * @param subprotocol what was agreed on, empty if nothing was
     * @return the session, which {@code onOpen} may have closed already
     */
    public Session open(Connection connection, WebSocketHandler handler, HttpRequest request, PathMatch match, String subprotocol) {
        return open(connection, handler, request, match, subprotocol, null);
    }

    /**
     * Makes a session that uses an extension.
     *
     * @param connection  open
     * @param handler     of the session
     * @param request     what {@code Session.request()} gives; {@code null} on the client side
     * @param match       where {@code Session.parameter} looks; {@code null} if there are none
     * @param subprotocol what was agreed on, empty if nothing was
     * @param agreed      negotiated with the engine's extensions, the session's from now on; {@code null} for none
     * @return the session, which {@code onOpen} may have closed already
     */
    public Session open(Connection connection, WebSocketHandler handler, HttpRequest request, PathMatch match, String subprotocol,
            AgreedExtension agreed) {
        return state.open(connection, handler, request, match, subprotocol, agreed);
    }

    /**
     * Changes the settings of all sessions; keepHeaders only for those that open afterwards. Visits every connection if a
     * time is changed.
     *
     * @param settings from now on
     */
    public void settings(SessionSettings settings) {
        state.settings(settings);
    }

    /**
     * The present settings. Any thread.
     *
     * @return the settings
     */
    public SessionSettings settings() {
        return state.settings();
    }

    /**
     * Starts the close handshake of sessions, each with the close timeout for it. Visits every connection.
     *
     * @param handler whose sessions; {@code null} is all
     * @param pattern that led to them; {@code null} is any
     * @param code    see {@link io.hioload.websocket.CloseCode#isSendable}
     * @param reason  at most 123 bytes of UTF-8; a longer one is cut at a character
     * @throws IllegalArgumentException if the code may not be sent
     */
    public void closeAll(WebSocketHandler handler, PathPattern pattern, int code, String reason) {
        state.closeAll(handler, pattern, code, reason);
    }

    /**
     * Sessions whose handler has been told of their opening and not of their end. Any thread.
     *
     * @return how many
     */
    public int openSessions() {
        return state.openSessions();
    }
}
