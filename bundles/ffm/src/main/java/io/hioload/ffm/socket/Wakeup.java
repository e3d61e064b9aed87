package io.hioload.ffm.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hioload.ffm.Native;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a loop's wait from any thread, by an eventfd(2) that the loop watches for each write (an edge-triggered epoll, a
 * multishot poll of io_uring), so that nobody ever has to read it. {@link #signal} is for any thread, the rest for the
 * loop's. Owns the descriptor.
 *
 * <p>Cost: the first signal after a wake-up is a system call under a lock, those that follow one atomic exchange.
 */
public final class Wakeup {

    private static final MethodHandle EVENTFD_WRITE = Native.critical("eventfd_write",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

    private final int fd;
    /**
     * Whether a signal is under way. The exchange in {@link #signal} that finds true pairs with the one in
     * {@link #arrived}: what its thread wrote before is seen by the loop after.
     */
    private final AtomicBoolean pending = new AtomicBoolean();
    private boolean closed;

    /**
     * Takes an eventfd over.
     *
     * @param fd from {@link Sockets#eventfd}
     */
    public Wakeup(int fd) {
        this.fd = fd;
    }

    /**
     * What to watch.
     *
     * @return the eventfd
     */
    public int fd() {
        return fd;
    }

    /** Ends the wait that goes on, or else the next one. Any thread, also after {@link #close}. */
    public void signal() {
        if (!pending.getAndSet(true)) {
            write();
        }
    }

    /** Under a lock, because once the descriptor is closed its number may be somebody else's. */
    private synchronized void write() {
        if (closed) {
            return;
        }
        try {
            int ignored = (int) EVENTFD_WRITE.invokeExact(fd, 1L);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** The loop saw a write. To be called before it looks for what it was woken for. */
    public void arrived() {
        pending.getAndSet(false);
    }

    /** Closes the eventfd. Once. */
    public synchronized void close() {
        closed = true;
        Sockets.discard(fd);
    }
}
