package io.hioload.transport.epoll;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.ffm.Errno;
import io.hioload.transport.LoopContext;
import io.hioload.transport.SendQueues;
import io.hioload.transport.TransportEvents;
import java.lang.foreign.Arena;

/**
 * The bytes of one loop: one receive buffer, used again as long as nobody retained it, and the queues of what sockets did
 * not take at once. The loop's thread only. Owns one reference of each queued buffer and of the receive buffer.
 */
final class EpollStreams {

    /** The socket took all of it. */
    static final int ALL_SENT = 0;
    /** What the socket did not take is queued. */
    static final int QUEUED = 1;

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
    /** Not counted yet, see {@link #count}. */
    private int receiveCalls;
    private int sendCalls;
    private long receivedBytes;
    private long sentBytes;

    EpollStreams(LoopContext context, Syscalls sys, Arena arena, EpollCounters counters, int slots) {
        events = context.events();
        pool = context.buffers();
        receiveBytes = context.settings().receiveBytes();
        this.sys = sys;
        this.counters = counters;
        queues = new SendQueues(slots);
        gather = new GatherList(arena);
    }

    /** The most bytes that one receive takes: one that takes fewer has emptied the socket. */
    int receiveBytes() {
        return receiveBytes;
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
     * @return bytes delivered, 0 at the end of input, or {@code -errno}, ENOBUFS without a buffer
     */
    int receive(int fd, long id) {
        Buffer buffer = receive;
        if (buffer == null) {
            buffer = pool.acquire(receiveBytes);
            if (buffer == null) {
                starved = true;
                counters.receiveStarvations.increment();
                return -Errno.ENOBUFS;
            }
            receive = buffer;
        }
        int bytes = sys.receive(fd, buffer.address(), receiveBytes);
        receiveCalls++;
        if (bytes > 0) {
            receivedBytes += bytes;
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
     * Sends what the socket takes and queues the rest. Nothing may be queued before.
     *
     * @param fd     socket
     * @param slot   connection
     * @param buffer whose reference moves in when it is queued
     * @param offset first byte
     * @param length bytes
     * @return {@link #ALL_SENT}, {@link #QUEUED} or {@code -errno}
     */
    int send(int fd, int slot, Buffer buffer, int offset, int length) {
        int bytes = sys.send(fd, buffer.address() + offset, length);
        sendCalls++;
        if (bytes == length) {
            sentBytes += bytes;
            return ALL_SENT;
        }
        if (bytes < 0 && bytes != -Errno.EAGAIN) {
            return bytes;
        }
        queue(slot, buffer, offset, length);
        if (bytes > 0) {
            sentBytes += bytes;
            queues.advance(queues.first(slot), bytes);
        }
        return QUEUED;
    }

    /** Queues behind what is queued. */
    void queue(int slot, Buffer buffer, int offset, int length) {
        counters.sendsQueued.increment();
        queues.add(slot, buffer, offset, length);
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
            sendCalls++;
            if (bytes < 0) {
                return bytes == -Errno.EAGAIN ? 0 : bytes;
            }
            sentBytes += bytes;
            queues.complete(slot, id, bytes, events);
            if (bytes < wanted) {
                return 0;
            }
        }
        return 0;
    }

    /** Counts what was received and sent since the last call: once a turn, for each counter is a cache line of its own. */
    void count() {
        if (receiveCalls > 0) {
            counters.receiveCalls.add(receiveCalls);
            counters.receiveBytes.add(receivedBytes);
            receiveCalls = 0;
            receivedBytes = 0;
        }
        if (sendCalls > 0) {
            counters.sendCalls.add(sendCalls);
            counters.sendBytes.add(sentBytes);
            sendCalls = 0;
            sentBytes = 0;
        }
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
