package io.hioload.protocol.tls;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what takes long in handshakes: signatures, key exchange, checks of certificates. Few and with a bounded queue, so
 * that a burst of handshakes takes neither all CPUs nor memory without end. Any thread.
 */
final class HandshakeWorkers {

    private static final long KEEP_MS = 10_000;

    private final ThreadPoolExecutor threads;

    HandshakeWorkers(String owner, int count, int queue) {
        threads = new ThreadPoolExecutor(count, count, KEEP_MS, TimeUnit.MILLISECONDS, new ArrayBlockingQueue<>(queue), run -> {
            Thread made = new Thread(run, "hioload-tls-" + owner);
            made.setDaemon(true);
            return made;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /** How many threads a setting means. */
    static int threads(int setting) {
        return setting > 0 ? setting : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    void threadCount(int count) {
        if (count > threads.getMaximumPoolSize()) {
            threads.setMaximumPoolSize(count);
            threads.setCorePoolSize(count);
        } else {
            threads.setCorePoolSize(count);
            threads.setMaximumPoolSize(count);
        }
    }

    /** Has a handshake's tasks run; false if too many wait already, or after {@link #close}. */
    boolean work(Handshake handshake) {
        try {
            threads.execute(handshake::runTasks);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    int waiting() {
        return threads.getQueue().size();
    }

    void close() {
        threads.shutdownNow();
    }
}
