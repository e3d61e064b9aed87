package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.affinity.Affinity;
import io.hioload.affinity.Placement;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.reactor.IdlePolicy;
import io.hioload.reactor.Listener;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorGroup;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.RebalancePolicy;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.testkit.memory.MemoryNetwork;
import io.hioload.testkit.memory.MemoryPeer;
import io.hioload.testkit.memory.MemoryTransportProvider;
import io.hioload.transport.Capability;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A group on a network in memory, with what tests ask of it; checks for leaks when it closes. */
final class Rig implements AutoCloseable {

    static final long ALL = Capability.DETACH | Capability.REUSE_PORT | Capability.BLOCKING_POLL;
    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int PATIENCE_S = 10;

    final MemoryNetwork network;
    final MemoryTransportProvider transport;
    final BufferPoolManager memory;
    final ReactorGroup group;

    private Rig(Setup setup) throws TransportException {
        network = setup.network;
        transport = new MemoryTransportProvider(network, setup.capabilities);
        TransportProvider provider = setup.wrap.apply(transport);
        memory = setup.memory;
        ReactorSettings settings = new ReactorSettings("test", setup.reactors, setup.maxConnections, setup.pinned, setup.placement,
                setup.idle, 256, setup.taskQueueSlots, setup.highWaterBytes, setup.highWaterBytes / 4, setup.lingerNs,
                TransportSettings.DEFAULT, RebalancePolicy.OFF);
        RestingHandles resting = kind -> setup.keepsHandles ? transport::discard : null;
        group = EventLoopGroup.open(settings, provider, memory, setup.affinity, resting);
    }

    /** What may differ from test to test. */
    static final class Setup {
        MemoryNetwork network = new MemoryNetwork();
        UnaryOperator<TransportProvider> wrap = UnaryOperator.identity();
        Affinity affinity = new FixedCpus(1);
        BufferPoolManager memory = new CheckedBufferPoolManager();
        long capabilities = ALL;
        int reactors = 1;
        int maxConnections = 10_000;
        boolean pinned;
        Placement placement = Placement.SPREAD;
        IdlePolicy idle = IdlePolicy.BALANCED;
        int taskQueueSlots = 1024;
        int highWaterBytes = 1 << 20;
        long lingerNs = 5_000_000_000L;
        boolean keepsHandles = true;

        Rig open() throws TransportException {
            return new Rig(this);
        }
    }

    static Rig open() throws TransportException {
        return new Setup().open();
    }

    Reactor reactor() {
        return group.reactors().getFirst();
    }

    Listener listen(ConnectionHandlerFactory factory) throws Exception {
        return get(group.listen(ANY_PORT, ListenOptions.DEFAULT, factory));
    }

    /** A peer of a new connection that the handler serves. */
    MemoryPeer peer(Recorder handler) throws Exception {
        return network.connect(listen(connection -> handler).localAddress());
    }

    long count(String counter) {
        return group.reactors().stream().mapToLong(reactor -> reactor.counters().counter(counter).get()).sum();
    }

    /** Runs something on a reactor and waits for its end. */
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

    static <T> T get(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new AssertionError("waited " + PATIENCE_S + " s", e);
        }
    }

    /** Waits until turns of the reactors have made something true. */
    void await(BooleanSupplier what) throws Exception {
        long beganNs = System.nanoTime();
        while (!what.getAsBoolean()) {
            if (System.nanoTime() - beganNs > PATIENCE_S * 1_000_000_000L) {
                throw new AssertionError("waited " + PATIENCE_S + " s");
            }
            for (Reactor reactor : group.reactors()) {
                on(reactor, () -> null);
            }
        }
    }

    @Override
    public void close() {
        group.close();
        assertEquals(0, transport.openLoops(), "open loops");
        assertEquals(0, network.openHandles(), "handles of nobody");
        assertEquals(0, network.listeners(), "listeners");
        assertEquals(0, group.connections(), "connections");
        if (memory instanceof CheckedBufferPoolManager checked) {
            checked.assertNoLeaks();
        }
    }
}
