package io.hioload.transport.epoll;

import static io.hioload.transport.epoll.ConnectionTable.CONNECTING;
import static io.hioload.transport.epoll.ConnectionTable.FAILED;
import static io.hioload.transport.epoll.ConnectionTable.FIN_SENT;
import static io.hioload.transport.epoll.ConnectionTable.FLUSHING;
import static io.hioload.transport.epoll.ConnectionTable.INPUT_ENDED;
import static io.hioload.transport.epoll.ConnectionTable.PAUSED;
import static io.hioload.transport.epoll.ConnectionTable.WRITING;

import io.hioload.buffer.Buffer;
import io.hioload.ffm.Errno;
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
import org.agrona.collections.IntArrayList;
import org.agrona.collections.LongArrayList;

/**
 * One epoll instance on one thread, level-triggered: one recv for each readable event, one send for each call while the
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
    private final ConnectionTable connections;
    private final EpollStreams streams;
    private final Listeners listeners;
    private final LongArrayList failedIds = new LongArrayList();
    private final IntArrayList failedReasons = new IntArrayList();
    private int limit;
    private int delivered;
    private boolean closed;

    EpollLoop(LoopContext context, Syscalls sys) throws TransportException {
        this.sys = sys;
        events = context.events();
        counters = new EpollCounters(context.counters());
        int slots = Math.min(FIRST_SLOTS, context.maxConnections());
        connections = new ConnectionTable(slots, context.maxConnections());
        streams = new EpollStreams(context, sys, arena, counters, slots);
        int set = sys.epollCreate();
        int eventfd = set < 0 ? set : sys.eventfd();
        epoll = new EpollSet(sys, arena, set);
        wakeup = new Wakeup(eventfd);
        listeners = new Listeners(sys, epoll);
        int status = eventfd < 0 ? eventfd : epoll.add(eventfd, EpollEvents.IN | EpollEvents.EDGE, WAKE);
        if (status < 0) {
            close();
            throw new TransportException("no epoll instance or eventfd: " + Errno.text(-status));
        }
        loadClasses();
    }

    /** What is needed only now and then, so that it cannot be missing once the bundle is gone. */
    private void loadClasses() {
        ErrnoStatus.of(0);
        SocketAddresses.family(new InetSocketAddress(0));
    }

    // ---- events

    @Override
    public int poll(int most, long timeoutNs) {
        if (closed) {
            return 0;
        }
        limit = most;
        delivered = 0;
        if (!failedIds.isEmpty()) {
            reportFailed();
        }
        long waitNs = delivered > 0 ? 0 : listeners.bound(timeoutNs);
        if (waitNs != 0 && streams.starved()) {
            // Without this pause the kernel would report the unread sockets at once, again and again.
            LockSupport.parkNanos(PAUSE_NS);
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
                if (connections.isOpen(data)) {
                    dispatch(data, list.mask(i));
                }
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

    private void dispatch(long id, int mask) {
        int slot = (int) id;
        int state = connections.state(slot);
        if ((state & (CONNECTING | FAILED)) != 0) {
            if ((state & FAILED) == 0) {
                finishConnect(id);
            }
            return;
        }
        if ((mask & EpollEvents.OUT) != 0 && (state & WRITING) != 0) {
            writable(id);
            if (!connections.isOpen(id)) {
                return;
            }
            state = connections.state(slot);
        }
        if ((mask & ~EpollEvents.OUT) != 0) {
            if (isReading(state)) {
                readable(id, slot, state);
            } else if ((mask & (EpollEvents.ERR | EpollEvents.HUP)) != 0) {
                delivered++;
                int error = sys.socketError(connections.fd(slot));
                int reason = error == 0 ? Status.RESET : ErrnoStatus.of(error);
                end(id, reason, reason);
            }
        }
    }

    private void readable(long id, int slot, int state) {
        int fd = connections.fd(slot);
        int bytes = (state & FLUSHING) != 0 ? streams.discardInput(fd) : streams.receive(fd, id);
        if (bytes > 0) {
            delivered++;
        } else if (bytes == 0) {
            delivered++;
            endOfInput(id);
        } else if (bytes != -Errno.EAGAIN) {
            delivered++;
            end(id, ErrnoStatus.of(-bytes), ErrnoStatus.of(-bytes));
        }
    }

    private void endOfInput(long id) {
        change(id, INPUT_ENDED, 0);
        if ((connections.state((int) id) & FLUSHING) != 0) {
            advanceFlush(id);
        } else {
            events.onEndOfInput(id);
        }
    }

    private void writable(long id) {
        int slot = (int) id;
        delivered++;
        int result = streams.sendQueued(connections.fd(slot), id, connections);
        if (!connections.isOpen(id)) {
            return;
        }
        if (result < 0) {
            end(id, ErrnoStatus.of(-result), ErrnoStatus.of(-result));
        } else if (!streams.hasUnsent(slot)) {
            change(id, 0, WRITING);
            if ((connections.state(slot) & FLUSHING) != 0) {
                advanceFlush(id);
            }
        }
    }

    private void fail(long id, int reason) {
        change(id, FAILED, 0);
        failedIds.addLong(id);
        failedReasons.addInt(reason);
    }

    private void reportFailed() {
        while (!failedIds.isEmpty()) {
            int last = failedIds.size() - 1;
            long id = failedIds.fastUnorderedRemove(last);
            int reason = failedReasons.fastUnorderedRemove(last);
            if (connections.isOpen(id)) {
                delivered++;
                end(id, reason, reason);
            }
        }
    }

    // ---- sending and closing

    @Override
    public int send(long id, Buffer buffer, int offset, int length) {
        if (!connections.isOpen(id)) {
            return Status.CLOSED;
        }
        int slot = (int) id;
        int state = connections.state(slot);
        if ((state & (CONNECTING | FLUSHING | FAILED)) != 0) {
            return (state & CONNECTING) != 0 ? Status.BACK_PRESSURED : Status.CLOSED;
        }
        int result = streams.send(connections.fd(slot), id, buffer, offset, length);
        if (result > 0) {
            change(id, WRITING, 0);
        } else if (result < 0) {
            int reason = ErrnoStatus.of(-result);
            fail(id, reason);
            events.onSent(id, buffer, length, reason);
        }
        return Status.OK;
    }

    @Override
    public int flush() {
        return 0;
    }

    @Override
    public int receiving(long id, boolean on) {
        if (!connections.isOpen(id) || isClosing(id)) {
            return Status.CLOSED;
        }
        change(id, on ? 0 : PAUSED, on ? PAUSED : 0);
        return Status.OK;
    }

    @Override
    public int close(long id, CloseMode how) {
        if (!connections.isOpen(id)) {
            return Status.CLOSED;
        }
        int state = connections.state((int) id);
        if ((state & CONNECTING) != 0) {
            sys.close(connections.remove((int) id));
            events.onConnect(id, Status.LOCAL_CLOSE);
        } else if ((state & FAILED) != 0) {
            int index = failedIds.indexOf(id);
            end(id, failedReasons.getInt(index), failedReasons.getInt(index));
        } else if (how == CloseMode.ABORT) {
            sys.lingerZero(connections.fd((int) id));
            end(id, Status.LOCAL_CLOSE, Status.CLOSED);
        } else if ((state & FLUSHING) == 0) {
            change(id, FLUSHING, 0);
            advanceFlush(id);
        }
        return Status.OK;
    }

    /** Takes a FLUSH as far as it can go now: queue, our FIN, the peer's FIN, close. */
    private void advanceFlush(long id) {
        int slot = (int) id;
        if (streams.hasUnsent(slot)) {
            return;
        }
        int state = connections.state(slot);
        if ((state & INPUT_ENDED) != 0) {
            end(id, Status.LOCAL_CLOSE, Status.CLOSED);
        } else if ((state & FIN_SENT) == 0) {
            int result = sys.shutdownOutput(connections.fd(slot));
            if (result < 0) {
                end(id, ErrnoStatus.of(-result), Status.CLOSED);
            } else {
                change(id, FIN_SENT, 0);
            }
        }
    }

    /** The one way in which an established connection ends, detaching apart. */
    private void end(long id, int reason, int sendStatus) {
        sys.close(connections.remove((int) id));
        streams.drop(id, sendStatus);
        events.onClosed(id, reason);
    }

    private boolean isClosing(long id) {
        return (connections.state((int) id) & (FLUSHING | FAILED)) != 0;
    }

    private static boolean isReading(int state) {
        return (state & INPUT_ENDED) == 0 && (state & (PAUSED | FLUSHING)) != PAUSED;
    }

    /** Errors and hang-ups are reported whatever the mask is. */
    private static int mask(int state) {
        if ((state & (CONNECTING | FAILED)) != 0) {
            return (state & FAILED) != 0 ? 0 : EpollEvents.OUT;
        }
        return (isReading(state) ? EpollEvents.IN : 0) | ((state & WRITING) != 0 ? EpollEvents.OUT : 0);
    }

    private void change(long id, int set, int clear) {
        int slot = (int) id;
        int before = connections.state(slot);
        int after = before & ~clear | set;
        connections.state(slot, after);
        int mask = mask(after);
        if (mask != mask(before) && epoll.modify(connections.fd(slot), mask, id) < 0) {
            counters.errors.increment();
        }
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
        int status = add(id, fd, 0);
        if (status != Status.OK) {
            sys.close(fd);
            events.onClosed(id, status);
        }
    }

    // ---- connecting

    @Override
    public int connect(long id, SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress address)) {
            return Status.NOT_SUPPORTED;
        }
        if (address.isUnresolved()) {
            return Status.UNREACHABLE;
        }
        int family = SocketAddresses.family(address);
        int fd = sys.socket(family);
        if (fd < 0) {
            return ErrnoStatus.of(-fd);
        }
        sys.setOption(fd, Syscalls.IPPROTO_TCP, Syscalls.TCP_NODELAY, 1);
        int result = sys.connect(fd, address, family);
        if (result < 0 && result != -Errno.EINPROGRESS) {
            sys.close(fd);
            events.onConnect(id, ErrnoStatus.of(-result));
            return Status.OK;
        }
        int status = add(id, fd, result < 0 ? CONNECTING : 0);
        if (status != Status.OK) {
            sys.close(fd);
        } else if (result == 0) {
            events.onConnect(id, Status.OK);
        }
        return status;
    }

    private void finishConnect(long id) {
        int error = sys.socketError(connections.fd((int) id));
        delivered++;
        if (error == 0) {
            change(id, 0, CONNECTING);
            events.onConnect(id, Status.OK);
        } else {
            sys.close(connections.remove((int) id));
            events.onConnect(id, ErrnoStatus.of(error));
        }
    }

    @Override
    public SocketAddress remoteAddress(long id) {
        return connections.isOpen(id) ? sys.remoteAddress(connections.fd((int) id)) : null;
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
        if (!connections.isOpen(id) || isClosing(id) || (connections.state((int) id) & CONNECTING) != 0) {
            return Status.CLOSED;
        }
        int fd = connections.remove((int) id);
        epoll.remove(fd);
        streams.handBack(id);
        events.onDetached(id, fd);
        return Status.OK;
    }

    @Override
    public int adopt(long id, long handle) {
        return add(id, (int) handle, 0);
    }

    private int add(long id, int fd, int state) {
        int slots = connections.slots();
        int status = closed ? Status.CLOSED : connections.reserve(id);
        if (status != Status.OK) {
            return status;
        }
        if (connections.slots() > slots) {
            streams.grow(connections.slots());
        }
        int result = epoll.add(fd, mask(state), id);
        if (result < 0) {
            return ErrnoStatus.of(-result);
        }
        connections.put(id, fd, state);
        return Status.OK;
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
        for (int slot = 0; slot < connections.slots(); slot++) {
            long id = connections.idAt(slot);
            if (id >= 0) {
                close(id, CloseMode.ABORT);
            }
        }
        listeners.close();
        streams.close();
        wakeup.close();
        epoll.close();
        arena.close();
        sys.free();
    }
}
