package io.hioload.transport.epoll;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.ffm.Errno;
import io.hioload.transport.LoopContext;
import io.hioload.transport.SendQueues;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import java.lang.foreign.Arena;

/**
 * The bytes of one loop: one receive buffer, used again as long as nobody retained it, and the queues of what sockets did
 * not take at once. The loop's thread only. Owns one reference of each queued buffer and of the receive buffer.
 */
final class EpollStreams {

    private static final int MOST_SENDS_PER_EVENT = 16;
    private static final int DISCARD_BYTES = 1 << 20;

    private final TransportEvents events;
    private final BufferPool pool;
    private final int receiveBytes;
    private final Syscalls sys;
    private final EpollCounters counters;
    private final SendQueues queues;
    private final GatherList gather;
    private Buffer receive;
    private boolean starved;

    EpollStreams(LoopContext context, Syscalls sys, Arena arena, EpollCounters counters, int slots) {
        events = context.events();
        pool = context.buffers();
        receiveBytes = context.settings().receiveBytes();
        this.sys = sys;
        this.counters = counters;
        queues = new SendQueues(slots);
        gather = new GatherList(arena);
    }

    void grow(int slots) {
        queues.grow(slots);
    }

    boolean hasUnsent(int slot) {
        return !queues.isEmpty(slot);
    }

    /**
     * Whether a receive found no buffer since the last call.
     *
     * @return true once after each starvation
     */
    boolean starved() {
        boolean was = starved;
        starved = false;
        return was;
    }

    /**
     * Receives once and delivers.
     *
     * @param fd socket
     * @param id connection
     * @return bytes delivered, 0 at the end of input, or {@code -errno}, EAGAIN also without a buffer
     */
    int receive(int fd, long id) {
        Buffer buffer = receive;
        if (buffer == null) {
            buffer = pool.acquire(receiveBytes);
            if (buffer == null) {
                starved = true;
                counters.receiveStarvations.increment();
                return -Errno.EAGAIN;
            }
            receive = buffer;
        }
        int bytes = sys.receive(fd, buffer.address(), receiveBytes);
        counters.receiveCalls.increment();
        if (bytes > 0) {
            counters.receiveBytes.add(bytes);
            events.onReceive(id, buffer, 0, bytes);
            if (buffer.refs() != 1) {
                receive = null;
                buffer.release();
            }
        }
        return bytes;
    }

    /**
     * Drops input.
     *
     * @param fd socket
     * @return bytes dropped, 0 at the end of input, or {@code -errno}
     */
    int discardInput(int fd) {
        return sys.discardInput(fd, DISCARD_BYTES);
    }

    /**
     * Sends now or queues.
     *
     * @param fd     socket
     * @param id     connection
     * @param buffer whose reference moves in, unless the result is an error
     * @param offset first byte
     * @param length bytes
     * @return 1 if the queue was empty and is not any more, 0 otherwise, or {@code -errno}
     */
    int send(int fd, long id, Buffer buffer, int offset, int length) {
        int slot = (int) id;
        if (!queues.isEmpty(slot)) {
            counters.sendsQueued.increment();
            queues.add(slot, buffer, offset, length);
            return 0;
        }
        int bytes = sys.send(fd, buffer.address() + offset, length);
        counters.sendCalls.increment();
        if (bytes == length) {
            counters.sendBytes.add(bytes);
            events.onSent(id, buffer, length, Status.OK);
            return 0;
        }
        if (bytes < 0 && bytes != -Errno.EAGAIN) {
            return bytes;
        }
        counters.sendsQueued.increment();
        queues.add(slot, buffer, offset, length);
        if (bytes > 0) {
            counters.sendBytes.add(bytes);
            queues.advance(queues.first(slot), bytes);
        }
        return 1;
    }

    /**
     * Sends what is queued, as far as the socket takes it. Its completions may close the connection.
     *
     * @param fd          socket
     * @param id          connection
     * @param connections tells whether it is still open
     * @return 0 or {@code -errno}
     */
    int sendQueued(int fd, long id, ConnectionTable connections) {
        int slot = (int) id;
        for (int i = 0; i < MOST_SENDS_PER_EVENT && connections.isOpen(id) && !queues.isEmpty(slot); i++) {
            gather.clear();
            int entry = queues.first(slot);
            while (gather.add(queues.buffer(entry).address() + queues.offset(entry), queues.length(entry))) {
                entry = queues.after(entry);
                if (entry < 0) {
                    break;
                }
            }
            long wanted = gather.bytes();
            int bytes = sys.send(fd, gather);
            counters.sendCalls.increment();
            if (bytes < 0) {
                return bytes == -Errno.EAGAIN ? 0 : bytes;
            }
            counters.sendBytes.add(bytes);
            queues.complete(slot, id, bytes, events);
            if (bytes < wanted) {
                return 0;
            }
        }
        return 0;
    }

    void drop(long id, int status) {
        queues.drop((int) id, id, status, events);
    }

    void handBack(long id) {
        queues.handBack((int) id, id, events);
    }

    void close() {
        if (receive != null) {
            receive.release();
            receive = null;
        }
    }
}
