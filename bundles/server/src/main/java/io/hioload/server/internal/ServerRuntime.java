package io.hioload.server.internal;

import io.hioload.buffer.BufferPoolManager;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.DebugProbe;
import io.hioload.control.Tracer;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.GroupTasks;
import io.hioload.reactor.Listener;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorGroup;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.reactor.TransportChange;
import io.hioload.session.SessionTopics;
import io.hioload.transport.Availability;
import io.hioload.transport.Capability;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.Topics;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A server that runs: reactors, memory, an engine for each reactor, a listener. From its first configuration to its end, on
 * one transport after the other, or on none for a while. Called by one thread at a time, which it may block, each time for a
 * bounded time; getters by any. {@link #drain} ends it.
 */
final class ServerRuntime {

    private static final Logger LOG = System.getLogger(ServerRuntime.class.getName());

    /** How long reactors may take to listen or to take over a change; they take microseconds unless a handler blocks them. */
    private static final long REACTOR_ANSWER_NS = 10_000_000_000L;
    private static final long LOOK_AGAIN_NS = 50_000;

    private final String name;
    private final ReactorGroup group;
    private final BufferPoolManager memory;
    private final Engines engines;
    private final SessionTopics topics;
    private final TransportChanges changes;
    private final ServerStage stage;
    private volatile Routes routes;
    private volatile List<MessageExtensionProvider> extensions;
    /** The one it listens on, or listened on before it was closed. */
    private volatile Listener listener;
    private boolean listening;

    private ServerRuntime(String name, ConfigSnapshot config, TransportProvider transport, RuntimeProviders providers, Tracer tracer,
            Routes routes, TransportChanges changes) throws TransportException {
        this.name = name;
        this.routes = routes;
        this.changes = changes;
        this.stage = new ServerStage(name);
        this.extensions = usable(providers.extensions());
        this.memory = providers.pools().open(ServerSettings.memory(config));
        // Not the providers themselves: among them are the transports of this moment, whose plugins may go.
        FrameCodecProvider codecs = providers.codecs();
        try {
            this.topics = new SessionTopics(codecs, memory.shared(BufferPoolManager.ANY_NODE), ServerSettings.topics(config));
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
        this.group = providers.reactors().open(ServerSettings.reactors(name, config), transport, memory, providers.affinity());
        this.engines = new Engines(config, (reactor, newest) -> new HttpEngine(reactor, codecs,
                memory.shared(BufferPoolManager.ANY_NODE), tracer, this::engine, newest, this.routes, this.extensions, topics));
    }

    private HttpEngine engine(Reactor reactor) {
        return engines.of(reactor);
    }

    /**
     * Starts reactors; nothing listens yet.
     *
     * @throws TransportException if the transport cannot be opened
     */
    static ServerRuntime open(String name, ConfigSnapshot config, TransportProvider transport, RuntimeProviders providers, Tracer tracer,
            Routes routes, TransportChanges changes) throws TransportException {
        ServerRuntime fresh = new ServerRuntime(name, config, transport, providers, tracer, routes, changes);
        try {
            fresh.group.reactors().forEach(fresh.engines::of);
            return fresh;
        } catch (RuntimeException | Error e) {
            fresh.group.close();
            fresh.engines.close();
            fresh.topics.close();
            throw e;
        }
    }

    /** Whether the caller is on one of its reactors, which must not wait for reactors. */
    boolean inEventLoop() {
        return engines.current() != null;
    }

    /** What the reactor runs on whose thread this is, or {@code null} on any other thread. */
    ConfigSnapshot currentConfig() {
        HttpEngine engine = engines.current();
        return engine == null ? null : engine.config();
    }

    /**
     * Waits until every reactor has answered.
     *
     * @throws IOException if one did not in time
     */
    void awaitReactors() throws IOException, InterruptedException {
        try {
            GroupTasks.onEach(group, REACTOR_ANSWER_NS, reactor -> {
            });
        } catch (TimeoutException e) {
            throw new SocketTimeoutException(noAnswer());
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static String noAnswer() {
        return "a reactor does not answer within " + TimeUnit.NANOSECONDS.toSeconds(REACTOR_ANSWER_NS) + " s; does a handler block it?";
    }

    /**
     * Listens there from now on; a listener that there was before stays open and is the caller's.
     *
     * @throws IOException if the address cannot be bound
     */
    void listen(InetSocketAddress address, ConfigSnapshot config) throws IOException, InterruptedException {
        TransportProvider transport = group.transport();
        if (transport == null) {
            throw new IOException("cannot listen on " + ListenAddress.text(address) + ": there is no transport at present");
        }
        if ((transport.capabilities() & Capability.REUSE_PORT) != 0) {
            ListenAddress.checkFree(address);
        }
        listener = ListenAddress.bound(address, group.listen(address, ServerSettings.listener(config), this::handler), REACTOR_ANSWER_NS);
        listening = true;
    }

    private ConnectionHandler handler(Connection connection) {
        return stage.accept(connection, this::aboveStage);
    }

    private ConnectionHandler aboveStage(Connection connection) {
        return engines.of(connection.reactor()).accept(connection);
    }

    /** What stands between connections and HTTP. */
    ServerStage stage() {
        return stage;
    }

    Listener listener() {
        return listener;
    }

    /** This one is its listener again. */
    void listener(Listener before) {
        listener = before;
    }

    /** Stops accepting; returns when no reactor accepts any more. */
    void closeListener() throws InterruptedException {
        if (listening) {
            listening = false;
            close(listener);
        }
    }

    /** Closes one of its listeners; returns when it is closed. */
    void close(Listener one) throws InterruptedException {
        try {
            one.close().toCompletableFuture().get(REACTOR_ANSWER_NS, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            tooSlow("close the listener");
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "server " + name + ": could not close the listener", e.getCause());
        }
    }

    InetSocketAddress localAddress() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** What it runs on, or {@code null} for nothing at present. */
    TransportProvider transport() {
        return group.transport();
    }

    /**
     * Goes on with another transport, or with none: returns when it serves there. What becomes of live connections, and how
     * long that takes, is the policy's business and told by {@link TransportChanges}.
     *
     * @param next may be {@code null}
     * @throws IOException if that is not possible; it goes on as before
     */
    void changeTransport(TransportProvider next, ConfigSnapshot policy) throws IOException, InterruptedException {
        changes.begun();
        CompletableFuture<TransportChange> change = group.changeTransport(next, ServerSettings.change(policy)).toCompletableFuture();
        change.whenCompleteAsync(changes::ended);
        await(change, () -> group.transport() == next, "change its transport");
        // It is asked for in turn, so it is not done before listeners and connections are where they are to be.
        await(group.configure(group.settings(), ServerSettings.change(policy)).toCompletableFuture(), () -> false, "change its transport");
    }

    /** A condition that another thread makes true. */
    private interface Reached {
        boolean now();
    }

    /** Waits for what comes first, a condition or the end of what leads to it. */
    private void await(CompletableFuture<?> leading, Reached reached, String what) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + REACTOR_ANSWER_NS;
        while (!leading.isDone() && !reached.now()) {
            if (System.nanoTime() - deadlineNs > 0) {
                tooSlow(what);
                return;
            }
            LockSupport.parkNanos(LOOK_AGAIN_NS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        if (leading.isCompletedExceptionally() && !reached.now()) {
            Throwable cause = leading.exceptionNow();
            throw new IOException(cause instanceof CompletionException && cause.getCause() != null ? cause.getCause().getMessage()
                    : String.valueOf(cause.getMessage()), cause);
        }
    }

    /**
     * Has every reactor take a snapshot, each between two batches of events; returns when all have it.
     *
     * @param taken is called by each reactor that has
     * @throws IOException if it cannot be put to work; it goes on as before
     */
    void configure(ConfigSnapshot next, Runnable taken) throws IOException, InterruptedException {
        int before = group.reactors().size();
        CompletableFuture<Void> change = group.configure(ServerSettings.reactors(name, next), ServerSettings.change(next), reactor -> {
            engines.take(reactor, next);
            taken.run();
        }).toCompletableFuture();
        long wanted = next.number(ServerSchema.REACTORS);
        boolean mayGrow = wanted == 0 || wanted > before;
        long stay = wanted == 0 ? before : Math.min(wanted, before);
        // Reactors that go may take as long as the policy gives to their connections.
        await(change, () -> !mayGrow && leastNumber(stay) >= next.number(), "take the configuration");
        engines.settled(next, group.reactors());
        memory.configure(ServerSettings.memory(next));
        topics.settings(ServerSettings.topics(next));
    }

    private long leastNumber(long reactors) {
        return group.reactors().stream().limit(reactors).mapToLong(reactor -> engines.of(reactor).config().number()).min().orElse(0);
    }

    /** What its sessions subscribe to. */
    Topics topics() {
        return topics.topics();
    }

    /** The number of the snapshot that each reactor runs on. */
    List<Long> acknowledged() {
        return group.reactors().stream().map(reactor -> engines.of(reactor).config().number()).toList();
    }

    int reactors() {
        return group.reactors().size();
    }

    int connections() {
        return group.connections();
    }

    int openSessions() {
        return engines.openSessions();
    }

    List<DebugProbe> probes() {
        List<DebugProbe> probes = new ArrayList<>(group.probes());
        probes.addAll(stage.probes());
        probes.add(topics.probe());
        return probes;
    }

    /** Sessions that use an extension that is not among these are closed with 1012. */
    void extensions(List<MessageExtensionProvider> now) throws InterruptedException {
        List<MessageExtensionProvider> usable = usable(now);
        extensions = usable;
        onEveryReactor(engine -> engine.extensions(usable), "take the extensions");
    }

    private List<MessageExtensionProvider> usable(List<MessageExtensionProvider> all) {
        return all.stream().filter(extension -> {
            Availability availability = extension.availability();
            if (!availability.usable()) {
                LOG.log(Level.INFO, "server " + name + ": extension " + extension.name() + " is not used: " + availability.reason());
            }
            return availability.usable();
        }).toList();
    }

    /** Swaps the routes, then closes the sessions of endpoints that are gone. */
    void routes(Routes now, List<Endpoint> gone) throws InterruptedException {
        routes = now;
        onEveryReactor(engine -> {
            engine.routes(now);
            gone.forEach(endpoint -> engine.closeSessions(endpoint, CloseCode.GOING_AWAY, "endpoint removed"));
        }, "take the routes");
    }

    /**
     * Ends it: stops accepting, closes sessions with a close handshake, waits until all connections are gone or the time is
     * over, then resets those that are left and gives everything back.
     */
    void drain(int code, String reason, long timeoutNs) {
        long deadlineNs = System.nanoTime() + timeoutNs;
        try {
            closeListener();
            onEveryReactor(engine -> engine.drain(code, reason), "drain");
            int left = GroupTasks.awaitNoConnections(group, deadlineNs - System.nanoTime());
            if (left > 0) {
                LOG.log(Level.WARNING, "server " + name + ": " + left + " connections did not end in time and are reset");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        topics.close();
        group.close();
        engines.close();
        stage.close();
    }

    private void onEveryReactor(Consumer<HttpEngine> change, String what) throws InterruptedException {
        try {
            GroupTasks.onEach(group, REACTOR_ANSWER_NS, reactor -> change.accept(engines.of(reactor)));
        } catch (TimeoutException e) {
            tooSlow(what);
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "server " + name + ": a reactor could not " + what, e.getCause());
        }
    }

    private void tooSlow(String what) {
        LOG.log(Level.WARNING, "server " + name + ": could not " + what + " in time: " + noAnswer());
    }
}
