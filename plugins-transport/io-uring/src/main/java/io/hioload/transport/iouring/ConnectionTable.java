package io.hioload.transport.iouring;

import io.hioload.transport.Status;
import java.util.Arrays;

/**
 * The connections of one loop by slot, in flat arrays that start small and double: 12 bytes a slot. The loop's thread
 * only. It names descriptors but does not close them.
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
    /** Over, for the {@link #reason}; ends when the kernel has no operation of it any more. */
    static final int ENDING = 1 << 5;
    /** Leaves this loop when the kernel has no operation of it any more. */
    static final int DETACHING = 1 << 6;

    /** A receive is with the kernel. */
    static final int RECEIVING = 1 << 7;
    /** That receive is being cancelled. */
    static final int RECEIVE_CANCELLED = 1 << 8;
    /** A wait for a writable socket is with the kernel. */
    static final int WAITING = 1 << 9;
    /** That wait is being cancelled. */
    static final int WAIT_CANCELLED = 1 << 10;
    /** A send is with the kernel, or its outcome not yet reported. */
    static final int SENDING = 1 << 11;
    /** In the list of those that have something to send. */
    static final int READY = 1 << 12;
    /** In the list of those that found no receive buffer. */
    static final int STARVED = 1 << 13;
    /** A wait for the end of the connection is with the kernel. */
    static final int WATCHED = 1 << 14;
    /** That wait is being cancelled. */
    static final int WATCH_CANCELLED = 1 << 15;

    private static final int FIRST_SLOTS = 64;
    private static final int REASON_SHIFT = 16;
    private static final int NO_FD = -1;

    private final int maxSlots;
    private int[] fds;
    private int[] generations;
    private int[] states;
    private int open;

    ConnectionTable(int maxSlots) {
        this.maxSlots = maxSlots;
        int first = Math.min(FIRST_SLOTS, maxSlots);
        fds = new int[first];
        generations = new int[first];
        states = new int[first];
        Arrays.fill(fds, NO_FD);
    }

    int slots() {
        return fds.length;
    }

    int open() {
        return open;
    }

    /**
     * Makes a slot ready for a connection.
     *
     * @param id names the connection
     * @return OK, or NO_RESOURCES beyond the maximum
     */
    int reserve(long id) {
        int slot = (int) id;
        if (slot < 0 || slot >= maxSlots) {
            return Status.NO_RESOURCES;
        }
        int before = fds.length;
        if (slot >= before) {
            int after = Math.min(maxSlots, Math.max(slot + 1, before * 2));
            fds = Arrays.copyOf(fds, after);
            generations = Arrays.copyOf(generations, after);
            states = Arrays.copyOf(states, after);
            Arrays.fill(fds, before, after, NO_FD);
        }
        return Status.OK;
    }

    void put(long id, int fd, int state) {
        int slot = (int) id;
        fds[slot] = fd;
        generations[slot] = (int) (id >>> 32);
        states[slot] = state;
        open++;
    }

    /**
     * Frees a slot.
     *
     * @param slot an open one
     * @return the descriptor that was in it
     */
    int remove(int slot) {
        int fd = fds[slot];
        fds[slot] = NO_FD;
        states[slot] = 0;
        open--;
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
        return slot >= 0 && slot < fds.length && fds[slot] >= 0 && generations[slot] == (int) (id >>> 32);
    }

    /**
     * Whether an operation was submitted for the connection that is open now.
     *
     * @param data user data of the operation
     * @return false if its slot is empty or another's
     */
    boolean isOpenFor(long data) {
        int slot = Operation.place(data);
        return slot >= 0 && slot < fds.length && fds[slot] >= 0 && Operation.isOf(data, generations[slot]);
    }

    long idAt(int slot) {
        return fds[slot] < 0 ? Status.CLOSED : (long) generations[slot] << 32 | slot;
    }

    int fd(int slot) {
        return fds[slot];
    }

    int generation(int slot) {
        return generations[slot];
    }

    boolean has(int slot, int anyOf) {
        return (states[slot] & anyOf) != 0;
    }

    void set(int slot, int bits) {
        states[slot] |= bits;
    }

    void clear(int slot, int bits) {
        states[slot] &= ~bits;
    }

    /**
     * Notes that a connection is over.
     *
     * @param slot   connection
     * @param reason a negative {@link Status}, kept with the state
     */
    void end(int slot, int reason) {
        states[slot] |= ENDING | -reason << REASON_SHIFT;
    }

    int reason(int slot) {
        return -(states[slot] >>> REASON_SHIFT);
    }
}
