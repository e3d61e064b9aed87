package io.hioload.client.internal;

import io.hioload.buffer.Buffer;
import io.hioload.client.ConnectOptions;
import io.hioload.client.HandshakeException;
import io.hioload.concurrent.Cancelable;
import io.hioload.protocol.http1.ClientHandshake;
import io.hioload.protocol.http1.HttpLimits;
import io.hioload.protocol.http1.ResponseHead;
import io.hioload.protocol.http1.ResponseParser;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.Reactor;
import io.hioload.session.AgreedExtension;
import io.hioload.session.SessionEngine;
import io.hioload.session.SessionExtensions;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * A connection until it is a session: connects, asks, judges the answer, all before one deadline. Completes the result
 * exactly once; when somebody else did, such as a caller who cancelled, the connection is reset. Reactor thread only, except
 * the constructor and where a method says more.
 */
public final class ClientConnection implements ConnectionHandler {

    /** Of the content of a refusal, so much is kept for the exception. */
    private static final int MAX_BODY_BYTES = 4 << 10;

    private final Reactor reactor;
    private final SessionEngine engine;
    private final SessionExtensions extensions;
    private final ClientStage stage;
    private final WebSocketUrl url;
    private final ConnectOptions options;
    private final WebSocketHandler handler;
    private final CompletableFuture<Session> result;
    private final ClientHandshake handshake;
    private final ResponseParser parser = new ResponseParser(HttpLimits.DEFAULT);

    private final Attempts attempts;

    private SocketAddress remote;
    private volatile Cancelable deadline;
    private Connection connection;
    /** While the system connects. */
    private Cancelable connecting;
    /** There once the answer is a refusal whose content is being read. */
    private StringBuilder body;
    private int bodyLeft;

    /**
     * Makes the attempt's request.
     *
     * @param reactor where it will live
     * @param engine  of that reactor, runs the session
     * @param extensions of that reactor
     * @param stage   TLS, if the URL wants it
     * @param url     what to connect to
     * @param options what to ask for
     * @param handler of the session
     * @param result  what became of it
     * @param attempts is told of it
     * @throws IllegalArgumentException if a subprotocol or header is not valid
     */
    public ClientConnection(Reactor reactor, SessionEngine engine, SessionExtensions extensions, ClientStage stage, WebSocketUrl url,
            ConnectOptions options, WebSocketHandler handler, CompletableFuture<Session> result, Attempts attempts) {
        this.reactor = reactor;
        this.engine = engine;
        this.extensions = extensions;
        this.stage = stage;
        this.url = url;
        this.options = options;
        this.handler = handler;
        this.result = result;
        this.attempts = attempts;
        this.handshake = new ClientHandshake(url.hostHeader(), url.target(), options.subprotocols(), extensions.offer(), options.headers());
    }

    /**
     * What becomes of it. Any thread.
     *
     * @return always the same future
     */
    public CompletableFuture<Session> result() {
        return result;
    }

    /**
     * Looks the host up and connects; failures go to the result. Any thread; blocks for the look-up, unless the host is an
     * address.
     */
    public void begin() {
        result.whenComplete((session, failure) -> {
            if (failure != null) {
                abandon();
            }
        });
        try {
            deadline = reactor.schedule(this::expire, options.timeout().toNanos());
            InetSocketAddress address = url.resolve();
            reactor.execute(() -> start(address));
        } catch (IOException e) {
            fail(e);
        } catch (RejectedExecutionException e) {
            fail(new IOException("the client is closed or its reactor has too many tasks", e));
        }
    }

    /** The attempt is over, whoever said so: nothing of it goes on. Any thread. */
    private void abandon() {
        cancelDeadline();
        if (reactor.inEventLoop()) {
            abort();
            return;
        }
        try {
            reactor.execute(this::abort);
        } catch (RejectedExecutionException e) {
            // Then it ends with the reactor, or when the server answers.
            return;
        }
    }

    private void abort() {
        if (connecting != null) {
            connecting.cancel();
        }
        if (connection != null && connection.handler() == this) {
            connection.close(CloseMode.ABORT);
        }
    }

    private void start(InetSocketAddress address) {
        if (result.isDone()) {
            return;
        }
        remote = address;
        attempts.began();
        try {
            connecting = reactor.connect(address, url.secure() ? stage.connect(url, this, this::secureFailed) : this);
        } catch (RuntimeException e) {
            attempts.ended();
            fail(new IOException("cannot connect to " + address + ": " + e.getMessage(), e));
        }
    }

