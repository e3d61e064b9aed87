package io.hioload.server.internal;

import io.hioload.control.ConfigChange;
import io.hioload.control.ConfigException;
import io.hioload.control.ConfigSchema;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Control;
import io.hioload.control.DebugProbe;
import io.hioload.control.Tracer;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.reactor.ConnectionStageProvider;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.transport.TransportProvider;
import io.hioload.websocket.Topics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/**
 * A server under one name, through all its configurations and transports: decides what a change needs and makes it, all or
 * nothing, while the server serves. Any thread; changes come one after the other and may wait for reactors, so reactor
 * threads must not make them.
 */
public final class ManagedServer implements Control, AutoCloseable {

    private static final Logger LOG = System.getLogger(ManagedServer.class.getName());

    private final String name;
    private final ChangeLock lock;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ConfigHistory history = new ConfigHistory();
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final TransportChanges changes;
    private final Drains drains;
    private final TransportChoice choice;
    private final ServerRuns runs;
    private final ServerLog log;

    // Changed under the lock; read without it by probes and getters.
    private volatile RuntimeProviders providers;
    private volatile List<Endpoint> endpoints = List.of();
    private volatile ConfigSnapshot config;
    private volatile ServerRuntime runtime;
    private final Topics topics = new ServerTopics(() -> {
        ServerRuntime now = runtime;
        return now == null ? null : now.topics();
    });
    /** What it would run on if there were a transport for it. */
    private ConfigSnapshot waiting;
    private long lastNumber;
    private volatile boolean closed;

    /**
     * Makes a server that does not run yet.
     *
     * @param name      begins the names of its threads, and stands in the log
     * @param providers what to build it from
     * @param tracer    is told of sessions and refusals
     */
    public ManagedServer(String name, RuntimeProviders providers, Tracer tracer) {
        this.name = name;
        this.providers = providers;
        this.lock = new ChangeLock(name, () -> runtime);
        this.changes = new TransportChanges(name);
        this.drains = new Drains(name);
        this.choice = new TransportChoice(name);
        this.log = new ServerLog(name);
        this.runs = new ServerRuns(name, tracer, choice, changes, log);
    }

    // ---- configuration

    @Override
    public ConfigSchema schema() {
        return ServerSchema.schema(providers.transports(), providers.extensions(), providers.stages());
    }

    @Override
    public ConfigSnapshot config() {
        ServerRuntime now = runtime;
        ConfigSnapshot current = now == null ? null : now.currentConfig();
        return current != null ? current : config;
    }

    @Override
    public List<ConfigChange> history() {
        return history.changes();
    }

    @Override
    public List<Long> acknowledged() {
        ServerRuntime now = runtime;
        return now == null ? List.of() : now.acknowledged();
    }

    @Override
    public CompletionStage<Void> whenAcknowledged(long number) {
        return acknowledgements.when(number);
    }

    @Override
    public ConfigSnapshot apply(Map<String, ?> values, String source) throws ConfigException, InterruptedException {
        return lock.change(() -> push(values, source));
    }

    @Override
    public ConfigSnapshot change(Map<String, ?> values, String source) throws ConfigException, InterruptedException {
        return lock.change(() -> {
            ConfigSnapshot base = config != null ? config : waiting;
            Map<String, Object> merged = base == null ? new HashMap<>() : new HashMap<>(base.values());
            values.forEach((key, value) -> {
                if (value == null) {
                    merged.remove(key);
                } else {
                    merged.put(key, value);
                }
            });
            return push(merged, source);
        });
    }

    @Override
    public ConfigSnapshot rollback(long number, String source) throws ConfigException, InterruptedException {
        return lock.change(() -> {
            ConfigSnapshot before = history.snapshot(number);
            if (before == null) {
                ConfigException refused = new ConfigException(source,
                        List.of("there is no configuration " + number + " to go back to; there are " + history.numbers()));
                history.refused(source, Set.of(), refused.problems());
                throw refused;
            }
            return push(before.values(), source + ", back to " + number);
        });
    }

