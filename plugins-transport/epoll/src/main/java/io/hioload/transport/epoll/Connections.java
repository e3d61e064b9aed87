package io.hioload.transport.epoll;

import static io.hioload.transport.epoll.ConnectionTable.CONNECTING;
import static io.hioload.transport.epoll.ConnectionTable.FAILED;
import static io.hioload.transport.epoll.ConnectionTable.FIN_SENT;
import static io.hioload.transport.epoll.ConnectionTable.FLUSHING;
import static io.hioload.transport.epoll.ConnectionTable.INPUT_ENDED;
import static io.hioload.transport.epoll.ConnectionTable.PAUSED;
import static io.hioload.transport.epoll.ConnectionTable.UNREAD;
import static io.hioload.transport.epoll.ConnectionTable.WRITING;

import io.hioload.buffer.Buffer;
import io.hioload.ffm.Errno;
import io.hioload.ffm.socket.SocketAddresses;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongArrayQueue;

/**
 * What the connections of a loop do: the life of each from open to closed or detached. The loop's thread only. Owns the
 * descriptors and, by the streams, the buffers to be sent.
 *
 * <p>A connection that just reads, as nearly all do nearly always, waits edge-triggered: else the kernel would look at each
 * socket once more in the next epoll_wait, only to find it empty, which costs 4 to 8 % of an echo. Everything else waits
 * level-triggered, and each change between the two is an EPOLL_CTL_MOD, which looks at the socket anew. A receive that took
 * less than it could has emptied the socket (epoll(7)); where that is not so, the connection is put on a list and read again
 * without being told.
 *
 * <p>Errors and hang-ups are always reported by the kernel, also while receiving is off; they end the connection then, and
 * nothing spins.
 */
final class Connections {

    private final TransportEvents events;
    private final Syscalls sys;
    private final EpollSet epoll;
    private final EpollStreams streams;
    private final ConnectionTable table;
    private final EpollCounters counters;
    /** What may be read without being told, each once, by ids that may be of the past. */
    private final LongArrayQueue unread = new LongArrayQueue(Long.MIN_VALUE);
    private final LongArrayList failedIds = new LongArrayList();
    private final IntArrayList failedReasons = new IntArrayList();
    private boolean closed;

    Connections(TransportEvents events, Syscalls sys, EpollSet epoll, EpollStreams streams, ConnectionTable table,
            EpollCounters counters) {
        this.events = events;
        this.sys = sys;
        this.epoll = epoll;
        this.streams = streams;
        this.table = table;
        this.counters = counters;
    }

    // ---- opening

