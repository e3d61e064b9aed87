package io.hioload.server.internal.osgi;

import java.lang.System.Logger;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one thread on which everything that OSGi tells the server bundle is acted upon, in the order in which it came: so
 * that callbacks return at once and nothing needs a lock. {@link #execute} is for any thread.
 */
public final class ControlThread {

    private static final Logger LOG = System.getLogger(ControlThread.class.getName());

    private final ThreadFactory threads = Thread.ofPlatform().name("hioload-control").daemon(true).factory();
    private volatile Thread thread;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> thread = threads.newThread(task));

    /** Starts with nothing to do; the thread itself starts with the first task. */
    ControlThread() {
    }

    /**
     * Runs a task after all that came before.
     *
     * @param task a failure is logged and harms nothing else
     */
    void execute(Runnable task) {
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | LinkageError e) {
                    LOG.log(Logger.Level.ERROR, "a change could not be carried out", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.log(Logger.Level.DEBUG, "told of a change after the bundle stopped");
        }
    }

    /**
     * Waits until everything that was handed over so far is done; not on the thread itself, which is in the midst of it.
     *
     * @param limitMs how long at the most
     */
    void settle(long limitMs) {
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            executor.submit(() -> {
            }).get(limitMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.log(Logger.Level.WARNING, "servers did not let go of a bundle that stops within " + limitMs + " ms");
        } catch (RejectedExecutionException | ExecutionException e) {
            LOG.log(Logger.Level.DEBUG, "the servers have stopped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Takes no more tasks and waits for those that were taken.
     *
     * @param limitMs how long at the most; afterwards what still runs is interrupted
     */
    void close(long limitMs) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(limitMs, TimeUnit.MILLISECONDS)) {
                LOG.log(Logger.Level.WARNING, "servers did not stop within " + limitMs + " ms");
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
