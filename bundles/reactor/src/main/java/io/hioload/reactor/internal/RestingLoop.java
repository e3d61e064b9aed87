package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.transport.CloseMode;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.SendQueues;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportLoop;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * The loop of a reactor that has no transport: nothing is received, accepted or connected. It keeps the handles of listening
 * sockets and connections, whose peers only wait, and what is sent meanwhile, until a transport adopts them; a poll is a
 * parked thread.
 *
 * <p>The reactor's thread only, except {@link #wakeup}. It owns the handles and the queued buffers. A connection that closes
 * with nothing queued is closed at once; one with unsent bytes waits for a transport, or for its deadline.
 */
final class RestingLoop implements TransportLoop {

    private static final int FIRST_SLOTS = 64;
    private static final long NONE = -1;

    private final TransportEvents events;
    private final Thread thread = Thread.currentThread();
    /** Null when no handles can be kept. */
    private final LongConsumer closer;
    private final SendQueues queues = new SendQueues(FIRST_SLOTS);
    private long[] ids = new long[FIRST_SLOTS];
    private long[] handles = new long[FIRST_SLOTS];
    private long[] listeners = {NONE};
    private volatile boolean woken;

    RestingLoop(TransportEvents events, LongConsumer closer) {
        this.events = events;
        this.closer = closer;
        Arrays.fill(ids, NONE);
    }

    @Override
    public int poll(int limit, long timeoutNs) {
        if (timeoutNs < 0) {
            while (!woken) {
                LockSupport.park(this);
                Thread.interrupted();
            }
        } else if (timeoutNs > 0 && !woken) {
            LockSupport.parkNanos(this, timeoutNs);
        }
        woken = false;
        return 0;
    }

    @Override
    public void wakeup() {
        woken = true;
        LockSupport.unpark(thread);
    }

    private boolean has(long id) {
        int slot = (int) id;
        return slot >= 0 && slot < ids.length && ids[slot] == id;
    }

    @Override
    public int send(long id, Buffer buffer, int offset, int length) {
        if (!has(id)) {
            return Status.CLOSED;
        }
        queues.add((int) id, buffer, offset, length);
        return Status.OK;
    }

    @Override
    public int flush() {
        return 0;
    }

    @Override
    public int receiving(long id, boolean on) {
        return has(id) ? Status.OK : Status.CLOSED;
    }

    @Override
    public int close(long id, CloseMode how) {
        if (!has(id)) {
            return Status.CLOSED;
        }
        int slot = (int) id;
        if (how == CloseMode.ABORT || queues.isEmpty(slot)) {
            closer.accept(handles[slot]);
            ids[slot] = NONE;
            queues.drop(slot, id, Status.CLOSED, events);
            events.onClosed(id, Status.LOCAL_CLOSE);
        }
        return Status.OK;
    }

    @Override
    public int detach(long id) {
        if (!has(id)) {
            return Status.CLOSED;
        }
        int slot = (int) id;
        ids[slot] = NONE;
        queues.handBack(slot, id, events);
        events.onDetached(id, handles[slot]);
        return Status.OK;
    }

    @Override
    public int adopt(long id, long handle) {
        if (closer == null) {
            return Status.NOT_SUPPORTED;
        }
        int slot = (int) id;
        if (slot >= ids.length) {
            int before = ids.length;
            int slots = Math.max(slot + 1, before * 2);
            ids = Arrays.copyOf(ids, slots);
            handles = Arrays.copyOf(handles, slots);
            Arrays.fill(ids, before, slots, NONE);
            queues.grow(slots);
        }
        ids[slot] = id;
        handles[slot] = handle;
        return Status.OK;
    }

    @Override
    public int listen(int listener, SocketAddress local, ListenOptions options) {
        return Status.NOT_SUPPORTED;
    }

    @Override
    public int unlisten(int listener) {
        long handle = detachListener(listener);
        if (handle < 0) {
            return Status.CLOSED;
        }
        closer.accept(handle);
        return Status.OK;
    }

    @Override
    public SocketAddress localAddress(int listener) {
        return null;
    }

    @Override
    public long detachListener(int listener) {
        if (listener >= listeners.length || listeners[listener] == NONE) {
            return Status.CLOSED;
        }
        long handle = listeners[listener];
        listeners[listener] = NONE;
        return handle;
    }

    @Override
    public int adoptListener(int listener, long handle) {
        if (closer == null) {
            return Status.NOT_SUPPORTED;
        }
        if (listener >= listeners.length) {
            int before = listeners.length;
            listeners = Arrays.copyOf(listeners, listener + 1);
            Arrays.fill(listeners, before, listeners.length, NONE);
        }
        listeners[listener] = handle;
        return Status.OK;
    }

    @Override
    public int connect(long id, SocketAddress remote) {
        return Status.UNREACHABLE;
    }

    @Override
    public SocketAddress remoteAddress(long id) {
        return null;
    }

    @Override
    public int inFlight() {
        return 0;
    }

    @Override
    public void close() {
        for (long id : ids) {
            close(id, CloseMode.ABORT);
        }
        for (int listener = 0; listener < listeners.length; listener++) {
            unlisten(listener);
        }
    }
}