    int connect(long id, SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress address)) {
            return Status.NOT_SUPPORTED;
        }
        if (address.isUnresolved()) {
            return Status.UNREACHABLE;
        }
        int family = SocketAddresses.family(address);
        int fd = sys.socket(family);
        if (fd < 0) {
            return Status.ofErrno(-fd);
        }
        sys.setOption(fd, Syscalls.IPPROTO_TCP, Syscalls.TCP_NODELAY, 1);
        int result = sys.connect(fd, address, family);
        if (result < 0 && result != -Errno.EINPROGRESS) {
            sys.close(fd);
            events.onConnect(id, Status.ofErrno(-result));
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

    private int finishConnect(long id) {
        int error = sys.socketError(table.fd((int) id));
        if (error == 0) {
            change(id, 0, CONNECTING);
            events.onConnect(id, Status.OK);
        } else {
            sys.close(table.remove((int) id));
            events.onConnect(id, Status.ofErrno(error));
        }
        return 1;
    }

    SocketAddress remoteAddress(long id) {
        return table.isOpen(id) ? sys.remoteAddress(table.fd((int) id)) : null;
    }

    /**
     * Serves a descriptor.
     *
     * @param id    connection
     * @param fd    the table's, if the result is OK
     * @param state of {@link ConnectionTable}
     * @return a status
     */
    int add(long id, int fd, int state) {
        int slots = table.slots();
        int status = closed ? Status.CLOSED : table.reserve(id, fd);
        if (status != Status.OK) {
            return status;
        }
        if (table.slots() > slots) {
            streams.grow(table.slots());
        }
        int result = epoll.add(fd, mask(state), id);
        if (result < 0) {
            return Status.ofErrno(-result);
        }
        table.put(id, fd, state);
        return Status.OK;
    }

    int detach(long id) {
        if (!table.isOpen(id) || isClosing(id) || (table.state((int) id) & CONNECTING) != 0) {
            return Status.CLOSED;
        }
        int fd = table.remove((int) id);
        epoll.remove(fd);
        streams.handBack(id);
        events.onDetached(id, fd);
        return Status.OK;
    }

    // ---- events

    /**
     * Takes an event of an id, which may be one of the past.
     *
     * @param id   epoll data
     * @param mask of {@link EpollEvents}
     * @return events delivered
     */
    int dispatch(long id, int mask) {
        if (!table.isOpen(id)) {
            return 0;
        }
        int slot = (int) id;
        int state = table.state(slot);
        if ((state & (CONNECTING | FAILED)) != 0) {
            return (state & FAILED) == 0 ? finishConnect(id) : 0;
        }
        int delivered = 0;
        if ((mask & EpollEvents.OUT) != 0 && (state & WRITING) != 0) {
            delivered = writable(id);
            if (!table.isOpen(id)) {
                return delivered;
            }
            state = table.state(slot);
        }
        if ((mask & ~EpollEvents.OUT) != 0) {
            if (isReading(state)) {
                delivered += readable(id, slot, state, (mask & ~EpollEvents.IN) != 0);
            } else if ((mask & (EpollEvents.ERR | EpollEvents.HUP)) != 0) {
                int error = sys.socketError(table.fd(slot));
                int reason = error == 0 ? Status.RESET : Status.ofErrno(error);
                end(id, reason, reason);
                delivered++;
            }
        }
        return delivered;
    }

    /**
     * Reads once.
     *
     * @param more whether something lies behind the bytes: FIN, an error, or what a receive stops at
     */
    private int readable(long id, int slot, int state, boolean more) {
        int fd = table.fd(slot);
        int bytes = (state & FLUSHING) != 0 ? streams.discardInput(fd) : streams.receive(fd, id);
        if (bytes > 0) {
            if (more || bytes == streams.receiveBytes()) {
                readOnLater(id);
            }
            return 1;
        }
        if (bytes == -Errno.EAGAIN) {
            return 0;
        }
        if (bytes == 0) {
            endOfInput(id);
        } else if (bytes == -Errno.ENOBUFS) {
            readOnLater(id);
            return 0;
        } else {
            end(id, Status.ofErrno(-bytes), Status.ofErrno(-bytes));
        }
        return 1;
    }

    private void readOnLater(long id) {
        if (table.isOpen(id) && table.state((int) id) == 0) {
            table.state((int) id, UNREAD);
            unread.addLong(id);
        }
    }

    /** Whether there are sockets to be read without waiting. */
    boolean hasUnread() {
        return !unread.isEmpty();
    }

    /**
     * Reads once from each socket that is known to have more, until it has not.
     *
     * @param limit most events
     * @return events delivered
     */
    int readOn(int limit) {
        int delivered = 0;
        for (int left = Math.min(unread.size(), limit); left > 0; left--) {
            long id = unread.pollLong();
            int slot = (int) id;
            if (table.isOpen(id) && (table.state(slot) & UNREAD) != 0) {
                int state = table.state(slot) & ~UNREAD;
                table.state(slot, state);
                // In any other state it waits level-triggered.
                if (state == 0) {
                    delivered += readable(id, slot, state, true);
                }
            }
        }
        return delivered;
    }

    private void endOfInput(long id) {
        change(id, INPUT_ENDED, 0);
        if ((table.state((int) id) & FLUSHING) != 0) {
            advanceFlush(id);
        } else {
            events.onEndOfInput(id);
        }
    }

    private int writable(long id) {
        int slot = (int) id;
        int result = streams.sendQueued(table.fd(slot), id, table);
        if (!table.isOpen(id)) {
            return 1;
        }
        if (result < 0) {
            end(id, Status.ofErrno(-result), Status.ofErrno(-result));
        } else if (!streams.hasUnsent(slot)) {
            change(id, 0, WRITING);
            if ((table.state(slot) & FLUSHING) != 0) {
                advanceFlush(id);
            }
        }
        return 1;
    }

    private void fail(long id, int reason) {
        change(id, FAILED, 0);
        failedIds.addLong(id);
        failedReasons.addInt(reason);
    }

    /**
     * Ends the connections that broke by a send.
     *
     * @return events delivered
     */
    int reportFailed() {
        int delivered = 0;
        while (!failedIds.isEmpty()) {
            int last = failedIds.size() - 1;
            long id = failedIds.fastUnorderedRemove(last);
            int reason = failedReasons.fastUnorderedRemove(last);
            if (table.isOpen(id)) {
                end(id, reason, reason);
                delivered++;
            }
        }
        return delivered;
    }

    // ---- sending and closing

    int send(long id, Buffer buffer, int offset, int length) {
        if (!table.isOpen(id)) {
            return Status.CLOSED;
        }
        int slot = (int) id;
        int state = table.state(slot);
        if ((state & (CONNECTING | FLUSHING | FAILED)) != 0) {
            return (state & CONNECTING) != 0 ? Status.BACK_PRESSURED : Status.CLOSED;
        }
        if ((state & WRITING) != 0) {
            streams.queue(slot, buffer, offset, length);
            return Status.OK;
        }
        int result = streams.send(table.fd(slot), slot, buffer, offset, length);
        if (result == EpollStreams.ALL_SENT) {
            return Status.SENT;
        }
        if (result == EpollStreams.QUEUED) {
            change(id, WRITING, 0);
        } else {
            int reason = Status.ofErrno(-result);
            fail(id, reason);
            events.onSent(id, buffer, length, reason);
        }
        return Status.OK;
    }

    int receiving(long id, boolean on) {
        if (!table.isOpen(id) || isClosing(id)) {
            return Status.CLOSED;
        }
        change(id, on ? 0 : PAUSED, on ? PAUSED : 0);
        return Status.OK;
    }

    int close(long id, CloseMode how) {
        if (!table.isOpen(id)) {
            return Status.CLOSED;
        }
        int state = table.state((int) id);
        if ((state & CONNECTING) != 0) {
            sys.close(table.remove((int) id));
            events.onConnect(id, Status.LOCAL_CLOSE);
        } else if ((state & FAILED) != 0) {
            int index = failedIds.indexOf(id);
            end(id, failedReasons.getInt(index), failedReasons.getInt(index));
        } else if (how == CloseMode.ABORT) {
            sys.lingerZero(table.fd((int) id));
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
        int state = table.state(slot);
        if ((state & INPUT_ENDED) != 0) {
            end(id, Status.LOCAL_CLOSE, Status.CLOSED);
        } else if ((state & FIN_SENT) == 0) {
            int result = sys.shutdown(table.fd(slot), Syscalls.SHUT_WR);
            if (result < 0) {
                end(id, Status.ofErrno(-result), Status.CLOSED);
            } else {
                change(id, FIN_SENT, 0);
            }
        }
    }

    /** The one way in which an established connection ends, detaching apart. */
    private void end(long id, int reason, int sendStatus) {
        sys.close(table.remove((int) id));
        streams.drop(id, sendStatus);
        events.onClosed(id, reason);
    }

    private boolean isClosing(long id) {
        return (table.state((int) id) & (FLUSHING | FAILED)) != 0;
    }

    private static boolean isReading(int state) {
        return (state & INPUT_ENDED) == 0 && (state & (PAUSED | FLUSHING)) != PAUSED;
    }

    /** Errors and hang-ups are reported whatever the mask is. */
    private static int mask(int state) {
        if ((state & ~UNREAD) == 0) {
            return EpollEvents.IN | EpollEvents.RDHUP | EpollEvents.PRI | EpollEvents.EDGE;
        }
        if ((state & (CONNECTING | FAILED)) != 0) {
            return (state & FAILED) != 0 ? 0 : EpollEvents.OUT;
        }
        return (isReading(state) ? EpollEvents.IN : 0) | ((state & WRITING) != 0 ? EpollEvents.OUT : 0);
    }

    private void change(long id, int set, int clear) {
        int slot = (int) id;
        int before = table.state(slot);
        int after = before & ~clear | set;
        table.state(slot, after);
        int mask = mask(after);
        if (mask != mask(before) && epoll.modify(table.fd(slot), mask, id) < 0) {
            counters.errors.increment();
        }
    }

    // ---- the loop's end

    /** Resets all. */
    void close() {
        closed = true;
        for (int slot = 0; slot < table.slots(); slot++) {
            long id = table.idAt(slot);
            if (id >= 0) {
                close(id, CloseMode.ABORT);
            }
        }
    }
}
