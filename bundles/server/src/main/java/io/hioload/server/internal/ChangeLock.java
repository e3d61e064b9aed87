package io.hioload.server.internal;

import io.hioload.control.ConfigException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets changes of one server happen one after the other, and none of them on a thread of its reactors: a reactor that waits
 * for itself would wait in vain, and its connections with it. Any other thread. It owns the lock, nothing else.
 */
final class ChangeLock {

    private final String name;
    private final Supplier<ServerRuntime> runtime;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * A lock that nobody has.
     *
     * @param name    of the server
     * @param runtime what it runs as now, or {@code null}; asked without the lock
     */
    ChangeLock(String name, Supplier<ServerRuntime> runtime) {
        this.name = name;
        this.runtime = runtime;
    }

    /** A change of the configuration, which may be refused. */
    interface Change<T> {
        T make() throws ConfigException, InterruptedException;
    }

    /** A change of what the server is made of. */
    interface Step {
        void make() throws InterruptedException;
    }

    <T> T change(Change<T> change) throws ConfigException, InterruptedException {
        refuseReactors();
        lock.lockInterruptibly();
        try {
            return change.make();
        } finally {
            lock.unlock();
        }
    }

    void run(Step step) throws InterruptedException {
        refuseReactors();
        lock.lockInterruptibly();
        try {
            step.make();
        } finally {
            lock.unlock();
        }
    }

    void refuseReactors() {
        ServerRuntime now = runtime.get();
        if (now != null && now.inEventLoop()) {
            throw new IllegalStateException(
                    "server " + name + " cannot be changed on a thread of its reactors, which the change waits for: use another thread");
        }
    }
}
