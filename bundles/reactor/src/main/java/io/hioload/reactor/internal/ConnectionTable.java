package io.hioload.reactor.internal;

import java.util.Arrays;

/**
 * The connections of one reactor by slot. Slots are dense: the one that was freed last is given out first, and a new one
 * is begun only when none is free. An id is {@code generation << 32 | slot}; the generation, 31 bits from 1, grows with
 * each use of the slot, so that an id of the past finds nothing. The reactor's thread only.
 *
 * <p>Cost: 12 bytes for each slot here, doubled when full, never given back.
 */
final class ConnectionTable {

    private static final int FIRST_SLOTS = 64;

    private ReactorConnection[] connections = new ReactorConnection[FIRST_SLOTS];
    private int[] generations = new int[FIRST_SLOTS];
    private int[] free = new int[FIRST_SLOTS];
    private int freeCount;
    private int begun;

    /**
     * Takes a slot and names it.
     *
     * @return an id, 0 or more, for {@link #put}
     */
    long allot() {
        int slot = freeCount > 0 ? free[--freeCount] : begun++;
        if (slot == connections.length) {
            int slots = slot * 2;
            connections = Arrays.copyOf(connections, slots);
            generations = Arrays.copyOf(generations, slots);
            free = Arrays.copyOf(free, slots);
        }
        int generation = generations[slot] + 1 & 0x7fff_ffff;
        generations[slot] = generation == 0 ? 1 : generation;
        return (long) generations[slot] << 32 | slot;
    }

    void put(ReactorConnection connection) {
        connections[(int) connection.id()] = connection;
    }

    /**
     * Frees the slot of a connection.
     *
     * @param connection that is in the table
     */
    void remove(ReactorConnection connection) {
        int slot = (int) connection.id();
        connections[slot] = null;
        free[freeCount++] = slot;
    }

    /**
     * The connection of an id.
     *
     * @param id any number
     * @return the connection, or null if the id is of the past
     */
    ReactorConnection find(long id) {
        int slot = (int) id;
        ReactorConnection[] all = connections;
        if (slot < 0 || slot >= all.length) {
            return null;
        }
        ReactorConnection connection = all[slot];
        return connection != null && connection.id() == id ? connection : null;
    }

    ReactorConnection at(int slot) {
        return connections[slot];
    }

    /** Slots from here on were never in use. */
    int begun() {
        return begun;
    }

    /** How many slots there is room for now. */
    int capacity() {
        return connections.length;
    }

    /** What the connections have not sent yet. Any thread; as exact as a reading of moving things can be. */
    long unsentBytes() {
        long sum = 0;
        for (ReactorConnection connection : connections) {
            if (connection != null) {
                sum += connection.unsentBytes();
            }
        }
        return sum;
    }
}
