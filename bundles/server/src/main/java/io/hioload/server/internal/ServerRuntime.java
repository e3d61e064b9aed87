package io.hioload.server.internal;

import io.hioload.affinity.Affinity;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.PoolSettings;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.DebugProbe;
import io.hioload.control.Tracer;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.GroupTasks;
import io.hioload.reactor.IdlePolicy;
import io.hioload.reactor.Listener;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorGroup;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.transport.Capability;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSelection;
import io.hioload.transport.TransportSettings;
import io.hioload.websocket.CloseCode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A server that runs: reactors on one transport, memory, an engine for each reactor, a listener. What needs other
 * reactors needs another runtime. Called by one thread at a time, which it may block, each time for a bounded time.
 * {@link #drain} ends it.
 */
final class ServerRuntime {

    private static final Logger LOG = System.getLogger(ServerRuntime.class.getName());

    /** How long reactors may take to listen or to take over a change; they take microseconds unless a handler blocks them. */
    private static final long REACTOR_ANSWER_NS = 10_000_000_000L;
    private static final long NS_PER_MS = 1_000_000;

    private final String name;
    private final TransportSelection selection;
    private final ReactorGroup group;
    private final HttpEngine[] engines;
    private final ListenOptions options;
    /** The one it listens on, or listened on before it was closed or handed over. */
    private volatile Listener listener;
    private boolean listening;

    private ServerRuntime(String name, TransportSelection selection, ReactorGroup group, HttpEngine[] engines, ListenOptions options) {
        this.name = name;
        this.selection = selection;
        this.group = group;
        this.engines = engines;
        this.options = options;
    }

    /**
     * Starts reactors; nothing listens yet.
     *
     * @throws TransportException if no transport can be used or opened
     */
    static ServerRuntime open(String name, ConfigSnapshot config, RuntimeProviders providers, Tracer tracer, Routes routes)
            throws TransportException {
        TransportSelection selection = TransportSelection.select(config.text(ServerSchema.TRANSPORT), providers.transports());
        BufferPoolManager memory = providers.pools().open(new PoolSettings(config.number(ServerSchema.MEMORY_CEILING),
                PoolSettings.DEFAULT_SLAB_BYTES, config.flag(ServerSchema.MEMORY_HUGE_PAGES)));
        Affinity affinity = providers.affinity();
        ReactorGroup group = providers.reactors().open(reactorSettings(name, config), selection.chosen(), memory, affinity);
        try {
            HttpEngine[] engines = new HttpEngine[group.reactors().size()];
            for (int i = 0; i < engines.length; i++) {
                engines[i] = new HttpEngine(group.reactors().get(i), providers.codecs(), memory.shared(0), tracer, config, routes);
            }
            return new ServerRuntime(name, selection, group, engines, listenOptions(config));
        } catch (RuntimeException | Error e) {
            group.close();
            throw e;
        }
    }

    /** Whether the caller is on one of its reactors, which must not wait for reactors. */
    boolean inEventLoop() {
        return group.reactors().stream().anyMatch(Reactor::inEventLoop);
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
            throw new SocketTimeoutException("a reactor of the present configuration does not answer within "
                    + TimeUnit.NANOSECONDS.toSeconds(REACTOR_ANSWER_NS) + " s; does a handler block it?");
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static ReactorSettings reactorSettings(String name, ConfigSnapshot config) {
        return new ReactorSettings(name, (int) config.number(ServerSchema.REACTORS), (int) config.number(ServerSchema.CONNECTIONS_MAX),
                config.flag(ServerSchema.PIN),
                new IdlePolicy(config.number(ServerSchema.IDLE_SPIN) * 1000, config.number(ServerSchema.IDLE_YIELD) * 1000),
                (int) config.number(ServerSchema.EVENTS_PER_TURN), (int) config.number(ServerSchema.TASK_QUEUE),
                (int) config.number(ServerSchema.UNSENT_HIGH), (int) config.number(ServerSchema.UNSENT_LOW),
                config.number(ServerSchema.LINGER_TIMEOUT) * NS_PER_MS,
                new TransportSettings((int) config.number(ServerSchema.RECEIVE_BUFFER), Map.of()));
    }

    private static ListenOptions listenOptions(ConfigSnapshot config) {
        return new ListenOptions((int) config.number(ServerSchema.BACKLOG), false, config.flag(ServerSchema.NO_DELAY),
                (int) config.number(ServerSchema.SOCKET_SEND), (int) config.number(ServerSchema.SOCKET_RECEIVE));
    }

    /** The keys that a listening socket carries with it when it is handed over. */
    static boolean listensAlike(Set<String> changed) {
        for (ConfigKey key : List.of(ServerSchema.HOST, ServerSchema.PORT, ServerSchema.BACKLOG, ServerSchema.NO_DELAY,
                ServerSchema.SOCKET_SEND, ServerSchema.SOCKET_RECEIVE)) {
            if (changed.contains(key.name())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Listens.
     *
     * @throws IOException if the address cannot be bound
     */
    void listen(InetSocketAddress address) throws IOException, InterruptedException {
        if ((selection.chosen().capabilities() & Capability.REUSE_PORT) != 0) {
            ListenAddress.checkFree(address);
        }
        listener = ListenAddress.bound(address, group.listen(address, options, this::handler), REACTOR_ANSWER_NS);
        listening = true;
    }

    /**
     * Goes on with the listener of another runtime, which no longer listens afterwards.
     *
     * @throws IOException if that failed
     */
    void takeOver(ServerRuntime other) throws IOException, InterruptedException {
        listener = ListenAddress.bound(other.localAddress(), group.takeOver(other.listener, this::handler), REACTOR_ANSWER_NS);
        listening = true;
        other.listening = false;
    }

    private ConnectionHandler handler(Connection connection) {
        return engines[connection.reactor().index()].accept(connection);
    }

    /** Stops accepting; returns when no reactor accepts any more. */
    void closeListener() throws InterruptedException {
        if (listening) {
            listening = false;
            try {
                listener.close().toCompletableFuture().get(REACTOR_ANSWER_NS, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                tooSlow("close the listener");
            } catch (ExecutionException e) {
                LOG.log(Level.WARNING, "server " + name + ": could not close the listener", e.getCause());
            }
        }
    }

    InetSocketAddress localAddress() {
        return (InetSocketAddress) listener.localAddress();
    }

    TransportProvider transport() {
        return selection.chosen();
    }

    List<String> passedOver() {
        return selection.passedOver();
    }

    int reactors() {
        return engines.length;
    }

    int connections() {
        return group.connections();
    }

    int openSessions() {
        int open = 0;
        for (HttpEngine engine : engines) {
            open += engine.openSessions();
        }
        return open;
    }

    List<DebugProbe> probes() {
        return group.probes();
    }

    /** Applies the keys that do not need a rebuild; every reactor has them when this returns. */
    void configure(ConfigSnapshot config) throws InterruptedException {
        onEveryReactor(engine -> engine.configure(config), "take the configuration");
    }

    /** Swaps the routes, then closes the sessions of endpoints that are gone. */
    void routes(Routes routes, List<Endpoint> gone) throws InterruptedException {
        onEveryReactor(engine -> {
            engine.routes(routes);
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
        group.close();
    }

    private void onEveryReactor(Consumer<HttpEngine> change, String what) throws InterruptedException {
        try {
            GroupTasks.onEach(group, REACTOR_ANSWER_NS, reactor -> change.accept(engines[reactor.index()]));
        } catch (TimeoutException e) {
            tooSlow(what);
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "server " + name + ": a reactor could not " + what, e.getCause());
        }
    }

    private void tooSlow(String what) {
        LOG.log(Level.WARNING, "server " + name + ": a reactor did not " + what + " within "
                + TimeUnit.NANOSECONDS.toSeconds(REACTOR_ANSWER_NS) + " s; does a handler block it?");
    }
}
