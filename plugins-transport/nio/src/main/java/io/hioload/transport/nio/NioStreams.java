package io.hioload.transport.nio;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.transport.LoopContext;
import io.hioload.transport.SendQueues;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of a {@link NioLoop}: the receive buffer and the queues of what is to be sent. The loop's thread only. Owns
 * one reference of each queued buffer and of the receive buffer.
 */
final class NioStreams {

    private static final int MOST_GATHERED = 16;
    private static final int MOST_WRITES_PER_EVENT = 16;
    private static final int DISCARD_BYTES = 64 << 10;

    private final TransportEvents events;
    private final BufferPool pool;
    private final int receiveBytes;
    private final NioCounters counters;
    private final SendQueues queues;
    private final BufferViews views = new BufferViews();
    private final ByteBuffer[] gathered = new ByteBuffer[MOST_GATHERED];
    private final Buffer[] gatheredFrom = new Buffer[MOST_GATHERED];
    private Buffer receive;
    private ByteBuffer discard;
    private boolean starved;

    NioStreams(LoopContext context, NioCounters counters, int slots) {
        events = context.events();
        pool = context.buffers();
        receiveBytes = context.settings().receiveBytes();
        queues = new SendQueues(slots);
        this.counters = counters;
    }

    void grow(int slots) {
        queues.grow(slots);
    }

    boolean hasUnsent(NioConnection connection) {
        return !queues.isEmpty(connection.slot());
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
     * @param connection open and not closing
     * @return bytes delivered, 0 if there was nothing, negative at the end of input
     * @throws IOException if the connection broke
     */
    int receive(NioConnection connection) throws IOException {
        if (receive == null) {
            receive = pool.acquire(receiveBytes);
            if (receive == null) {
                starved = true;
                counters.receiveStarvations.increment();
                return 0;
            }
        }
        Buffer buffer = receive;
        int bytes = connection.channel.read(views.of(buffer, 0, receiveBytes));
        counters.receiveCalls.increment();
        if (bytes > 0) {
            counters.receiveBytes.add(bytes);
            events.onReceive(connection.id, buffer, 0, bytes);
            if (buffer.refs() != 1) {
                receive = null;
                buffer.release();
            }
        }
        return bytes;
    }

    /**
     * Receives once and drops what came.
     *
     * @param connection being closed by FLUSH
     * @return bytes dropped, 0 if there was nothing, negative at the end of input
     * @throws IOException if the connection broke
     */
    int discard(NioConnection connection) throws IOException {
        if (discard == null) {
            discard = ByteBuffer.allocateDirect(DISCARD_BYTES);
        }
        return connection.channel.read(discard.clear());
    }

    /**
     * Sends or queues.
     *
     * @param connection open
     * @param buffer     whose reference moves in when the result is OK
     * @param offset     first byte
     * @param length     bytes
     * @return SENT or OK
     * @throws IOException if the connection broke
     */
    int send(NioConnection connection, Buffer buffer, int offset, int length) throws IOException {
        int slot = connection.slot();
        if (!queues.isEmpty(slot)) {
            counters.sendsQueued.increment();
            queues.add(slot, buffer, offset, length);
            return Status.OK;
        }
        int bytes = connection.channel.write(views.of(buffer, offset, length));
        counters.sendCalls.increment();
        counters.sendBytes.add(bytes);
        if (bytes == length) {
            return Status.SENT;
        }
        counters.sendsQueued.increment();
        queues.add(slot, buffer, offset, length);
        queues.advance(queues.first(slot), bytes);
        connection.updateInterest(true);
        return Status.OK;
    }

    /**
     * Sends what is queued, as far as the system takes it.
     *
     * @param connection whose queue is not empty
     * @throws IOException if the connection broke
     */
    void sendQueued(NioConnection connection) throws IOException {
        int slot = connection.slot();
        for (int i = 0; i < MOST_WRITES_PER_EVENT && !connection.gone && !queues.isEmpty(slot); i++) {
            int entries = 0;
            long wanted = 0;
            for (int e = queues.first(slot); e >= 0 && entries < MOST_GATHERED; e = queues.after(e)) {
                if (isGathered(queues.buffer(e), entries)) {
                    break;
                }
                gatheredFrom[entries] = queues.buffer(e);
                gathered[entries++] = views.of(queues.buffer(e), queues.offset(e), queues.length(e));
                wanted += queues.length(e);
            }
            long bytes = entries == 1 ? connection.channel.write(gathered[0]) : connection.channel.write(gathered, 0, entries);
            counters.sendCalls.increment();
            counters.sendBytes.add(bytes);
            queues.complete(slot, connection.id, bytes, events);
            if (bytes < wanted) {
                return;
            }
        }
    }

    /** A buffer that is queued twice has one view, which can stand for only one of the entries at a time. */
    private boolean isGathered(Buffer buffer, int entries) {
        for (int i = 0; i < entries; i++) {
            if (gatheredFrom[i] == buffer) {
                return true;
            }
        }
        return false;
    }

    void drop(NioConnection connection, int status) {
        queues.drop(connection.slot(), connection.id, status, events);
    }

    void handBack(NioConnection connection) {
        queues.handBack(connection.slot(), connection.id, events);
    }

    void close() {
        if (receive != null) {
            receive.release();
            receive = null;
        }
    }
}
