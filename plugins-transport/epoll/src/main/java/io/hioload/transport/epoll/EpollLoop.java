package io.hioload.transport.epoll;

import io.hioload.buffer.Buffer;
import io.hioload.ffm.Errno;
import io.hioload.ffm.socket.SocketAddresses;
import io.hioload.ffm.socket.Wakeup;
import io.hioload.transport.CloseMode;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.LoopContext;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.locks.LockSupport;

/**
 * One epoll instance on one thread: one recv for each readable event, one send for each call while the
 * socket takes it. It owns its descriptors, the buffers that wait to be sent, and one receive buffer.
 *
 * <p>Epoll data is the connection's whole id, so an event of an earlier connection in the same slot shows. Errors and
 * hang-ups are always reported by the kernel, also while receiving is off; they end the connection then, and nothing
 * spins.
 *
 * <p>Cost: an echo of one message is epoll_wait, recv and send, and allocates nothing.
 */
final class EpollLoop implements TransportLoop {

    private static final int FIRST_SLOTS = 64;
    private static final int MOST_ACCEPTS_PER_EVENT = 64;
    private static final long PAUSE_NS = 1_000_000;
    private static final long WAKE = -1;

    private final TransportEvents events;
    private final EpollCounters counters;
    private final Syscalls sys;
    private final Arena arena = Arena.ofConfined();
    private final EpollSet epoll;
    private final Wakeup wakeup;
    private final EpollStreams streams;
    private final Connections connections;
    private final Listeners listeners;
    private int limit;
    private int delivered;
    private boolean closed;

    EpollLoop(LoopContext context, Syscalls sys) throws TransportException {
        this.sys = sys;
        events = context.events();
        counters = new EpollCounters(context.counters());
        int slots = Math.min(FIRST_SLOTS, context.maxConnections());
        ConnectionTable table = new ConnectionTable(slots, context.maxConnections());
        streams = new EpollStreams(context, sys, arena, counters, slots);
        int set = sys.epollCreate();
        int eventfd = set < 0 ? set : sys.eventfd();
        epoll = new EpollSet(sys, arena, set);
        wakeup = new Wakeup(eventfd);
        connections = new Connections(events, sys, epoll, streams, table, counters);
        int busyPollUs = context.settings().busyPollUs();
        listeners = new Listeners(sys, epoll, busyPollUs);
        int status = eventfd < 0 ? eventfd : epoll.add(eventfd, EpollEvents.IN | EpollEvents.EDGE, WAKE);
        if (status < 0) {
            close();
            throw new TransportException("no epoll instance or eventfd: " + Errno.text(-status));
        }
        counters.busyPoll.add(busyPollUs > 0 && epoll.busyPoll(busyPollUs) ? 1 : 0);
        loadClasses();
    }

    /** What is needed only now and then, so that it cannot be missing once the bundle is gone. */
    private void loadClasses() {
        Status.ofErrno(0);
        SocketAddresses.family(new InetSocketAddress(0));
    }

    // ---- events

    @Override
    public int poll(int most, long timeoutNs) {
        if (closed) {
            return 0;
        }
        limit = most;
        delivered = connections.reportFailed() + connections.readOn(most);
        long waitNs = delivered > 0 ? 0 : listeners.bound(timeoutNs);
        if (waitNs != 0 && streams.starved()) {
            // Without this pause the unread sockets would be tried again and again.
            LockSupport.parkNanos(PAUSE_NS);
            waitNs = 0;
        } else if (connections.hasUnread()) {
            waitNs = 0;
        }
        int ready = epoll.await(most, milliseconds(waitNs));
        if (ready < 0) {
            waitFailed(ready);
            return delivered;
        }
        EpollEvents list = epoll.ready();
        for (int i = 0; i < ready; i++) {
            long data = list.data(i);
            if (data >= 0) {
                delivered += connections.dispatch(data, list.mask(i));
            } else if (data == WAKE) {
                wakeup.arrived();
            } else {
                accept((int) data);
            }
        }
        return delivered;
    }

    /** Interrupted by a signal, or else something that must not turn the loop into a busy one. */
    private void waitFailed(int result) {
        if (result != -Errno.EINTR) {
            counters.errors.increment();
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private static int milliseconds(long timeoutNs) {
        return timeoutNs < 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, (timeoutNs + 999_999) / 1_000_000);
    }

    // ---- sending and closing

    @Override
    public int send(long id, Buffer buffer, int offset, int length) {
        return connections.send(id, buffer, offset, length);
    }

    @Override
    public int flush() {
        streams.count();
        return 0;
    }

    @Override
    public int receiving(long id, boolean on) {
        return connections.receiving(id, on);
    }

    @Override
    public int close(long id, CloseMode how) {
        return connections.close(id, how);
    }

    // ---- listening

    @Override
    public int listen(int listener, SocketAddress local, ListenOptions options) {
        return closed ? Status.CLOSED : listeners.listen(listener, local, options);
    }

    @Override
    public int unlisten(int listener) {
        int fd = listeners.detach(listener);
        if (fd < 0) {
            return Status.CLOSED;
        }
        sys.close(fd);
        return Status.OK;
    }

    @Override
    public SocketAddress localAddress(int listener) {
        return listeners.localAddress(listener);
    }

    private void accept(int number) {
        for (int i = 0; i < MOST_ACCEPTS_PER_EVENT && delivered < limit; i++) {
            int listener = listeners.fd(number);
            if (listener < 0) {
                return; // gone meanwhile
            }
            int fd = sys.accept(listener);
            if (fd >= 0) {
                delivered++;
                accepted(number, fd);
            } else if (fd == -Errno.EAGAIN) {
                return;
            } else if (!Listeners.isOfOneConnection(-fd)) {
                counters.acceptBackoffs.increment();
                listeners.rest(number, System.nanoTime());
                return;
            }
        }
    }

    private void accepted(int number, int fd) {
        long id = events.onAccept(number);
        if (id < 0) {
            counters.acceptRefusals.increment();
            sys.close(fd);
            return;
        }
        counters.accepted.increment();
        int status = connections.add(id, fd, 0);
        if (status != Status.OK) {
            sys.close(fd);
            events.onClosed(id, status);
        }
    }

    // ---- connecting

    @Override
    public int connect(long id, SocketAddress remote) {
        return connections.connect(id, remote);
    }

    @Override
    public SocketAddress remoteAddress(long id) {
        return connections.remoteAddress(id);
    }

    // ---- handing over

    @Override
    public long detachListener(int listener) {
        return listeners.detach(listener);
    }

    @Override
    public int adoptListener(int listener, long handle) {
        return closed ? Status.CLOSED : listeners.adopt(listener, (int) handle);
    }

    @Override
    public int detach(long id) {
        return connections.detach(id);
    }

    @Override
    public int adopt(long id, long handle) {
        return connections.add(id, (int) handle, 0);
    }

    // ---- the loop itself

    /** Nothing is ever under way in the kernel between two calls: epoll tells of readiness, and calls do not wait. */
    @Override
    public int inFlight() {
        return 0;
    }

    @Override
    public void wakeup() {
        wakeup.signal();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        connections.close();
        listeners.close();
        streams.close();
        wakeup.close();
        epoll.close();
        arena.close();
        sys.free();
    }
}
