package io.hioload.server.internal;

import io.hioload.buffer.Buffer;
import io.hioload.http.HttpRequest;
import io.hioload.http.HttpResponse;
import io.hioload.protocol.http1.Handshake;
import io.hioload.protocol.http1.Headers;
import io.hioload.protocol.http1.RequestParser;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.session.RouteTable;
import io.hioload.transport.CloseMode;
import java.lang.System.Logger;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A connection as long as it speaks HTTP/1.1: answers requests one after the other, and hands itself over to a session
 * when one is an upgrade; then nothing refers to this object any more. Reactor thread only. Bounded in time by one
 * deadline for each whole request head, in memory by the parser's limits, and in output by not reading on while the peer
 * does not take its answers.
 */
final class HttpConnection implements ConnectionHandler {

    private static final Logger LOG = System.getLogger(HttpConnection.class.getName());

    /** More than status line and headers of a 101 answer need, without the subprotocol. */
    private static final int ACCEPT_BYTES = 512;

    private final HttpEngine engine;
    /** There only while a request is arriving. */
    private RequestParser parser;
    private boolean answeredBefore;

    HttpConnection(HttpEngine engine) {
        this.engine = engine;
    }

    @Override
    public void onOpen(Connection connection) {
        connection.timeout(engine.handshakeTimeoutNs());
    }

    @Override
    public void onReceive(Connection connection, Buffer buffer, int offset, int length) {
        int end = offset + length;
        for (int at = offset; at < end;) {
            if (parser == null) {
                parser = new RequestParser(engine.httpLimits());
                if (answeredBefore) {
                    connection.timeout(engine.handshakeTimeoutNs());
                }
            }
            at += parser.feed(buffer.memory(), at, end - at);
            if (parser.state() == RequestParser.NEED_MORE) {
                return;
            }
            if (parser.state() == RequestParser.BAD) {
                refuse(connection, HttpResponse.text(parser.status(), parser.reason()), parser.reason());
                return;
            }
            HttpRequest request = parser.request();
            parser = null;
            engine.countRequest();
            if (Handshake.isUpgrade(request)) {
                upgrade(connection, request, buffer, at, end - at);
                return;
            }
            if (!answer(connection, request, at < end)) {
                return;
            }
        }
    }

    private void upgrade(Connection connection, HttpRequest request, Buffer buffer, int restOffset, int restLength) {
        RouteTable.Match<Endpoint> match = engine.routes().webSockets().find(request.path());
        if (match == null) {
            refuse(connection, HttpResponse.text(404, "no WebSocket endpoint at this path"), "no endpoint at " + request.path());
            return;
        }
        HttpResponse refusal = engine.draining() ? HttpResponse.text(503, "the server is stopping") : Handshake.refusal(request);
        if (refusal != null) {
            refuse(connection, refusal, "not a valid opening handshake");
            return;
        }
        Endpoint endpoint = match.target();
        String subprotocol = Handshake.subprotocol(request, endpoint.subprotocols());
        int room = ACCEPT_BYTES + (subprotocol == null ? 0 : subprotocol.length());
        Buffer target = connection.claim(room);
        int written = target == null ? Handshake.NO_ROOM
                : Handshake.accept(request, subprotocol, List.of(), target.memory(), connection.claimOffset(), room);
        if (written < 0) {
            engine.refused(connection, 503, "out of memory");
            connection.close(CloseMode.ABORT);
            return;
        }
        connection.commit(written);
        connection.timeout(-1);
        engine.sessionEngine().open(connection, endpoint.webSocket(), request, match.path(), subprotocol == null ? "" : subprotocol);
        if (restLength > 0) {
            connection.handler().onReceive(connection, buffer, restOffset, restLength);
        }
    }

    /** Returns whether to go on with the bytes that are left. */
    private boolean answer(Connection connection, HttpRequest request, boolean moreWaits) {
        HttpResponse answer = resource(connection, request);
        boolean keepAlive = !engine.draining() && !Headers.hasToken(request.headers(), "Connection", "close");
        if (!send(connection, answer, request.method().equals("HEAD"), keepAlive)) {
            connection.close(CloseMode.ABORT);
            return false;
        }
        // A peer that asks on and on without reading is not given memory for it.
        if (!keepAlive || moreWaits && !connection.isWritable()) {
            connection.close(CloseMode.FLUSH);
            return false;
        }
        if (!connection.isWritable()) {
            connection.receiving(false);
        }
        answeredBefore = true;
        connection.timeout(engine.idleTimeoutNs());
        return true;
    }

    private HttpResponse resource(Connection connection, HttpRequest request) {
        RouteTable.Match<Endpoint> match = engine.routes().https().find(request.path());
        if (match == null) {
            boolean webSocket = engine.routes().webSockets().find(request.path()) != null;
            HttpResponse answer = webSocket
                    ? new HttpResponse(426, List.of("Upgrade", "websocket", "Content-Type", "text/plain; charset=utf-8"),
                            "this path speaks WebSocket only\n".getBytes(StandardCharsets.US_ASCII))
                    : HttpResponse.text(404, "not found");
            engine.refused(connection, answer.status(), "no resource at " + request.path());
            return answer;
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            engine.refused(connection, 405, request.method());
            return new HttpResponse(405, List.of("Allow", "GET, HEAD"), new byte[0]);
        }
        try {
            HttpResponse answer = match.target().http().handle(request);
            if (answer != null) {
                return answer;
            }
            LOG.log(Logger.Level.WARNING, "the handler of " + match.path().pattern() + " answered null");
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Logger.Level.WARNING, "the handler of " + match.path().pattern() + " failed", e);
        }
        return HttpResponse.text(500, "internal error");
    }

    private static boolean send(Connection connection, HttpResponse answer, boolean headOnly, boolean keepAlive) {
        try {
            return HttpAnswers.send(connection, answer, headOnly, keepAlive);
        } catch (IllegalArgumentException e) {
            LOG.log(Logger.Level.WARNING, "a handler's answer cannot be sent: " + e.getMessage());
            return HttpAnswers.send(connection, HttpResponse.text(500, "internal error"), headOnly, keepAlive);
        }
    }

    private void refuse(Connection connection, HttpResponse answer, String reason) {
        engine.refused(connection, answer.status(), reason);
        connection.close(HttpAnswers.send(connection, answer, false, false) ? CloseMode.FLUSH : CloseMode.ABORT);
    }

    @Override
    public void onWritable(Connection connection) {
        connection.receiving(true);
    }

    @Override
    public void onTimeout(Connection connection) {
        if (parser != null) {
            refuse(connection, HttpResponse.text(408, "the request took too long"), "request timeout");
        } else if (answeredBefore && !connection.isWritable()) {
            connection.close(CloseMode.ABORT);
        } else {
            connection.close(CloseMode.FLUSH);
        }
    }

    @Override
    public void onClosed(Connection connection, int reason) {
        parser = null;
    }
}
