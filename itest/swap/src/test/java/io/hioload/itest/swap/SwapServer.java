package io.hioload.itest.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.affinity.Affinity;
import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.BufferPoolProvider;
import io.hioload.buffer.PoolSettings;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;
import io.hioload.reactor.ChangePolicy;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.reactor.GroupTasks;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorGroup;
import io.hioload.reactor.ReactorProvider;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.TransportChange;
import io.hioload.session.SessionEngine;
import io.hioload.session.SessionEngines;
import io.hioload.session.SessionSettings;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.TransportProvider;
import io.hioload.websocket.WebSocketHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Reactors on real transports in this process, and what is found by the service loader as a plain Java program finds it.
 * Connections are WebSocket sessions from their first byte on. Looks for leaks when it closes.
 */
final class SwapServer implements AutoCloseable {

    static final ChangePolicy MIGRATE = new ChangePolicy(ChangePolicy.Live.MIGRATE, 30_000_000_000L, 0, 5_000_000_000L);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int PATIENCE_S = 60;

    final ReactorGroup group;
    final BufferPoolManager memory;
    private final Map<Reactor, SessionEngine> engines = new ConcurrentHashMap<>();
    private final int descriptors;

    SwapServer(String transport, int reactors) throws Exception {
        this(transport, ReactorSettings.defaults("swap"), reactors);
    }

    SwapServer(String transport, ReactorSettings settings, int reactors) throws Exception {
        descriptors = descriptors();
        memory = one(BufferPoolProvider.class).open(PoolSettings.DEFAULT);
        group = one(ReactorProvider.class).open(with(settings, reactors), transport(transport), memory, one(Affinity.class));
    }

    static ReactorSettings with(ReactorSettings of, int reactors) {
        return new ReactorSettings(of.name(), reactors, of.maxConnections(), of.pinned(), of.placement(), of.idle(), of.eventsPerTurn(),
                of.taskQueueSlots(), of.highWaterBytes(), of.lowWaterBytes(), of.lingerNs(), of.transport(), of.rebalance());
    }

    static TransportProvider transport(String name) {
        for (TransportProvider each : ServiceLoader.load(TransportProvider.class)) {
            if (each.name().equals(name)) {
                assertTrue(each.availability().usable(), () -> name + ": " + each.availability().reason());
                return each;
            }
        }
        throw new AssertionError("no transport " + name);
    }

    private static <T> T one(Class<T> type) {
        return ServiceLoader.load(type).findFirst().orElseThrow();
    }

    /** Listens for WebSocket sessions. */
    InetSocketAddress serve(WebSocketHandler handler) throws Exception {
        return listen(connection -> new ConnectionHandler() {
            @Override
            public void onOpen(Connection opened) {
                engine(opened.reactor()).open(opened, handler, null, null, "");
            }

            @Override
            public void onReceive(Connection from, Buffer buffer, int offset, int length) {
                throw new AssertionError("the session is the handler");
            }

            @Override
            public void onClosed(Connection closed, int reason) {
                // before it was open
            }
        });
    }

    private SessionEngine engine(Reactor reactor) {
        SessionEngines all = this::engine;
        return engines.computeIfAbsent(reactor, added -> new SessionEngine(added, Role.SERVER, one(FrameCodecProvider.class),
                FrameLimits.DEFAULT, memory.shared(0), SessionSettings.DEFAULT, null, all));
    }

    /** Listens for bytes. */
    InetSocketAddress listen(ConnectionHandlerFactory factory) throws Exception {
        return (InetSocketAddress) get(group.listen(ANY_PORT, ListenOptions.DEFAULT, factory)).localAddress();
    }

    TransportChange change(String transport) throws Exception {
        return get(group.changeTransport(transport == null ? null : transport(transport), MIGRATE));
    }

    int openSessions() {
        return engines.values().stream().mapToInt(SessionEngine::openSessions).sum();
    }

    long count(String counter) {
        return group.reactors().stream().mapToLong(reactor -> reactor.counters().counter(counter).get()).sum();
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
    }

    static <T> T on(Reactor reactor, Callable<T> what) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        reactor.execute(() -> {
            try {
                result.complete(what.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        return get(result);
    }

    void await(String what, BooleanSupplier condition) throws Exception {
        long beganNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - beganNs < PATIENCE_S * 1_000_000_000L, () -> "waited for " + what);
            for (Reactor reactor : group.reactors()) {
                on(reactor, () -> null);
            }
        }
    }

    static int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("hioload-swap")).count();
    }

    @Override
    public void close() throws IOException {
        int left;
        try {
            left = GroupTasks.awaitNoConnections(group, 20_000_000_000L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while connections ended");
        } finally {
            group.close();
        }
        assertEquals(0, left, "connections that nobody closed");
        assertEquals(0, memory.gauges().inUseBuffers(), "buffers in use");
        assertEquals(0, threads(), "threads");
        // Java's own descriptors, of classes that were loaded since, are few.
        assertTrue(descriptors() <= descriptors + 8, descriptors + " descriptors before, " + descriptors() + " now");
    }
}
