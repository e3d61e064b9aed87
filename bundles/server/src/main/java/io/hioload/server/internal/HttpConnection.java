package io.hioload.server.internal;

import io.hioload.buffer.Buffer;
import io.hioload.http.HttpHandler;
import io.hioload.http.HttpRequest;
import io.hioload.http.HttpResponse;
import io.hioload.protocol.http1.Handshake;
import io.hioload.protocol.http1.Headers;
import io.hioload.protocol.http1.RequestParser;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.Reactor;
import io.hioload.session.AgreedExtension;
import io.hioload.session.RouteTable;
import io.hioload.transport.CloseMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * A connection as long as it speaks HTTP/1.1: answers requests one after the other, and hands itself over to a session
 * when one is an upgrade; then nothing refers to this object any more. Reactor thread only. Bounded in time by one
 * deadline for each whole request head and one for the progress of each answer, in memory by the parser's limits, in its
 * share of a turn by a number of answers, and in output by not reading on while the peer does not take its answers.
 */
final class HttpConnection implements ConnectionHandler {

    /** More than status line and headers of a 101 answer need, without the subprotocol. */
    private static final int ACCEPT_BYTES = 512;
    /** Requests that came in one piece and are answered in one turn; the others wait for the next, behind everybody else. */
    private static final int ANSWERS_PER_TURN = 16;

    /** Of the reactor that the connection is on. */
    private HttpEngine engine;
    /** There only while a request is arriving. */
    private RequestParser parser;
    /** There only while requests wait for their turn; nothing is received meanwhile. */
    private LaterInput later;
    private boolean answeredBefore;
    /** Receiving is off. */
    private boolean paused;
    private boolean inputEnded;
    /** What was unsent at the last look after an answer that is being sent. */
    private int unsentBytes;

    HttpConnection(HttpEngine engine) {
        this.engine = engine;
    }

    @Override
    public void onOpen(Connection connection) {
        connection.timeout(engine.handshakeTimeoutNs());
    }

    @Override
    public void onReceive(Connection connection, Buffer buffer, int offset, int length) {
        if (later != null) {
            // It was on its way when receiving was turned off.
            later.add(buffer, offset, length);
            return;
        }
        int end = offset + length;
        int answers = 0;
        for (int at = offset; at < end;) {
            if (answers == ANSWERS_PER_TURN) {
                if (putOff(connection, buffer, at, end - at)) {
                    return;
                }
                answers = 0;
            }
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
                refuse(connection, HttpResponse.text(parser.status(), parser.reason()), false, parser.reason());
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
            answers++;
        }
    }

    /** Leaves the rest for a later turn; false if the reactor takes no more tasks. */
    private boolean putOff(Connection connection, Buffer buffer, int offset, int length) {
        try {
            connection.reactor().execute(() -> goOn(connection));
        } catch (RejectedExecutionException e) {
            return false;
        }
        later = new LaterInput();
        later.add(buffer, offset, length);
        pause(connection);
        return true;
    }

    private void pause(Connection connection) {
        paused = true;
        connection.receiving(false);
    }

    private void receiveAgain(Connection connection) {
        if (paused) {
            paused = false;
            connection.receiving(true);
        }
    }

    private void goOn(Connection connection) {
        LaterInput now = later;
        if (now == null) {
            return; // closed meanwhile
        }
        later = null;
        now.deliver(connection);
        if (later != null || !connection.isOpen()) {
            return;
        }
        if (inputEnded) {
            connection.handler().onEndOfInput(connection);
        } else if (connection.isWritable()) {
            receiveAgain(connection);
        }
    }