    private ConfigSnapshot push(Map<String, ?> values, String source) throws ConfigException, InterruptedException {
        ConfigSchema schema = schema();
        try {
            if (closed) {
                throw new ConfigException(source, List.of("the server is stopped"));
            }
            ConfigSnapshot next = schema.validate(lastNumber + 1, source, values);
            Set<String> changed = config == null ? schema.changedBy(values, null) : next.changedSince(config);
            if (runtime == null) {
                waiting = next;
                start(next);
            } else {
                runs.change(runtime, config, next, changed, providers, this::reportAcknowledged);
            }
            accepted(next, changed);
            return next;
        } catch (ConfigException e) {
            history.refused(source, schema.changedBy(values, config), e.problems());
            throw e;
        }
    }

    private void accepted(ConfigSnapshot next, Set<String> changed) {
        lastNumber = next.number();
        config = next;
        history.accepted(next, changed);
        reportAcknowledged();
        log.keptKeys(next, providers);
    }

    /** Also on reactor threads. */
    private void reportAcknowledged() {
        acknowledgements.reached(acknowledged().stream().mapToLong(Long::longValue).min().orElse(0));
    }

    // ---- start

    private void start(ConfigSnapshot next) throws ConfigException, InterruptedException {
        ServerRuntime fresh = runs.open(next, providers, endpoints);
        try {
            runs.listen(fresh, next, providers);
        } catch (ConfigException e) {
            waiting = null;
            throw e;
        }
        waiting = null;
        choice.found();
        runtime = fresh;
        log.listening(fresh);
        log.started();
    }

    // ---- transports

    /**
     * Tells which transports there are now. A server that has none goes on when it can; one whose transport is gone goes on
     * with the next best, or rests until there is one; one that is to have the best takes a better one. Its connections
     * fare as the configuration says.
     *
     * @param now all there are
     * @throws InterruptedException  if the calling thread was interrupted while it waited
     * @throws IllegalStateException if called on one of this server's reactors
     */
    public void transports(List<TransportProvider> now) throws InterruptedException {
        lock.run(() -> {
            providers = providers.withTransports(now);
            if (closed) {
                return;
            }
            if (runtime != null) {
                if (choice.follow(runtime, config, now)) {
                    log.listening(runtime);
                }
            } else if (waiting != null) {
                startWaiting();
            }
        });
    }

    private void startWaiting() throws InterruptedException {
        ConfigSnapshot next = waiting;
        try {
            start(next);
            if (next != config) {
                accepted(next, schema().changedBy(next.values(), null));
            }
        } catch (ConfigException e) {
            LOG.log(Level.WARNING, "server " + name + ": still cannot start: " + e.getMessage());
        }
    }

    // ---- stages

    /**
     * Tells which stages for connections there are now. A server that waits for one starts when it can; one whose stage is gone
     * closes its sessions with 1001 and does not listen until there is one again.
     *
     * @param now all there are
     * @throws InterruptedException  if the calling thread was interrupted while it waited
     * @throws IllegalStateException if called on one of this server's reactors
     */
    public void stages(List<ConnectionStageProvider> now) throws InterruptedException {
        lock.run(() -> {
            providers = providers.withStages(now);
            if (closed) {
                return;
            }
            ServerRuntime old = runtime;
            if (old != null && !old.stage().isThere(now)) {
                choice.none(ServerStage.missing());
                LOG.log(Level.ERROR, "server " + name + ": does not listen until it can go on as configured: " + ServerStage.missing());
                waiting = config;
                end(old);
            }
            if (runtime == null && waiting != null && providers.stage(ServerSchema.TLS.name()) != null) {
                startWaiting();
            }
        });
    }

    /** It does not listen any more when this returns; the rest is done on a thread of its own. */
    private void end(ServerRuntime old) throws InterruptedException {
        runtime = null;
        old.closeListener();
        long drainNs = ServerSettings.ns(config, ServerSchema.DRAIN_TIMEOUT);
        drains.begin(old, drainNs);
    }

    // ---- extensions

