package io.hioload.transport.nio;

import io.hioload.transport.Status;
import java.nio.channels.SelectionKey;
import java.util.Arrays;

/** The connections of one loop by slot; it starts small and doubles. The loop's thread only. Owns no channels. */
final class NioTable {

    static final int FIRST_SLOTS = 64;

    private final SelectorKeys keys;
    private final NioStreams streams;
    private final int maxConnections;
    private NioConnection[] connections = new NioConnection[FIRST_SLOTS];

    NioTable(SelectorKeys keys, NioStreams streams, int maxConnections) {
        this.keys = keys;
        this.streams = streams;
        this.maxConnections = maxConnections;
    }

    /**
     * Takes a connection and waits for what it waits for.
     *
     * @param connection not in a table yet
     * @return OK, NO_RESOURCES beyond the maximum, or CLOSED if its channel cannot be selected
     */
    int add(NioConnection connection) {
        int slot = connection.slot();
        if (slot < 0 || slot >= maxConnections) {
            return Status.NO_RESOURCES;
        }
        if (slot >= connections.length) {
            int slots = Math.min(maxConnections, Math.max(slot + 1, connections.length * 2));
            connections = Arrays.copyOf(connections, slots);
            streams.grow(slots);
        }
        SelectionKey key = keys.register(connection.channel, 0, connection);
        if (key == null) {
            return Status.CLOSED;
        }
        connection.key = key;
        connections[slot] = connection;
        connection.updateInterest(false);
        return Status.OK;
    }

    void remove(NioConnection connection) {
        connection.gone = true;
        connections[connection.slot()] = null;
    }

    /** The connection of that name, {@code null} if there is none. */
    NioConnection find(long id) {
        int slot = (int) id;
        if (slot < 0 || slot >= connections.length) {
            return null;
        }
        NioConnection connection = connections[slot];
        return connection != null && connection.id == id ? connection : null;
    }

    int slots() {
        return connections.length;
    }

    NioConnection at(int slot) {
        return connections[slot];
    }
}