    private void upgrade(Connection connection, HttpRequest request, Buffer buffer, int restOffset, int restLength) {
        boolean headOnly = request.method().equals("HEAD");
        RouteTable.Match<Endpoint> match = engine.routes().webSockets().find(request.path());
        if (match == null) {
            refuse(connection, HttpResponse.text(404, "no WebSocket endpoint at this path"), headOnly, "no endpoint at " + request.path());
            return;
        }
        HttpResponse refusal = engine.draining() ? HttpResponse.text(503, "the server is stopping") : Handshake.refusal(request);
        if (refusal != null) {
            refuse(connection, refusal, headOnly, "not a valid opening handshake");
            return;
        }
        Endpoint endpoint = match.target();
        String subprotocol = Handshake.subprotocol(request, endpoint.subprotocols());
        AgreedExtension agreed = engine.negotiate(request);
        String extension = agreed == null ? null : agreed.answer();
        int room = ACCEPT_BYTES + (subprotocol == null ? 0 : subprotocol.length()) + (agreed == null ? 0 : extension.length());
        Buffer target = connection.claim(room);
        int written = target == null ? Handshake.NO_ROOM
                : Handshake.accept(request, subprotocol, extension, List.of(), target.memory(), connection.claimOffset(), room);
        if (written < 0) {
            if (agreed != null) {
                agreed.close();
            }
            engine.refused(connection, 503, "out of memory");
            engine.countDropped();
            connection.close(CloseMode.ABORT);
            return;
        }
        connection.commit(written);
        connection.timeout(-1);
        // It may be off for answers that were sent before, and a session does not turn it on.
        receiveAgain(connection);
        engine.sessionEngine().open(connection, endpoint.webSocket(), request, match.path(), subprotocol == null ? "" : subprotocol,
                agreed);
        if (restLength > 0) {
            connection.handler().onReceive(connection, buffer, restOffset, restLength);
        }
    }

    /** Returns whether to go on with the bytes that are left. */
    private boolean answer(Connection connection, HttpRequest request, boolean moreWaits) {
        HttpResponse answer = resource(connection, request);
        boolean keepAlive = !engine.draining() && !Headers.hasToken(request.headers(), "Connection", "close");
        if (!HttpAnswers.send(connection, answer, request.method().equals("HEAD"), keepAlive)) {
            engine.countDropped();
            connection.close(CloseMode.ABORT);
            return false;
        }
        // A peer that asks on and on without reading is not given memory for it.
        if (!keepAlive || moreWaits && !connection.isWritable()) {
            connection.close(CloseMode.FLUSH);
            return false;
        }
        if (!connection.isWritable()) {
            pause(connection);
        }
        answeredBefore = true;
        unsentBytes = connection.unsentBytes();
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
        HttpHandler handler = match.target().http();
        try {
            HttpResponse answer = handler.handle(request);
            HttpAnswers.check(answer);
            return answer;
        } catch (Throwable e) {
            // Errors too: a deep recursion in one handler is no reason to drop the connection without an answer.
            engine.failed(connection, handler, match.path().pattern().toString(), e);
            return HttpResponse.text(500, "internal error");
        }
    }

    private void refuse(Connection connection, HttpResponse answer, boolean headOnly, String reason) {
        engine.refused(connection, answer.status(), reason);
        if (HttpAnswers.send(connection, answer, headOnly, false)) {
            connection.close(CloseMode.FLUSH);
        } else {
            engine.countDropped();
            connection.close(CloseMode.ABORT);
        }
    }

    @Override
    public void onEndOfInput(Connection connection) {
        inputEnded = true;
        if (later == null) {
            connection.close(CloseMode.FLUSH);
        }
    }

    @Override
    public void onWritable(Connection connection) {
        if (parser == null && answeredBefore) {
            connection.timeout(engine.idleTimeoutNs());
        }
        if (later == null) {
            receiveAgain(connection);
        }
    }

    /** Between two requests nothing of it belongs to its reactor. */
    @Override
    public boolean mayMove(Connection connection, Reactor to) {
        return parser == null && later == null && !paused && !inputEnded;
    }

    @Override
    public void onMoved(Connection connection) {
        engine = engine.on(connection.reactor());
        if (engine.draining()) {
            connection.close(CloseMode.FLUSH);
        }
    }

    @Override
    public void onTimeout(Connection connection) {
        int left = connection.unsentBytes();
        if (parser != null) {
            refuse(connection, HttpResponse.text(408, "the request took too long"), false, "request timeout");
        } else if (left == 0 || !answeredBefore) {
            connection.close(CloseMode.FLUSH);
        } else if (left < unsentBytes) {
            // The peer is not idle: it takes the answer, only slowly.
            unsentBytes = left;
            connection.timeout(engine.idleTimeoutNs());
        } else {
            connection.close(CloseMode.ABORT);
        }
    }

    @Override
    public void onClosed(Connection connection, int reason) {
        parser = null;
        if (later != null) {
            later.discard();
            later = null;
        }
    }
}
