package io.hioload.server.internal;

import io.hioload.websocket.CloseCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What has been stopped of a server and is not over yet: each run drains on a thread of its own, which takes as long as its
 * sessions do and no longer than it may. Nothing of a run is held on to when it is over. Any thread.
 */
final class Drains {

    private static final Logger LOG = System.getLogger(Drains.class.getName());

    private final String server;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    Drains(String server) {
        this.server = server;
    }

    /** Ends a run, which does not listen any more; returns at once. */
    void begin(ServerRuntime run, long drainNs) {
        Thread thread = Thread.ofPlatform().name("hioload-drain-" + server).daemon(true).unstarted(() -> {
            try {
                run.drain(CloseCode.GOING_AWAY, "server stops", drainNs);
                LOG.log(Level.INFO, "server " + server + ": stopped");
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        threads.add(thread);
        thread.start();
    }

    boolean isOver() {
        return threads.isEmpty();
    }

    /** Returns when all are over; a caller who is interrupted meanwhile cuts them short. */
    void await() throws InterruptedException {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            throw e;
        }
    }
}
