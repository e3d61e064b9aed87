package io.hioload.client;

import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.PoolSettings;
import io.hioload.client.internal.Attempts;
import io.hioload.client.internal.ClientConnection;
import io.hioload.client.internal.ClientStage;
import io.hioload.client.internal.WebSocketUrl;
import io.hioload.control.DebugProbe;
import io.hioload.control.Tracer;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.protocol.Role;
import io.hioload.reactor.ConnectionStageProvider;
import io.hioload.reactor.GroupTasks;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorGroup;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.reactor.StagedHandler;
import io.hioload.session.SessionEngine;
import io.hioload.session.SessionExtensions;
import io.hioload.session.SessionSettings;
import io.hioload.transport.CloseMode;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens WebSocket connections, as many as one likes, over event loops of its own.
 * {@snippet :
 * try (WebSocketClient client = WebSocketClient.create()) {
 *     Session session = client.connect("ws://127.0.0.1:9001/echo", handler);
 * }
 * }
 * Any thread, but {@link #connect} and {@link #close} block and so are not for reactor threads. Owns its threads, memory
 * and sockets until it is closed.
 */
public final class WebSocketClient implements AutoCloseable {

    private static final Logger LOG = System.getLogger(WebSocketClient.class.getName());
    /** Reactors take microseconds to take a task, unless a handler blocks them. */
    private static final long REACTOR_ANSWER_NS = 10_000_000_000L;
    /** A reactor tells of a timeout itself; a caller does without it after so much more. */
    private static final long MARGIN_NS = 1_000_000_000L;
    private static final long LOOK_NS = 2_000_000;
    private static final String CLOSED = "the client is closed";

    private final ReactorGroup group;
    private final SessionEngine[] engines;
    private final SessionExtensions[] extensions;
    private final Map<String, String> properties;
    private final ClientStage stage;
    private final long closeTimeoutNs;
    private final Attempts attempts = new Attempts();
    private final AtomicBoolean closed = new AtomicBoolean();

    WebSocketClient(RuntimeProviders parts, TransportProvider transport, ReactorSettings reactors, PoolSettings memorySettings,
            FrameLimits limits,
            SessionSettings sessions, Tracer tracer, Map<String, String> properties) throws TransportException {
        this.properties = properties;
        this.stage = new ClientStage(reactors.name(), parts.stage("tls"), properties);
        BufferPoolManager memory = parts.pools().open(memorySettings);
        group = parts.reactors().open(reactors, transport, memory, parts.affinity());
        try {
            engines = new SessionEngine[group.reactors().size()];
            extensions = new SessionExtensions[engines.length];
            for (int i = 0; i < engines.length; i++) {
                Reactor reactor = group.reactors().get(i);
                extensions[i] = new SessionExtensions(reactor, Role.CLIENT);
                extensions[i].configure(parts.extensions(), properties);
                engines[i] = new SessionEngine(reactor, Role.CLIENT, parts.codecs(), limits, memory.shared(BufferPoolManager.ANY_NODE),
                        sessions,
                        tracer);
                engines[i].extensions(extensions[i]);
            }
        } catch (RuntimeException | Error e) {
            group.close();
            stage.close();
            throw e;
        }
        closeTimeoutNs = sessions.closeTimeoutNs() + reactors.lingerNs();
    }

    /**
     * Opens a client with every setting at its default.
     *
     * @return to be closed by the caller
     * @throws IllegalStateException if it cannot start; see {@link ClientBuilder#open}
     */
    public static WebSocketClient create() {
        return builder().open();
    }

    /**
     * Begins a client over the parts on the class path.
     *
     * @return a builder with every setting at its default
     */
    public static ClientBuilder builder() {
        return new ClientBuilder(() -> RuntimeProviders.load(WebSocketClient.class.getClassLoader()), client -> {
        });
    }

    /**
     * Connects with {@link ConnectOptions#DEFAULT}.
     *
     * @param url     such as {@code ws://127.0.0.1:9001/echo}
     * @param handler of the session
     * @return the open session; {@code handler.onOpen} has been called
     * @throws IOException as {@link #connect(String, ConnectOptions, WebSocketHandler)}
     */
    public Session connect(String url, WebSocketHandler handler) throws IOException {
        return connect(url, ConnectOptions.DEFAULT, handler);
    }

    /**
     * Connects.
     *
     * @param url     such as {@code ws://127.0.0.1:9001/echo}
     * @param options what to ask for
     * @param handler of the session
     * @return the open session; {@code handler.onOpen} has been called
     * @throws HandshakeException               if the server did not accept the session
     * @throws java.net.ConnectException        if the server could not be reached
     * @throws java.net.SocketTimeoutException  if the timeout passed
     * @throws IOException                      if the host is not known or the connection broke
     * @throws IllegalArgumentException         if the URL, a subprotocol or a header is not valid
     * @throws IllegalStateException            if called on one of the client's own reactors' threads
     */
    public Session connect(String url, ConnectOptions options, WebSocketHandler handler) throws IOException {
        refuseReactors("connectAsync");
        ClientConnection attempt = begin(url, options, handler);
        CompletableFuture<Session> result = attempt.result();
        try {
            return result.get(options.timeout().toNanos() + MARGIN_NS, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            result.cancel(false);
            throw attempt.timedOut(": its reactor does not answer; does a handler block it?");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                failure.addSuppressed(new IOException("connecting to " + url));
                throw failure;
            }
            throw new IOException("connecting to " + url + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            result.cancel(false);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while connecting to " + url);
        }
    }

    /**
     * Connects without waiting. Looking up a host name is done on another thread.
     *
     * @param url     such as {@code ws://127.0.0.1:9001/echo}
     * @param options what to ask for
     * @param handler of the session
     * @return completes with the open session, or exceptionally with what {@link #connect} throws; on the session's reactor
     *         thread, so what depends on it must not block or is to be given an executor
     * @throws IllegalArgumentException if the URL, a subprotocol or a header is not valid
     */
    public CompletionStage<Session> connectAsync(String url, ConnectOptions options, WebSocketHandler handler) {
        return begin(url, options, handler).result();
    }

    private ClientConnection begin(String url, ConnectOptions options, WebSocketHandler handler) {
        WebSocketUrl target = WebSocketUrl.parse(url);
        if (target.secure() && !stage.isThere()) {
            throw new IllegalArgumentException(url + ": wss needs a bundle for TLS, such as io.hioload.protocol.tls, and there is none");
        }
        Reactor reactor = group.next();
        ClientConnection attempt = new ClientConnection(reactor, engines[reactor.index()], extensions[reactor.index()], stage, target,
                options,
                handler, new CompletableFuture<>(), attempts);
        attempts.add(attempt);
        // After it was added: either this sees that the client is closed, or close() sees the attempt.
        if (closed.get()) {
            attempts.giveUp(CLOSED);
        } else if (target.isLiteral()) {
            attempt.begin();
        } else {
            Thread.ofVirtual().name("hioload-client-lookup").start(attempt::begin);
        }
        return attempt;
    }

    /** A reactor that waits for itself would wait in vain. */
    private void refuseReactors(String instead) {
        if (group.reactors().stream().anyMatch(Reactor::inEventLoop)) {
            throw new IllegalStateException("not on a thread of the client's own reactors, which this waits for: use " + instead);
        }
    }

    /**
     * The event loops that its sessions live on: a handler runs on the one whose {@link Reactor#inEventLoop} says so.
     *
     * @return in the order of their numbers
     */
    public List<Reactor> reactors() {
        return group.reactors();
    }

    /**
     * Open connections, those in their handshake too.
     *
     * @return how many
     */
    public int connections() {
        return group.connections();
    }

    /**
     * What it runs on.
     *
     * @return the transport's name
     */
    public String transport() {
        return group.transport().name();
    }

    /**
     * Whether it runs on a transport.
     *
     * @param provider the transport
     * @return true if it is this very provider, not only one of the same name
     */
    public boolean runsOn(TransportProvider provider) {
        return group.transport() == provider;
    }

    /**
     * Whether it has needed a stage for connections.
     *
     * @param provider of the stage
     * @return true if it is this very provider, not only one of the same name
     */
    public boolean uses(ConnectionStageProvider provider) {
        return stage.uses(provider);
    }

    /**
     * Whether it was closed.
     *
     * @return true once {@link #close} has been called
     */
    public boolean isClosed() {
        return closed.get();
    }

    /**
     * Its reactors and memory, for a person to look at.
     *
     * @return probes
     */
    public List<DebugProbe> probes() {
        return group.probes();
    }

    /**
     * Closes every session with 1001, waits as long as their close timeout for them to end, resets those that are left and
     * gives everything back. Connects that are under way fail at once and are not waited for. Closing again is no error.
     *
     * @throws IllegalStateException if called on one of the client's own reactors' threads
     */
    @Override
    public void close() {
        refuseReactors("another thread");
        if (closed.getAndSet(true)) {
            return;
        }
        attempts.giveUp(CLOSED);
        try {
            GroupTasks.onEach(group, REACTOR_ANSWER_NS, reactor -> {
                engines[reactor.index()].closeAll(null, null, CloseCode.GOING_AWAY, "client closes");
                reactor.forEachConnection(connection -> {
                    if (connection.handler() instanceof ClientConnection || connection.handler() instanceof StagedHandler) {
                        connection.close(CloseMode.ABORT);
                    }
                });
            });
            awaitSessions();
        } catch (TimeoutException | ExecutionException | RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "sessions are reset without a close handshake", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        group.close();
        for (SessionExtensions ofReactor : extensions) {
            ofReactor.close();
        }
        stage.close();
        // Those whose tasks no reactor ran any more.
        attempts.giveUp(CLOSED);
    }

    /**
     * Tells which extensions there are from now on. Sessions that use another one are closed with 1012. Does not wait for that.
     *
     * @param now all there are
     */
    public void extensions(List<MessageExtensionProvider> now) {
        for (int i = 0; i < extensions.length; i++) {
            SessionExtensions ofReactor = extensions[i];
            try {
                group.reactors().get(i).execute(() -> ofReactor.configure(now, properties));
            } catch (RejectedExecutionException e) {
                LOG.log(Level.DEBUG, "the client is closed", e);
            }
        }
    }

    /** Looks every few milliseconds: nobody else needs to be told of the last connection's end. */
    private void awaitSessions() throws InterruptedException {
        long deadlineNs = System.nanoTime() + closeTimeoutNs;
        while (group.connections() > attempts.connecting() && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(LOOK_NS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
