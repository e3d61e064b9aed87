package io.hioload.reactor.internal;

import io.hioload.affinity.Affinity;
import io.hioload.affinity.PlacementPlan;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.control.DebugProbe;
import io.hioload.reactor.ChangePolicy;
import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.reactor.Listener;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorGroup;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.TransportChange;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The reactors of one server or client, with their threads and their memory. Any thread. */
final class EventLoopGroup implements ReactorGroup {

    /** How long {@link #close} waits for all threads together. */
    private static final long JOIN_NS = 5_000_000_000L;

    private static final System.Logger LOG = System.getLogger(EventLoopGroup.class.getName());

    private final Affinity affinity;
    private final RestingHandles resting;
    private final BufferPoolManager memory;
    private final List<LoopThread> threads = new CopyOnWriteArrayList<>();
    private final Admission admission;
    private final Rebalancer rebalancer = new Rebalancer(this);
    private final InTurn inTurn = new InTurn();
    private final GroupListeners listeners = new GroupListeners(this);
    private final GroupChanges changes = new GroupChanges(this);
    private final GroupConfiguration configuration = new GroupConfiguration(this);
    private volatile TransportProvider transport;
    private volatile EventLoop[] loops;
    private volatile ReactorSettings settings;
    /** Where its threads are pinned, or null. */
    private volatile PlacementPlan plan;
    private volatile int mostConnections;
    private final AtomicInteger turns = new AtomicInteger();
    private volatile boolean closed;

    private EventLoopGroup(ReactorSettings settings, TransportProvider transport, BufferPoolManager memory, Affinity affinity,
            RestingHandles resting) {
        this.settings = settings;
        this.transport = transport;
        this.memory = memory;
        this.affinity = affinity;
        this.resting = resting;
        mostConnections = settings.maxConnections();
        admission = new Admission(settings.maxConnections());
        place(settings);
        int reactors = count(settings);
        for (int i = 0; i < reactors; i++) {
            thread(i);
        }
        loops = threads.stream().map(LoopThread::loop).toArray(EventLoop[]::new);
    }

