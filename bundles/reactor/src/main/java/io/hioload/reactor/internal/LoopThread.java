package io.hioload.reactor.internal;

import io.hioload.affinity.Affinity;
import io.hioload.transport.Status;
import io.hioload.transport.TransportException;
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

    private static final System.Logger LOG = System.getLogger(LoopThread.class.getName());

    private final LoopSetup setup;
    private final EventLoop loop;
    private final Thread thread;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private volatile boolean memoryInUse;

    LoopThread(LoopSetup setup) {
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

    /** Whether this thread, or the kernel for it, may still touch the group's memory. Any thread. */
    boolean isMemoryInUse() {
        return memoryInUse;
    }

    private void run() {
        try {
            loop.begin(setup.memory().confined(place()));
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

    /** Pins the thread if that is wanted; the NUMA node that its memory should be of. */
    private int place() {
        Affinity affinity = setup.affinity();
        if (!setup.settings().pinned()) {
            return 0;
        }
        int[] cpus = affinity.usableCpus();
        int cpu = cpus[setup.index() % cpus.length];
        if (!affinity.pin(cpu)) {
            LOG.log(System.Logger.Level.WARNING, () -> setup.threadName() + " is not pinned to CPU " + cpu + ": " + affinity.limitation());
        }
        return affinity.nodeOf(cpu);
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
            int inFlight = loop.transport().inFlight();
            if (inFlight == 0) {
                loop.transport().close();
                memoryInUse = false;
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
            loop.transport().poll(setup.settings().eventsPerTurn(), ran ? 0 : LET_GO_POLL_NS);
            loop.settle();
            loop.transport().flush();
        } while ((loop.count().connections.get() > 0 || loop.transport().inFlight() > 0 || loop.tasks().run() > 0)
                && System.nanoTime() - beganNs < LET_GO_NS);
    }
}
