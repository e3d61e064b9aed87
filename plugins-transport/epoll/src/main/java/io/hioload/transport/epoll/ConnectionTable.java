package io.hioload.transport.epoll;

import io.hioload.transport.Status;
import java.util.Arrays;

/**
 * The connections of one loop by slot, in flat arrays that start small and double: 9 bytes a slot. The loop's thread
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
    /** Something is queued; waits until the socket takes more. */
    static final int WRITING = 1 << 5;
    /** Broken; waits until poll reports that. */
    static final int FAILED = 1 << 6;

    private static final int NO_FD = -1;

    private final int maxSlots;
    private int[] fds;
    private int[] generations;
    private byte[] states;

    ConnectionTable(int slots, int maxSlots) {
        this.maxSlots = maxSlots;
        fds = new int[slots];
        generations = new int[slots];
        states = new byte[slots];
        Arrays.fill(fds, NO_FD);
    }

    int slots() {
        return fds.length;
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
        states[slot] = (byte) state;
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

    long idAt(int slot) {
        return fds[slot] < 0 ? Status.CLOSED : (long) generations[slot] << 32 | slot;
    }

    int fd(int slot) {
        return fds[slot];
    }

    int state(int slot) {
        return states[slot];
    }

    void state(int slot, int state) {
        states[slot] = (byte) state;
    }
}