    /** A group whose loops are open; if one cannot be, none is left and the memory is closed. */
    static EventLoopGroup open(ReactorSettings settings, TransportProvider transport, BufferPoolManager memory, Affinity affinity,
            RestingHandles resting) throws TransportException {
        EventLoopGroup group = new EventLoopGroup(settings, transport, memory, affinity, resting);
        String what = transport.name() + " loop of " + settings.name();
        try {
            for (LoopThread thread : group.threads) {
                thread.start().get();
            }
            group.rebalanceBy(settings);
            return group;
        } catch (ExecutionException e) {
            group.close();
            if (e.getCause() instanceof TransportException refused) {
                throw refused;
            }
            throw new TransportException(what + " could not be opened: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            group.close();
            Thread.currentThread().interrupt();
            throw new TransportException(what + " could not be opened: interrupted", e);
        }
    }

    @Override
    public List<Reactor> reactors() {
        return List.of(loops);
    }

    @Override
    public Reactor next() {
        EventLoop[] present = loops;
        return present[Math.floorMod(turns.getAndIncrement(), present.length)];
    }

    @Override
    public TransportProvider transport() {
        return transport;
    }

    @Override
    public ReactorSettings settings() {
        return settings;
    }

    @Override
    public CompletionStage<TransportChange> changeTransport(TransportProvider next, ChangePolicy policy) {
        Objects.requireNonNull(policy, "policy");
        CompletableFuture<TransportChange> result = new CompletableFuture<>();
        inTurn.run(switched -> changes.change(next, policy, switched).whenComplete((done, failure) -> {
            if (failure == null) {
                result.complete(done);
            } else {
                result.completeExceptionally(failure);
            }
        }));
        return result;
    }

    @Override
    public CompletionStage<Void> configure(ReactorSettings changed, ChangePolicy policy, Consumer<Reactor> with) {
        Objects.requireNonNull(policy, "policy");
        CompletableFuture<Void> result = new CompletableFuture<>();
        inTurn.run(inForce -> configuration.configure(changed, policy, with, inForce).whenComplete((done, failure) -> {
            if (failure == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(GroupChanges.cause(failure));
            }
        }));
        return result;
    }

    @Override
    public CompletionStage<Listener> listen(SocketAddress local, ListenOptions options, ConnectionHandlerFactory factory) {
        return listeners.listen(local, options, factory);
    }

    @Override
    public CompletionStage<Listener> takeOver(Listener listener, ConnectionHandlerFactory factory) {
        return listeners.takeOver(listener, factory);
    }

    /** The reactors run on another transport now. */
    void runsOn(TransportProvider next) {
        transport = next;
    }

    GroupChanges changes() {
        return changes;
    }

    /** How many reactors settings ask for. */
    int count(ReactorSettings wanted) {
        return wanted.reactors() > 0 ? wanted.reactors() : affinity.limits().parallelism();
    }

    /** A new reactor, not started yet. */
    LoopThread thread(int index) {
        LoopThread thread = new LoopThread(new LoopSetup(index, settings, memory, affinity, plan, admission, resting), transport);
        threads.add(thread);
        thread.ended().thenRun(() -> {
            if (!thread.isMemoryInUse() && !closed) {
                threads.remove(thread);
            }
        });
        return thread;
    }

    /** Any thread. */
    void rebalanceBy(ReactorSettings changed) {
        Question.ask(loops[0], null, () -> {
            rebalancer.policy(changed.rebalance());
            return null;
        });
    }

    void settings(ReactorSettings changed) {
        settings = changed;
    }

    /** Chooses CPUs for threads that start, or take settings, from now on: once for all of them, so that they fit together. */
    void place(ReactorSettings wanted) {
        PlacementPlan next = wanted.pinned() ? affinity.plan(wanted.placement(), count(wanted)) : null;
        if (next != null && !next.note().isEmpty() && !next.equals(plan)) {
            LOG.log(System.Logger.Level.INFO, () -> "group " + wanted.name() + ", placement " + next.placement() + ": " + next.note());
        }
        plan = next;
    }

    /** So many connections the loops have been told of, at the most. */
    int mostConnections() {
        return mostConnections;
    }

    void mostConnections(int most) {
        mostConnections = most;
    }

    /** So many are admitted from now on. */
    void admit(int connections) {
        admission.max(connections);
    }

    void loops(EventLoop[] present) {
        loops = present;
    }

    /** Has reactors take settings, each between two batches, and what goes with them. */
    CompletableFuture<Object[]> configureAll(EventLoop[] reactors, ReactorSettings changed, Consumer<Reactor> with) {
        PlacementPlan places = plan;
        return GroupChanges.ask(reactors, loop -> {
            threadOf(loop).configure(changed, places);
            with.accept(loop);
            return loop;
        });
    }

    private LoopThread threadOf(EventLoop loop) {
        return threads.stream().filter(thread -> thread.loop() == loop).findFirst().orElseThrow();
    }

    /** Ends a reactor that has nothing left. */
    CompletableFuture<Void> stop(EventLoop loop) {
        LoopThread thread = threadOf(loop);
        loop.tasks().stop();
        return thread.ended();
    }

    /** Those that are to end, but have connections yet, too. */
    EventLoop[] everyLoop() {
        return threads.stream().filter(LoopThread::isServing).map(LoopThread::loop).toArray(EventLoop[]::new);
    }

    EventLoop[] loops() {
        return loops;
    }

    GroupListeners listeners() {
        return listeners;
    }

    @Override
    public int connections() {
        return admission.admitted();
    }

    @Override
    public List<DebugProbe> probes() {
        List<DebugProbe> probes = new ArrayList<>(List.of(loops));
        probes.add(memory);
        return probes;
    }

    @Override
    public synchronized void close() {
        for (EventLoop loop : loops) {
            if (loop.inEventLoop()) {
                throw new IllegalStateException("a reactor cannot wait for its own end");
            }
        }
        if (closed) {
            return;
        }
        closed = true;
        threads.forEach(thread -> thread.loop().tasks().stop());
        boolean interrupted = join();
        if (threads.stream().anyMatch(LoopThread::isMemoryInUse)) {
            LOG.log(System.Logger.Level.ERROR, () -> "group " + settings.name() + ": memory that may still be in use is not given back");
        } else {
            memory.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the threads, also when the caller is interrupted meanwhile; true if it was. */
    private boolean join() {
        boolean interrupted = false;
        long beganNs = System.nanoTime();
        for (LoopThread loop : threads) {
            Thread thread = loop.thread();
            while (thread.isAlive()) {
                long leftMs = (JOIN_NS - (System.nanoTime() - beganNs)) / 1_000_000;
                if (leftMs <= 0) {
                    StackTraceElement[] stack = thread.getStackTrace();
                    LOG.log(System.Logger.Level.ERROR, () -> thread.getName() + " does not end; it is in " + List.of(stack));
                    break;
                }
                try {
                    thread.join(leftMs);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        return interrupted;
    }
}
