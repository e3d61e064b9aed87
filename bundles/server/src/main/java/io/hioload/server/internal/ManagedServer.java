package io.hioload.server.internal;

import io.hioload.control.ConfigException;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Control;
import io.hioload.control.DebugProbe;
import io.hioload.control.Tracer;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import io.hioload.websocket.CloseCode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A server under one name, through all its configurations: decides what a change needs, builds what is new beside what
 * runs, and lets go of the old only when the new listens. Any thread; changes come one after the other and may wait for
 * reactors, so reactor threads must not make them.
 */
public final class ManagedServer implements Control, AutoCloseable {

    private static final Logger LOG = System.getLogger(ManagedServer.class.getName());
    private static final long NS_PER_MS = 1_000_000;

    private final String name;
    private final Tracer tracer;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** Every runtime that has reactors. */
    private final Set<ServerRuntime> runtimes = ConcurrentHashMap.newKeySet();
    /** Runtimes that were replaced and still have connections. */
    private final List<Thread> drains = new CopyOnWriteArrayList<>();

    // Changed under the lock; read without it by probes and getters.
    private volatile RuntimeProviders providers;
    private volatile List<Endpoint> endpoints = List.of();
    private volatile ConfigSnapshot config;
    private volatile ServerRuntime runtime;
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
        this.tracer = tracer;
    }

    @Override
    public ConfigSnapshot config() {
        return config;
    }

    @Override
    public ConfigSnapshot apply(Map<String, ?> values, String source) throws ConfigException, InterruptedException {
        refuseReactors();
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new ConfigException(source, List.of("the server is stopped"));
            }
            ConfigSnapshot next = ServerSchema.schema().validate(lastNumber + 1, source, values);
            if (runtime == null) {
                waiting = next;
                start(next);
            } else {
                change(next);
            }
            lastNumber = next.number();
            config = next;
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** A reactor that waits for itself would wait in vain, and its connections with it. */
    private void refuseReactors() {
        if (runtimes.stream().anyMatch(ServerRuntime::inEventLoop)) {
            throw new IllegalStateException(
                    "server " + name + " cannot be changed on a thread of its reactors, which the change waits for: use another thread");
        }
    }

    private void change(ConfigSnapshot next) throws ConfigException, InterruptedException {
        Set<String> changed = next.changedSince(config);
        boolean rebuild = false;
        for (ConfigKey key : ServerSchema.schema().keys()) {
            rebuild |= key.effect() == ConfigKey.Effect.REBUILD && changed.contains(key.name());
        }
        if (rebuild) {
            rebuild(next, changed);
        } else if (!changed.isEmpty()) {
            runtime.configure(next);
            LOG.log(Level.INFO,
                    "server " + name + ": configuration " + next.number() + " is in force, changed: " + String.join(", ", changed));
        }
    }

    private void start(ConfigSnapshot next) throws ConfigException, InterruptedException {
        ServerRuntime fresh = open(next);
        boolean listening = false;
        try {
            fresh.listen(ListenAddress.of(next));
            listening = true;
        } catch (IOException e) {
            waiting = null;
            throw refused(next, e);
        } finally {
            if (!listening) {
                drain(fresh, CloseCode.GOING_AWAY, "", 0);
            }
        }
        waiting = null;
        runtime = fresh;
        announce(fresh);
    }

    private void rebuild(ConfigSnapshot next, Set<String> changed) throws ConfigException, InterruptedException {
        ServerRuntime old = runtime;
        ServerRuntime fresh = open(next);
        boolean listening = false;
        try {
            ListenerMove.run(name, old, fresh, next, changed);
            listening = true;
        } catch (IOException e) {
            throw refused(next, e);
        } finally {
            if (!listening) {
                drain(fresh, CloseCode.GOING_AWAY, "", 0);
            }
        }
        runtime = fresh;
        announce(fresh);
        long drainNs = next.number(ServerSchema.DRAIN_TIMEOUT) * NS_PER_MS;
        drainAside(() -> drain(old, CloseCode.SERVICE_RESTART, "server reconfigured", drainNs));
    }

    private ServerRuntime open(ConfigSnapshot next) throws ConfigException {
        try {
            ServerRuntime fresh = ServerRuntime.open(name, next, providers, tracer, Routes.of(endpoints));
            runtimes.add(fresh);
            return fresh;
        } catch (TransportException e) {
            throw refused(next, e);
        } catch (RuntimeException | LinkageError e) {
            throw refused(next, RuntimeProviders.explain(e));
        }
    }

    private static ConfigException refused(ConfigSnapshot next, Exception cause) {
        ConfigException refused = new ConfigException(next.source(), List.of(String.valueOf(cause.getMessage())));
        refused.initCause(cause);
        return refused;
    }

    private void announce(ServerRuntime now) {
        LOG.log(Level.INFO, "server " + name + ": listening on " + ListenAddress.text(now.localAddress()) + ", transport "
                + now.transport().name() + ", reactors " + now.reactors() + ", "
                + ManagementFactory.getRuntimeMXBean().getUptime() + " ms after the start of the JVM");
        now.passedOver().forEach(line -> LOG.log(Level.INFO, "server " + name + ": " + line));
    }

    private void drain(ServerRuntime old, int code, String reason, long timeoutNs) {
        old.drain(code, reason, timeoutNs);
        runtimes.remove(old);
    }

    private void drainAside(Runnable drain) {
        Thread thread = Thread.ofPlatform().name("hioload-drain-" + name).daemon(true).unstarted(() -> {
            try {
                drain.run();
            } finally {
                drains.remove(Thread.currentThread());
            }
        });
        drains.add(thread);
        thread.start();
    }

    /**
     * Replaces the endpoints: when this returns, every reactor routes to the new ones, and the sessions of those that are
     * gone are being closed with 1001 (those of one handler under several paths with the first of them that goes).
     *
     * @param now all that there are; those for other servers are passed over
     * @throws InterruptedException  if the calling thread was interrupted while it waited
     * @throws IllegalStateException if called on one of this server's reactors
     */
    public void endpoints(Collection<Endpoint> now) throws InterruptedException {
        refuseReactors();
        lock.lockInterruptibly();
        try {
            List<Endpoint> served = now.stream().filter(endpoint -> endpoint.isFor(name)).toList();
            List<Endpoint> gone = endpoints.stream().filter(Endpoint::isWebSocket)
                    .filter(before -> served.stream().noneMatch(before::isServedAs)).toList();
            endpoints = served;
            if (runtime != null) {
                runtime.routes(Routes.of(endpoints), gone);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells which transports there are now. A server that waits for one starts; one whose transport is gone moves to the
     * next best or stops until there is one; one whose transport is still there goes on with it.
     *
     * @param now all there are
     * @throws InterruptedException  if the calling thread was interrupted while it waited
     * @throws IllegalStateException if called on one of this server's reactors
     */
    public void transports(List<TransportProvider> now) throws InterruptedException {
        refuseReactors();
        lock.lockInterruptibly();
        try {
            RuntimeProviders before = providers;
            providers = new RuntimeProviders(now, before.pools(), before.reactors(), before.affinity(), before.codecs());
            if (closed) {
                return;
            }
            if (runtime != null && !now.contains(runtime.transport())) {
                replaceTransport();
            } else if (runtime == null && waiting != null) {
                startWaiting();
            }
        } finally {
            lock.unlock();
        }
    }

    private void replaceTransport() throws InterruptedException {
        LOG.log(Level.WARNING, "server " + name + ": transport " + runtime.transport().name() + " is gone, looking for another one");
        try {
            rebuild(config, Set.of(ServerSchema.TRANSPORT.name()));
        } catch (ConfigException e) {
            LOG.log(Level.ERROR, "server " + name + ": stops until a transport for it is there: " + e.getMessage());
            ServerRuntime old = runtime;
            runtime = null;
            waiting = config;
            old.closeListener();
            long drainNs = config.number(ServerSchema.DRAIN_TIMEOUT) * NS_PER_MS;
            drainAside(() -> drain(old, CloseCode.SERVICE_RESTART, "transport removed", drainNs));
        }
    }

    private void startWaiting() throws InterruptedException {
        ConfigSnapshot next = waiting;
        try {
            start(next);
            lastNumber = next.number();
            config = next;
        } catch (ConfigException e) {
            LOG.log(Level.WARNING, "server " + name + ": still cannot start: " + e.getMessage());
        }
    }

    /**
     * Whether it listens.
     *
     * @return true while there is a runtime
     */
    public boolean isRunning() {
        return runtime != null;
    }

    /**
     * Whether it was stopped and has nothing left to wait for.
     *
     * @return true if closing it would return at once
     */
    public boolean isStopped() {
        return closed && drains.isEmpty();
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
     * @return the transport's name, or {@code null} if it does not run
     */
    public String transport() {
        ServerRuntime now = runtime;
        return now == null ? null : now.transport().name();
    }

    @Override
    public List<DebugProbe> probes() {
        ServerRuntime now = runtime;
        List<DebugProbe> probes = new ArrayList<>();
        probes.add(new ServerProbe(name, config, now, Routes.of(endpoints)));
        if (now != null) {
            probes.addAll(now.probes());
        }
        return probes;
    }

    /**
     * Begins to stop: when this returns nothing listens any more, and sessions are being closed with 1001. {@link #close}
     * waits for the rest.
     *
     * @throws InterruptedException  if the calling thread was interrupted while it waited
     * @throws IllegalStateException if called on one of this server's reactors
     */
    public void beginStop() throws InterruptedException {
        refuseReactors();
        lock.lockInterruptibly();
        try {
            closed = true;
            waiting = null;
            ServerRuntime old = runtime;
            if (old != null) {
                runtime = null;
                old.closeListener();
                long drainNs = config.number(ServerSchema.DRAIN_TIMEOUT) * NS_PER_MS;
                drainAside(() -> {
                    drain(old, CloseCode.GOING_AWAY, "server stops", drainNs);
                    LOG.log(Level.INFO, "server " + name + ": stopped");
                });
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops: the listener closes, sessions are closed with 1001 and have the drain timeout to end. Returns when everything
     * is given back; closing again waits for the same.
     *
     * @throws IllegalStateException if called on one of this server's reactors
     */
    @Override
    public void close() {
        refuseReactors();
        try {
            beginStop();
            for (Thread drain : drains) {
                drain.join();
            }
        } catch (InterruptedException e) {
            drains.forEach(Thread::interrupt);
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
