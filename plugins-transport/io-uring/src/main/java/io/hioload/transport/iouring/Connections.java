package io.hioload.transport.iouring;

import static io.hioload.transport.iouring.ConnectionTable.CONNECTING;
import static io.hioload.transport.iouring.ConnectionTable.DETACHING;
import static io.hioload.transport.iouring.ConnectionTable.ENDING;
import static io.hioload.transport.iouring.ConnectionTable.FIN_SENT;
import static io.hioload.transport.iouring.ConnectionTable.FLUSHING;
import static io.hioload.transport.iouring.ConnectionTable.INPUT_ENDED;
import static io.hioload.transport.iouring.ConnectionTable.PAUSED;
import static io.hioload.transport.iouring.ConnectionTable.READY;
import static io.hioload.transport.iouring.ConnectionTable.RECEIVE_CANCELLED;
import static io.hioload.transport.iouring.ConnectionTable.RECEIVING;
import static io.hioload.transport.iouring.ConnectionTable.SENDING;
import static io.hioload.transport.iouring.ConnectionTable.WAITING;
import static io.hioload.transport.iouring.ConnectionTable.WAIT_CANCELLED;
import static io.hioload.transport.iouring.ConnectionTable.WATCHED;
import static io.hioload.transport.iouring.ConnectionTable.WATCH_CANCELLED;

import io.hioload.buffer.Buffer;
import io.hioload.ffm.Errno;
import io.hioload.ffm.socket.Sockets;
import io.hioload.transport.CloseMode;
import io.hioload.transport.SendQueues;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import java.net.SocketAddress;

/**
 * What the connections of a loop do: the life of each from open to closed or detached. {@link Openings} lets them in. The
 * loop's thread only. Owns the descriptors and, by the queues, the buffers to be sent.
 *
 * <p>A slot is freed only when the kernel has no operation of it any more, so ending and detaching take until the
 * cancelled operations have completed, which is the next {@link UringLoop#poll}.
 */
final class Connections {

    private final TransportEvents events;
    private final Sockets sockets;
    private final Submissions submissions;
    private final Waits waits;
    private final Receives receives;
    private final Sends sends;
    private final ConnectionTable table;
    private final SendQueues queues;
    private final UringCounters counters;
    private boolean closing;

    Connections(TransportEvents events, Sockets sockets, Submissions submissions, Waits waits, Receives receives, Sends sends,
            ConnectionTable table, SendQueues queues, UringCounters counters) {
        this.events = events;
        this.sockets = sockets;
        this.submissions = submissions;
        this.waits = waits;
        this.receives = receives;
        this.sends = sends;
        this.table = table;
        this.queues = queues;
        this.counters = counters;
    }

    SocketAddress remoteAddress(long id) {
        return table.isOpen(id) ? sockets.remoteAddress(table.fd((int) id)) : null;
    }

    // ---- receiving

    int receiving(long id, boolean on) {
        if (!table.isOpen(id) || table.has((int) id, ENDING | FLUSHING)) {
            return Status.CLOSED;
        }
        int slot = (int) id;
        if (on) {
            table.clear(slot, PAUSED);
            if (receives.isWanted(slot)) {
                receives.begin(slot);
            }
        } else {
            table.set(slot, PAUSED);
            receives.cancel(slot);
            waits.watch(slot);
        }
        return Status.OK;
    }

    /**
     * Takes the completion of a wait for the end of a connection. While there is a receive, that one tells.
     *
     * @param data its user data
     * @return events delivered
     */
    int broken(long data) {
        submissions.ended();
        if (!table.isOpenFor(data)) {
            return 0;
        }
        int slot = Operation.place(data);
        table.clear(slot, WATCHED | WATCH_CANCELLED);
        if (table.has(slot, ENDING | DETACHING)) {
            settle(slot);
            return 0;
        }
        int errno = waits.isAloneWatching(slot) ? sockets.socketError(table.fd(slot)) : 0;
        if (errno == 0) {
            return 0;
        }
        end(slot, Status.ofErrno(errno));
        return 1;
    }

