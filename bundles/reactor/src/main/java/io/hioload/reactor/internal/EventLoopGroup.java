package io.hioload.reactor.internal;

import io.hioload.affinity.Affinity;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.control.DebugProbe;
import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.reactor.Listener;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorGroup;
import io.hioload.reactor.ReactorSettings;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** The reactors of one server or client, with their threads and their memory. Any thread. */
final class EventLoopGroup implements ReactorGroup {

    /** How long {@link #close} waits for all threads together. */
    private static final long JOIN_NS = 5_000_000_000L;

    private static final System.Logger LOG = System.getLogger(EventLoopGroup.class.getName());

    private final ReactorSettings settings;
    private final TransportProvider transport;
    private final BufferPoolManager memory;
    private final List<LoopThread> threads = new ArrayList<>();
    private final EventLoop[] loops;
    private final GroupListeners listeners;
    private final AtomicInteger turns = new AtomicInteger();
    private boolean closed;

    private EventLoopGroup(ReactorSettings settings, TransportProvider transport, BufferPoolManager memory, Affinity affinity) {
        this.settings = settings;
        this.transport = transport;
        this.memory = memory;
        Admission admission = new Admission(settings.maxConnections());
        int reactors = settings.reactors() > 0 ? settings.reactors() : affinity.usableCpus().length;
        for (int i = 0; i < reactors; i++) {
            threads.add(new LoopThread(new LoopSetup(i, settings, transport, memory, affinity, admission)));
        }
        loops = threads.stream().map(LoopThread::loop).toArray(EventLoop[]::new);
        listeners = new GroupListeners(this, loops);
    }

    /** A group whose loops are open; if one cannot be, none is left and the memory is closed. */
    static EventLoopGroup open(ReactorSettings settings, TransportProvider transport, BufferPoolManager memory, Affinity affinity)
            throws TransportException {
        EventLoopGroup group = new EventLoopGroup(settings, transport, memory, affinity);
        String what = transport.name() + " loop of " + settings.name();
        try {
            for (LoopThread thread : group.threads) {
                thread.start().get();
            }
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
        return loops[Math.floorMod(turns.getAndIncrement(), loops.length)];
    }

    @Override
    public TransportProvider transport() {
        return transport;
    }

    @Override
    public CompletionStage<Listener> listen(SocketAddress local, ListenOptions options, ConnectionHandlerFactory factory) {
        return listeners.listen(local, options, factory);
    }

    @Override
    public CompletionStage<Listener> takeOver(Listener listener, ConnectionHandlerFactory factory) {
        return listeners.takeOver(listener, factory);
    }

    @Override
    public int connections() {
        long sum = 0;
        for (EventLoop loop : loops) {
            sum += loop.count().connections.get();
        }
        return (int) sum;
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