    /**
     * Tells which extensions there are now. New sessions may use all of them; sessions that use one that is gone are closed
     * with 1012.
     *
     * @param now all there are, best first
     * @throws InterruptedException  if the calling thread was interrupted while it waited
     * @throws IllegalStateException if called on one of this server's reactors
     */
    public void extensions(List<MessageExtensionProvider> now) throws InterruptedException {
        lock.run(() -> {
            providers = providers.withExtensions(now);
            if (runtime != null) {
                runtime.extensions(now);
            }
        });
    }

    // ---- endpoints

    /**
     * Replaces the endpoints: when this returns, every reactor routes to the new ones, and the sessions of those that are
     * gone are being closed with 1001 (those of one handler under several paths with the first of them that goes).
     *
     * @param now all that there are; those for other servers are passed over
     * @throws InterruptedException  if the calling thread was interrupted while it waited
     * @throws IllegalStateException if called on one of this server's reactors
     */
    public void endpoints(Collection<Endpoint> now) throws InterruptedException {
        lock.run(() -> {
            List<Endpoint> served = now.stream().filter(endpoint -> endpoint.isFor(name)).toList();
            List<Endpoint> gone = endpoints.stream().filter(Endpoint::isWebSocket)
                    .filter(before -> served.stream().noneMatch(before::isServedAs)).toList();
            endpoints = served;
            if (runtime != null) {
                runtime.routes(Routes.of(endpoints), gone);
            }
        });
    }

    // ---- state

    /**
     * Whether it runs. It does so also while it rests, without a transport, and keeps what it can.
     *
     * @return true from its start to its stop
     */
    public boolean isRunning() {
        return runtime != null;
    }

    /**
     * Whether it has what it needs but a transport.
     *
     * @return true while it rests, or waits to start
     */
    public boolean isWaiting() {
        return choice.rest() != null;
    }

    /**
     * Whether it was stopped and has nothing left to wait for.
     *
     * @return true if closing it would return at once
     */
    public boolean isStopped() {
        return closed && drains.isOver();
    }

    /**
     * The server's name.
     *
     * @return as given
     */
    public String name() {
        return name;
    }

    /**
     * Where it listens.
     *
     * @return the address with the real port, or {@code null} if it does not run
     */
    public InetSocketAddress localAddress() {
        ServerRuntime now = runtime;
        return now == null ? null : now.localAddress();
    }

    /**
     * What it runs on.
     *
     * @return the transport's name, or {@code null} if it does not run or rests
     */
    public String transport() {
        ServerRuntime now = runtime;
        TransportProvider transport = now == null ? null : now.transport();
        return transport == null ? null : transport.name();
    }

    /**
     * What its sessions subscribe to.
     *
     * @return always the same object; it answers CLOSED while the server does not run
     */
    public Topics topics() {
        return topics;
    }

    @Override
    public List<DebugProbe> probes() {
        ServerRuntime now = runtime;
        List<DebugProbe> probes = new ArrayList<>();
        probes.add(new ServerProbe(name, config, now, choice, Routes.of(endpoints), history, changes));
        if (now != null) {
            probes.addAll(now.probes());
        }
        return probes;
    }

    // ---- stop

    /**
     * Begins to stop: when this returns nothing listens any more, and sessions are being closed with 1001. {@link #close}
     * waits for the rest.
     *
     * @throws InterruptedException  if the calling thread was interrupted while it waited
     * @throws IllegalStateException if called on one of this server's reactors
     */
    public void beginStop() throws InterruptedException {
        lock.run(() -> {
            closed = true;
            waiting = null;
            choice.found();
            acknowledgements.stop();
            ServerRuntime old = runtime;
            if (old != null) {
                end(old);
            }
        });
    }

    /**
     * Stops: the listener closes, sessions are closed with 1001 and have the drain timeout to end. Returns when everything
     * is given back; closing again waits for the same.
     *
     * @throws IllegalStateException if called on one of this server's reactors
     */
    @Override
    public void close() {
        lock.refuseReactors();
        try {
            beginStop();
            drains.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
    }

    /**
     * Waits until the server is stopped.
     *
     * @throws InterruptedException if the calling thread was interrupted
     */
    public void awaitStopped() throws InterruptedException {
        stopped.await();
    }
}