    /**
     * Takes a completion of a receive.
     *
     * @param data   its user data
     * @param result its result
     * @param flags  its flags
     * @return events delivered
     */
    int received(long data, int result, int flags) {
        int slot = Operation.place(data);
        boolean last = (flags & Abi.CQE_F_MORE) == 0;
        if (last) {
            submissions.ended();
        }
        if (!table.isOpenFor(data)) {
            // Only after a close that did not wait for the kernel to the end.
            if (result > 0) {
                receives.drop(result, flags);
            }
            return 0;
        }
        if (last) {
            table.clear(slot, RECEIVING | RECEIVE_CANCELLED);
        }
        long id = table.idAt(slot);
        if (result <= 0) {
            return notReceived(slot, id, result);
        }
        int delivered = receives.deliver(slot, result, flags);
        if (last && table.isOpen(id)) {
            goOn(slot);
        }
        return delivered;
    }

    private void goOn(int slot) {
        if (receives.isWanted(slot)) {
            receives.begin(slot);
        } else {
            settle(slot);
        }
    }

    private int notReceived(int slot, long id, int result) {
        if (table.has(slot, ENDING)) {
            settle(slot);
            return 0;
        }
        switch (-result) {
            case 0 -> {
                table.set(slot, INPUT_ENDED);
                if (table.has(slot, FLUSHING)) {
                    advanceFlush(slot);
                } else {
                    events.onEndOfInput(id);
                    if (table.isOpen(id)) {
                        settle(slot);
                    }
                }
                return 1;
            }
            case Errno.ENOBUFS -> {
                counters.receiveStarvations.increment();
                if (receives.isWanted(slot)) {
                    receives.starve(slot);
                } else {
                    settle(slot);
                }
                return 0;
            }
            case Errno.ECANCELED, Errno.EINTR, Errno.EAGAIN -> {
                goOn(slot);
                return 0;
            }
            default -> {
                end(slot, Status.ofErrno(-result));
                return 1;
            }
        }
    }

    // ---- sending

    int send(long id, Buffer buffer, int offset, int length) {
        if (!table.isOpen(id)) {
            return Status.CLOSED;
        }
        int slot = (int) id;
        if (table.has(slot, CONNECTING | FLUSHING | ENDING)) {
            return table.has(slot, CONNECTING) ? Status.BACK_PRESSURED : Status.CLOSED;
        }
        queues.add(slot, buffer, offset, length);
        if (!table.has(slot, READY | SENDING | WAITING | DETACHING)) {
            sends.ready(slot);
        }
        return Status.OK;
    }

    /**
     * Takes the outcome of a send.
     *
     * @param slot   connection
     * @param length what the operation was given
     * @param result bytes sent, or {@code -errno}
     */
    void sent(int slot, int length, int result) {
        if (result > 0) {
            counters.sendBytes.add(result);
            // Still marked as sending, so that what is called back only queues and marks.
            queues.complete(slot, table.idAt(slot), result, events);
        }
        table.clear(slot, SENDING);
        if (table.has(slot, ENDING | DETACHING)) {
            settle(slot);
        } else if (result == length) {
            continueSending(slot);
        } else if (Sends.isPassing(result)) {
            counters.sendsShort.increment();
            waits.awaitWritable(slot);
        } else {
            end(slot, Status.ofErrno(-result));
        }
    }

    private void continueSending(int slot) {
        if (!queues.isEmpty(slot)) {
            sends.ready(slot);
        } else if (table.has(slot, FLUSHING)) {
            advanceFlush(slot);
        }
    }

    /**
     * Takes the completion of a wait for a writable socket.
     *
     * @param data its user data
     * @return events delivered
     */
    int writable(long data) {
        submissions.ended();
        if (!table.isOpenFor(data)) {
            return 0;
        }
        int slot = Operation.place(data);
        table.clear(slot, WAITING | WAIT_CANCELLED);
        if (table.has(slot, ENDING | DETACHING)) {
            settle(slot);
            return 0;
        }
        if (!table.has(slot, CONNECTING)) {
            continueSending(slot);
            return 0;
        }
        int errno = sockets.socketError(table.fd(slot));
        if (errno != 0) {
            end(slot, Status.ofErrno(errno));
        } else {
            table.clear(slot, CONNECTING);
            if (receives.isWanted(slot)) {
                receives.begin(slot);
            }
            events.onConnect(table.idAt(slot), Status.OK);
        }
        return 1;
    }

    // ---- ending

