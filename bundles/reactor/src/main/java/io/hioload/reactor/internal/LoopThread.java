package io.hioload.reactor.internal;

import io.hioload.affinity.PlacementPlan;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.reactor.ReactorSettings;
import io.hioload.transport.Status;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import java.util.concurrent.CompletableFuture;

/**
 * The life of one reactor's thread: it opens the loop, takes turns until it is told to stop, and closes what it opened.
 *
 * <p>The thread is a daemon: a handler that never returns cannot be ended by {@link EventLoopGroup#close}, and must not keep
 * the process alive. Whoever wants the process to live as long as its servers keeps a thread of its own.
 */
final class LoopThread {

    /** How long connections and the kernel may take to let go after a stop. */
    private static final long LET_GO_NS = 2_000_000_000L;
    private static final long LET_GO_POLL_NS = 5_000_000L;

    private static final int ANYWHERE = -1;

    private static final System.Logger LOG = System.getLogger(LoopThread.class.getName());

    private final LoopSetup setup;
    private final EventLoop loop;
    private final Thread thread;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean memoryInUse;
    /** The CPU that it is pinned to. The reactor's thread. */
    private int cpu = ANYWHERE;
    /** Let go of when its loop is open. */
    private TransportProvider first;

    LoopThread(LoopSetup setup, TransportProvider transport) {
        this.first = transport;
        this.setup = setup;
        this.loop = new EventLoop(setup);
        this.thread = Thread.ofPlatform().daemon(true).name(setup.threadName()).unstarted(this::run);
    }

    EventLoop loop() {
        return loop;
    }

    Thread thread() {
        return thread;
    }

    /** Starts the thread; completes when the loop is open, or exceptionally with why not. */
    CompletableFuture<Void> start() {
        memoryInUse = true;
        thread.start();
        return opened;
    }

    /** Whether its loop is open and it was not told to stop. Any thread. */
    boolean isServing() {
        return opened.isDone() && !opened.isCompletedExceptionally() && !loop.tasks().isStopping();
    }

    /** Whether this thread, or the kernel for it, may still touch the group's memory. Any thread. */
    boolean isMemoryInUse() {
        return memoryInUse;
    }

    /** Completes when the thread has nothing more to do. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /**
     * On the reactor: runs by other settings, at another place from now on. Its memory stays where it is.
     *
     * @param changed settings
     * @param plan    of the whole group, or null for anywhere
     */
    void configure(ReactorSettings changed, PlacementPlan plan) {
        place(plan);
        loop.configure(changed);
    }

    private void run() {
        try {
            serve();
        } finally {
            ended.complete(null);
        }
    }

    private void serve() {
        try {
            begin();
        } catch (TransportException | RuntimeException | Error e) {
            memoryInUse = false;
            opened.completeExceptionally(e);
            return;
        }
        opened.complete(null);
        while (!loop.tasks().isStopping()) {
            turn();
        }
        end();
    }

    /** Apart, since a variable of {@link #serve}, which is on the stack for ever, would keep the provider and its class loader. */
    private void begin() throws TransportException {
        TransportProvider provider = first;
        first = null;
        place(setup.plan());
        int node = cpu == ANYWHERE ? BufferPoolManager.ANY_NODE : setup.plan().node(setup.index());
        loop.begin(setup.memory().confined(node), provider);
    }

    /** Pins the thread as planned, or lets it run anywhere; if that cannot be done, all stays as it was. */
    private void place(PlacementPlan plan) {
        int wanted = plan == null ? ANYWHERE : plan.cpu(setup.index());
        if (wanted == cpu) {
            return;
        }
        if (wanted == ANYWHERE ? setup.affinity().unpin() : setup.affinity().pin(wanted)) {
            cpu = wanted;
            return;
        }
        LOG.log(System.Logger.Level.WARNING, () -> setup.threadName() + (wanted == ANYWHERE ? " stays pinned to CPU " + cpu
                : " is not pinned to CPU " + wanted) + ": " + setup.affinity().limitation());
    }

    /** A failure here is the transport's or ours: counted, logged at 1, 2, 4, 8 … of them, and survived. */
    private void turn() {
        try {
            loop.turn();
        } catch (Throwable t) {
            loop.count().loopFailures.increment();
            long failures = loop.count().loopFailures.get();
            FailureLog.log(LOG, System.Logger.Level.ERROR, failures,
                    () -> setup.threadName() + ": failure " + failures + " outside of a handler", t);
        }
    }

    private void end() {
        try {
            loop.listeners().closeAll();
            loop.connections().abortAll();
            letGo();
        } catch (Throwable t) {
            FailureLog.log(LOG, System.Logger.Level.ERROR, 1, () -> setup.threadName() + ": stopping failed", t);
        }
        loop.tasks().end();
        loop.tasks().wakes(null);
        try {
            int inFlight = loop.transports().inFlight();
            if (inFlight == 0) {
                loop.transports().close();
                memoryInUse = loop.transports().isLeaked();
            } else {
                LOG.log(System.Logger.Level.ERROR, () -> setup.threadName() + ": " + inFlight + " operations are still in flight; the loop"
                        + " and the group's memory are left as they are, for ever");
            }
            loop.endAll(Status.LOCAL_CLOSE);
        } catch (Throwable t) {
            FailureLog.log(LOG, System.Logger.Level.ERROR, 1, () -> setup.threadName() + ": closing the loop failed", t);
        }
    }

    /** Lets connections end and operations come back, and runs the tasks that were accepted. */
    private void letGo() {
        long beganNs = System.nanoTime();
        do {
            boolean ran = loop.tasks().run() > 0;
            loop.transports().pollAll(setup.settings().eventsPerTurn(), ran ? 0 : LET_GO_POLL_NS);
            loop.settle();
            loop.transports().flushAll();
        } while ((loop.count().connections.get() > 0 || loop.transports().inFlight() > 0 || loop.tasks().run() > 0)
                && System.nanoTime() - beganNs < LET_GO_NS);
    }
}
