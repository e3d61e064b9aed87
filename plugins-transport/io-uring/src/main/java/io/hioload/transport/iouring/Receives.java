package io.hioload.transport.iouring;

import static io.hioload.transport.iouring.ConnectionTable.CONNECTING;
import static io.hioload.transport.iouring.ConnectionTable.DETACHING;
import static io.hioload.transport.iouring.ConnectionTable.ENDING;
import static io.hioload.transport.iouring.ConnectionTable.FLUSHING;
import static io.hioload.transport.iouring.ConnectionTable.INPUT_ENDED;
import static io.hioload.transport.iouring.ConnectionTable.PAUSED;
import static io.hioload.transport.iouring.ConnectionTable.RECEIVE_CANCELLED;
import static io.hioload.transport.iouring.ConnectionTable.RECEIVING;
import static io.hioload.transport.iouring.ConnectionTable.STARVED;

import io.hioload.transport.TransportEvents;
import java.util.Arrays;

/**
 * The receives of a loop: who has one with the kernel, who waits for a buffer, and what becomes of the bytes. The loop's
 * thread only.
 */
final class Receives {

    private final TransportEvents events;
    private final Submissions submissions;
    private final BufferRing buffers;
    private final ConnectionTable table;
    private final UringCounters counters;
    private int[] starved = new int[64];
    private int starvedCount;

    Receives(TransportEvents events, Submissions submissions, BufferRing buffers, ConnectionTable table, UringCounters counters) {
        this.events = events;
        this.submissions = submissions;
        this.buffers = buffers;
        this.table = table;
        this.counters = counters;
    }

    /** Whether a connection is to receive. While it flushes it does, although nobody is told. */
    boolean isWanted(int slot) {
        return !table.has(slot, ENDING | DETACHING | CONNECTING | INPUT_ENDED)
                && (!table.has(slot, PAUSED) || table.has(slot, FLUSHING));
    }

    /** Receives, unless it does or waits for a buffer already. */
    void begin(int slot) {
        if (!table.has(slot, RECEIVING | STARVED)) {
            table.set(slot, RECEIVING);
            submissions.receive(table.fd(slot), table.generation(slot), slot);
        }
    }

    /** Takes the receive back, if there is one. Bytes that it has got still arrive. */
    void cancel(int slot) {
        if (table.has(slot, RECEIVING) && !table.has(slot, RECEIVE_CANCELLED)) {
            table.set(slot, RECEIVE_CANCELLED);
            submissions.cancel(Operation.RECEIVE, table.generation(slot), slot);
        }
    }

    /**
     * Delivers bytes, or drops those of a connection that is being closed.
     *
     * @param slot   connection
     * @param length how many
     * @param flags  of the completion
     * @return events delivered
     */
    int deliver(int slot, int length, int flags) {
        counters.receiveCompletions.increment();
        counters.receiveBytes.add(length);
        if (table.has(slot, ENDING | FLUSHING)) {
            drop(length, flags);
            return 0;
        }
        int number = BufferRing.of(flags);
        int offset = buffers.take(number, length);
        events.onReceive(table.idAt(slot), buffers.buffer(number), offset, length);
        if ((flags & Abi.CQE_F_BUF_MORE) == 0) {
            buffers.finished(number);
        }
        return 1;
    }

    void drop(int length, int flags) {
        int number = BufferRing.of(flags);
        buffers.take(number, length);
        if ((flags & Abi.CQE_F_BUF_MORE) == 0) {
            buffers.finished(number);
        }
    }

    /** Notes a connection whose receive ended for want of buffers. */
    void starve(int slot) {
        table.set(slot, STARVED);
        submissions.reapFewer();
        if (starvedCount == starved.length) {
            starved = Arrays.copyOf(starved, starvedCount * 2);
        }
        starved[starvedCount++] = slot;
    }

    boolean anyStarved() {
        return starvedCount > 0;
    }

    /** Lets those that found no buffer receive again, the longest waiting first. */
    void feed() {
        int count = starvedCount;
        starvedCount = 0;
        for (int i = 0; i < count; i++) {
            int slot = starved[i];
            // Without the mark the slot was freed meanwhile, or is in the list twice.
            if (table.has(slot, STARVED)) {
                table.clear(slot, STARVED);
                if (isWanted(slot)) {
                    begin(slot);
                }
            }
        }
    }
}