    /** The system has connected, but TLS was not agreed on. */
    private void secureFailed(IOException why) {
        attempts.ended();
        fail(new IOException("no TLS with " + url.hostHeader() + ": " + why.getMessage(), why));
    }

    private void expire() {
        fail(timedOut(""));
    }

    /**
     * The failure of an attempt that took too long. Any thread.
     *
     * @param why more about it, or empty
     * @return a new exception
     */
    public SocketTimeoutException timedOut(String why) {
        return new SocketTimeoutException(
                "no WebSocket session with " + url.hostHeader() + " within " + options.timeout().toMillis() + " ms" + why);
    }

    @Override
    public void onConnectFailed(int status) {
        attempts.ended();
        fail(new ConnectException("cannot connect to " + remote + ": " + Status.text(status)));
    }

    @Override
    public void onOpen(Connection opened) {
        attempts.ended();
        connecting = null;
        connection = opened;
        int length = handshake.requestLength();
        Buffer target = result.isDone() ? null : opened.claim(length);
        if (target == null) {
            fail(new IOException("out of memory for the request to " + remote));
            abort();
            return;
        }
        opened.commit(handshake.writeRequest(target.memory(), opened.claimOffset(), length));
    }

    @Override
    public void onReceive(Connection from, Buffer buffer, int offset, int length) {
        int used = body == null ? parser.feed(buffer.memory(), offset, length) : 0;
        if (parser.state() == ResponseParser.NEED_MORE) {
            return;
        }
        if (parser.state() == ResponseParser.BAD) {
            fail(new HandshakeException(url.hostHeader() + " does not answer in HTTP/1.1: " + parser.reason(), 0, ""));
            return;
        }
        ResponseHead answer = parser.response();
        String refusal = body == null ? handshake.refusal(answer) : "";
        if (refusal == null) {
            establish(buffer, offset + used, length - used);
        } else if (answer.status() == 101) {
            fail(new HandshakeException("the handshake of " + url.hostHeader() + " is not valid: " + refusal, 101, ""));
        } else {
            readBody(answer, buffer, offset + used, length - used);
        }
    }

    private void establish(Buffer buffer, int restOffset, int restLength) {
        if (!result.isDone()) {
            AgreedExtension agreed;
            try {
                agreed = extensions.accepted(handshake.extensions());
            } catch (IllegalArgumentException e) {
                fail(new HandshakeException("the handshake of " + url.hostHeader() + " is not valid: " + e.getMessage(), 101, ""));
                return;
            }
            cancelDeadline();
            String subprotocol = handshake.subprotocol();
            Session session = engine.open(connection, handler, null, null, subprotocol == null ? "" : subprotocol, agreed);
            if (!result.complete(session)) {
                connection.close(CloseMode.ABORT);
            } else if (restLength > 0) {
                connection.handler().onReceive(connection, buffer, restOffset, restLength);
            }
        } else {
            connection.close(CloseMode.ABORT);
        }
    }

    private void readBody(ResponseHead answer, Buffer buffer, int offset, int length) {
        if (body == null) {
            body = new StringBuilder();
            bodyLeft = contentLength(answer);
        }
        int taken = Math.min(length, bodyLeft);
        byte[] bytes = new byte[taken];
        buffer.memory().getBytes(offset, bytes);
        body.append(new String(bytes, StandardCharsets.UTF_8));
        bodyLeft -= taken;
        if (bodyLeft == 0) {
            refused();
        }
    }

    private static int contentLength(ResponseHead answer) {
        String length = answer.header("Content-Length");
        return length == null || !length.matches("\\d{1,9}") ? MAX_BODY_BYTES : Math.min(MAX_BODY_BYTES, Integer.parseInt(length));
    }

    private void refused() {
        ResponseHead answer = parser.response();
        fail(new HandshakeException(
                url.hostHeader() + " refused the session at " + url.target() + " with " + answer.status() + " " + answer.reason(),
                answer.status(), body.toString()));
    }

    @Override
    public void onEndOfInput(Connection from) {
        if (body != null) {
            refused();
        } else {
            fail(new IOException(url.hostHeader() + " closed the connection without an answer"));
        }
    }

    @Override
    public void onClosed(Connection from, int reason) {
        if (body != null) {
            refused();
        } else {
            fail(new IOException("the connection to " + remote + " ended before there was a session: " + Status.text(reason)));
        }
    }

    private void cancelDeadline() {
        Cancelable timer = deadline;
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Whoever waits is told, and {@link #abandon} follows. Any thread. */
    private void fail(IOException reason) {
        result.completeExceptionally(reason);
    }
}
