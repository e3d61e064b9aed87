package io.hioload.transport.epoll;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the loop's wait from any thread: an eventfd that is registered edge-triggered, so that nobody ever has to read it.
 * {@link #signal} is for any thread, the rest for the loop's.
 *
 * <p>Cost: the first signal after a wake-up is a system call under a lock, those that follow one atomic exchange.
 */
final class Wakeup {

    private final int fd;
    /**
     * Whether a signal is under way. The exchange in {@link #signal} that finds true pairs with the one in
     * {@link #arrived}: what its thread wrote before is seen by the loop after.
     */
    private final AtomicBoolean pending = new AtomicBoolean();
    private boolean closed;

    Wakeup(int fd) {
        this.fd = fd;
    }

    int fd() {
        return fd;
    }

    void signal() {
        if (!pending.getAndSet(true)) {
            write();
        }
    }

    /** Under a lock, because once the descriptor is closed its number may be somebody else's. */
    private synchronized void write() {
        if (!closed) {
            Syscalls.signal(fd);
        }
    }

    void arrived() {
        pending.getAndSet(false);
    }

    synchronized void close() {
        closed = true;
        Syscalls.discard(fd);
    }
}
