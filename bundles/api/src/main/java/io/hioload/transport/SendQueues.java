package io.hioload.transport;

import io.hioload.buffer.Buffer;
import java.util.Arrays;

/**
 * The unsent buffers of every connection of one loop: a first-in first-out queue for each slot, in flat arrays that are
 * shared by all slots. An idle connection costs 8 bytes. Entries, not buffers, are linked, so that one buffer can wait
 * on many connections.
 *
 * <p>The loop's thread only. References move in with {@link #add} and out with {@link #remove}.
 */
public final class SendQueues {

    private static final int NONE = -1;

    private int[] head;
    private int[] tail;

    private Buffer[] buffers;
    private int[] offsets;
    private int[] lengths;
    private int[] totals;
    private int[] next;
    private int free = NONE;
    private int entries;

    // Of the slot that complete() is at work on: entries at its head that the system took but that are not reported yet.
    private int taken;
    private int takenSlot = NONE;

    /**
     * Makes empty queues.
     *
     * @param slots how many slots to begin with; {@link #grow} adds more
     */
    public SendQueues(int slots) {
        head = new int[slots];
        tail = new int[slots];
        Arrays.fill(head, NONE);
        Arrays.fill(tail, NONE);
        buffers = new Buffer[0];
        offsets = new int[0];
        lengths = new int[0];
        totals = new int[0];
        next = new int[0];
    }

    /**
     * Makes room for more slots.
     *
     * @param slots the new number, not less than before
     */
    public void grow(int slots) {
        int before = head.length;
        head = Arrays.copyOf(head, slots);
        tail = Arrays.copyOf(tail, slots);
        Arrays.fill(head, before, slots, NONE);
        Arrays.fill(tail, before, slots, NONE);
    }

    /**
     * Appends bytes to a slot's queue. A send of which the system took a part at once is added whole and then
     * {@link #advance}d by that part, so that {@link #total} stays what the caller sent.
     *
     * @param slot   slot
     * @param buffer holds the bytes; its reference is the queue's now
     * @param offset first byte
     * @param length how many
     */
    public void add(int slot, Buffer buffer, int offset, int length) {
        if (free == NONE) {
            moreEntries();
        }
        int entry = free;
        free = next[entry];
        buffers[entry] = buffer;
        offsets[entry] = offset;
        lengths[entry] = length;
        totals[entry] = length;
        next[entry] = NONE;
        if (head[slot] == NONE) {
            head[slot] = entry;
        } else {
            next[tail[slot]] = entry;
        }
        tail[slot] = entry;
        entries++;
    }

    private void moreEntries() {
        int before = next.length;
        int after = Math.max(64, before * 2);
        buffers = Arrays.copyOf(buffers, after);
        offsets = Arrays.copyOf(offsets, after);
        lengths = Arrays.copyOf(lengths, after);
        totals = Arrays.copyOf(totals, after);
        next = Arrays.copyOf(next, after);
        for (int i = before; i < after - 1; i++) {
            next[i] = i + 1;
        }
        next[after - 1] = NONE;
        free = before;
    }

    /**
     * Whether a slot has nothing to send.
     *
     * @param slot slot
     * @return true if its queue is empty
     */
    public boolean isEmpty(int slot) {
        return head[slot] == NONE;
    }

    /**
     * The first entry of a slot.
     *
     * @param slot slot
     * @return an entry for the accessors below, or -1
     */
    public int first(int slot) {
        return head[slot];
    }

    /**
     * The entry behind another one.
     *
     * @param entry entry
     * @return the next entry, or -1
     */
    public int after(int entry) {
        return next[entry];
    }

    /**
     * The buffer of an entry.
     *
     * @param entry entry
     * @return the buffer
     */
    public Buffer buffer(int entry) {
        return buffers[entry];
    }

    /**
     * The first unsent byte of an entry.
     *
     * @param entry entry
     * @return offset in its buffer
     */
    public int offset(int entry) {
        return offsets[entry];
    }

    /**
     * The unsent bytes of an entry.
     *
     * @param entry entry
     * @return how many
     */
    public int length(int entry) {
        return lengths[entry];
    }

    /**
     * The bytes of an entry when it was added: what {@link TransportEvents#onSent} is told.
     *
     * @param entry entry
     * @return how many
     */
    public int total(int entry) {
        return totals[entry];
    }

    /**
     * Takes bytes that were sent off the front of an entry.
     *
     * @param entry entry
     * @param bytes how many, less than its length
     */
    public void advance(int entry, int bytes) {
        offsets[entry] += bytes;
        lengths[entry] -= bytes;
    }

    /**
     * Takes the first entry of a slot out.
     *
     * @param slot slot whose queue is not empty
     * @return its buffer, whose reference is the caller's now
     */
    public Buffer remove(int slot) {
        int entry = head[slot];
        Buffer buffer = buffers[entry];
        head[slot] = next[entry];
        if (head[slot] == NONE) {
            tail[slot] = NONE;
        }
        buffers[entry] = null;
        next[entry] = free;
        free = entry;
        entries--;
        return buffer;
    }

    /**
     * Takes bytes that the system took off the front of a slot's queue, and reports each buffer that is through. What
     * {@link TransportEvents#onSent} calls back for may add to this queue, drop it or hand it back: then the rest is
     * reported from there.
     *
     * @param slot   slot
     * @param id     connection of the slot
     * @param bytes  how many the system took, at most what is queued
     * @param events is told
     */
    public void complete(int slot, long id, long bytes, TransportEvents events) {
        int whole = 0;
        int entry = head[slot];
        long left = bytes;
        while (entry != NONE && left >= lengths[entry]) {
            left -= lengths[entry];
            entry = next[entry];
            whole++;
        }
        if (left > 0) {
            advance(entry, (int) left);
        }
        taken = whole;
        takenSlot = slot;
        while (taken > 0) {
            taken--;
            reportSent(slot, id, Status.OK, events);
        }
        takenSlot = NONE;
    }

    /**
     * Empties a slot's queue by {@link TransportEvents#onSent}. The connection must already be closed to senders.
     *
     * @param slot   slot
     * @param id     connection of the slot
     * @param status what the owners of the buffers are told
     * @param events is told
     */
    public void drop(int slot, long id, int status, TransportEvents events) {
        reportTaken(slot, id, events);
        while (head[slot] != NONE) {
            reportSent(slot, id, status, events);
        }
    }

    /**
     * Empties a slot's queue by {@link TransportEvents#onUnsent}. The connection must already be closed to senders.
     *
     * @param slot   slot
     * @param id     connection of the slot
     * @param events is told
     */
    public void handBack(int slot, long id, TransportEvents events) {
        reportTaken(slot, id, events);
        while (head[slot] != NONE) {
            int offset = offsets[head[slot]];
            int length = lengths[head[slot]];
            events.onUnsent(id, remove(slot), offset, length);
        }
    }

    private void reportTaken(int slot, long id, TransportEvents events) {
        if (slot != takenSlot) {
            return;
        }
        int left = taken;
        taken = 0;
        while (left-- > 0) {
            reportSent(slot, id, Status.OK, events);
        }
    }

    private void reportSent(int slot, long id, int status, TransportEvents events) {
        int length = totals[head[slot]];
        events.onSent(id, remove(slot), length, status);
    }

    /**
     * How many entries wait in all queues together.
     *
     * @return entries
     */
    public int size() {
        return entries;
    }
}