    int close(long id, CloseMode how) {
        if (!table.isOpen(id)) {
            return Status.CLOSED;
        }
        int slot = (int) id;
        if (table.has(slot, ENDING)) {
            return Status.OK;
        }
        table.clear(slot, DETACHING);
        if (table.has(slot, CONNECTING)) {
            end(slot, Status.LOCAL_CLOSE);
        } else if (how == CloseMode.ABORT) {
            sockets.lingerZero(table.fd(slot));
            end(slot, Status.LOCAL_CLOSE);
        } else if (!table.has(slot, FLUSHING)) {
            table.set(slot, FLUSHING);
            if (!queues.isEmpty(slot) && !table.has(slot, READY | SENDING | WAITING)) {
                sends.ready(slot); // detaching had held it back
            }
            advanceFlush(slot);
        }
        return Status.OK;
    }

    private void advanceFlush(int slot) {
        if (queues.isEmpty(slot) && !table.has(slot, SENDING)) {
            if (table.has(slot, INPUT_ENDED)) {
                end(slot, Status.LOCAL_CLOSE);
                return;
            }
            if (!table.has(slot, FIN_SENT)) {
                int result = sockets.shutdown(table.fd(slot), Sockets.SHUT_WR);
                if (result < 0) {
                    end(slot, Status.ofErrno(-result));
                    return;
                }
                table.set(slot, FIN_SENT);
            }
        }
        if (receives.isWanted(slot)) {
            receives.begin(slot);
        }
    }

    private void end(int slot, int reason) {
        table.end(slot, reason);
        if (reason == Status.OS_ERROR) {
            counters.errors.increment();
        }
        cancel(slot);
        settle(slot);
    }

    int detach(long id) {
        if (!table.isOpen(id) || table.has((int) id, ENDING | FLUSHING | DETACHING | CONNECTING)) {
            return Status.CLOSED;
        }
        int slot = (int) id;
        table.set(slot, DETACHING);
        cancel(slot);
        settle(slot);
        return Status.OK;
    }

    private void cancel(int slot) {
        if (closing) {
            return; // everything is cancelled together
        }
        receives.cancel(slot);
        waits.cancel(slot);
    }

    /**
     * A cancel did not find its operation: either that has completed, and there is nothing left to do, or it was just
     * running, and is still wanted back.
     *
     * @param data user data of the cancel
     */
    void cancelFailed(long data) {
        if (!table.isOpenFor(data)) {
            return;
        }
        int slot = Operation.place(data);
        table.clear(slot, RECEIVE_CANCELLED | WAIT_CANCELLED | WATCH_CANCELLED);
        if (table.has(slot, ENDING | DETACHING)) {
            cancel(slot);
        } else if (!receives.isWanted(slot)) {
            receives.cancel(slot);
        }
    }

    /** Ends or hands over a connection that the kernel has no operation of any more. */
    private void settle(int slot) {
        if (!table.has(slot, ENDING | DETACHING) || table.has(slot, RECEIVING | WAITING | SENDING | WATCHED)) {
            return;
        }
        long id = table.idAt(slot);
        boolean ending = table.has(slot, ENDING);
        boolean connecting = table.has(slot, CONNECTING);
        int reason = table.reason(slot);
        int fd = table.remove(slot);
        if (!ending) {
            queues.handBack(slot, id, events);
            events.onDetached(id, fd);
            return;
        }
        sockets.close(fd);
        if (connecting) {
            events.onConnect(id, reason);
        } else {
            queues.drop(slot, id, reason == Status.LOCAL_CLOSE ? Status.CLOSED : reason, events);
            events.onClosed(id, reason);
        }
    }

    // ---- the loop's end

    /** Begins to reset all connections; they end as their operations, which the loop cancels, complete. */
    void closeAll() {
        closing = true;
        for (int slot = 0; slot < table.slots(); slot++) {
            close(table.idAt(slot), CloseMode.ABORT);
        }
    }

    /** Ends those that are left although the kernel still has operations of theirs. */
    void closeAnyway() {
        for (int slot = 0; slot < table.slots(); slot++) {
            if (table.idAt(slot) >= 0) {
                table.clear(slot, RECEIVING | WAITING | SENDING | WATCHED);
                settle(slot);
            }
        }
    }
}
