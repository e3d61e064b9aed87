package io.hioload.server.internal.osgi;

import java.lang.System.Logger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The one thread on which everything that OSGi tells the server bundle is acted upon, in the order in which it came: so
 * that callbacks return at once and nothing needs a lock. {@link #execute} is for any thread.
 */
public final class ControlThread {

    private static final Logger LOG = System.getLogger(ControlThread.class.getName());

    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("hioload-control").daemon(true).factory());

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
