package io.hioload.transport.epoll;

import io.hioload.transport.Status;
import java.util.Arrays;

/**
 * The connections of one loop by slot, in a flat array that starts small and doubles: 8 bytes a slot, side by side, so that
 * an event costs one cache line here. The loop's thread only. It names descriptors but does not close them.
 */
final class ConnectionTable {

    /** Not connected yet. */
    static final int CONNECTING = 1;
    /** Receiving was turned off. */
    static final int PAUSED = 1 << 1;
    /** Closing by FLUSH. */
    static final int FLUSHING = 1 << 2;
    /** Our FIN went out. */
    static final int FIN_SENT = 1 << 3;
    /** The peer's FIN came. */
    static final int INPUT_ENDED = 1 << 4;
    /** Something is queued; waits until the socket takes more. */
    static final int WRITING = 1 << 5;
    /** Broken; waits until poll reports that. */
    static final int FAILED = 1 << 6;
    /** On the list of sockets to be read again without the kernel's telling. */
    static final int UNREAD = 1 << 7;

    /** Descriptors share an int with the state: 2^24 of them, which is more than a process can have unless fs.nr_open is raised. */
    private static final int FD_SHIFT = 8;
    private static final int STATE_MASK = (1 << FD_SHIFT) - 1;
    private static final int MOST_FDS = 1 << Integer.SIZE - FD_SHIFT;
    private static final int EMPTY = -1;
    private static final int SLOT_INTS = 2;

    private final int maxSlots;
    /** Of each slot the generation, then the descriptor and the state. */
    private int[] slots;

    ConnectionTable(int slots, int maxSlots) {
        this.maxSlots = maxSlots;
        this.slots = new int[slots * SLOT_INTS];
        Arrays.fill(this.slots, EMPTY);
    }

    int slots() {
        return slots.length / SLOT_INTS;
    }

    /**
     * Makes a slot ready for a connection.
     *
     * @param id names the connection
     * @param fd its descriptor
     * @return OK, or NO_RESOURCES beyond the maximum of either
     */
    int reserve(long id, int fd) {
        int slot = (int) id;
        if (slot < 0 || slot >= maxSlots || fd >= MOST_FDS - 1) {
            return Status.NO_RESOURCES;
        }
        int before = slots.length;
        if (slot >= before / SLOT_INTS) {
            int after = Math.min(maxSlots, Math.max(slot + 1, before)) * SLOT_INTS;
            slots = Arrays.copyOf(slots, after);
            Arrays.fill(slots, before, after, EMPTY);
        }
        return Status.OK;
    }

    void put(long id, int fd, int state) {
        int slot = (int) id;
        slots[slot * SLOT_INTS] = (int) (id >>> 32);
        slots[slot * SLOT_INTS + 1] = fd << FD_SHIFT | state;
    }

    /**
     * Frees a slot.
     *
     * @param slot an open one
     * @return the descriptor that was in it
     */
    int remove(int slot) {
        int fd = fd(slot);
        slots[slot * SLOT_INTS + 1] = EMPTY;
        return fd;
    }

    /**
     * Whether an id names an open connection.
     *
     * @param id any number
     * @return false if its slot is empty, another's or out of range
     */
    boolean isOpen(long id) {
        int slot = (int) id;
        int at = slot * SLOT_INTS;
        int[] all = slots;
        return at >= 0 && at < all.length && all[at] == (int) (id >>> 32) && all[at + 1] != EMPTY;
    }

    long idAt(int slot) {
        int at = slot * SLOT_INTS;
        return slots[at + 1] == EMPTY ? Status.CLOSED : (long) slots[at] << 32 | slot;
    }

    int fd(int slot) {
        return slots[slot * SLOT_INTS + 1] >>> FD_SHIFT;
    }

    int state(int slot) {
        return slots[slot * SLOT_INTS + 1] & STATE_MASK;
    }

    void state(int slot, int state) {
        int at = slot * SLOT_INTS + 1;
        slots[at] = slots[at] & ~STATE_MASK | state;
    }
}
