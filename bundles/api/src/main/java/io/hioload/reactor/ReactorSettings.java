package io.hioload.reactor;

import io.hioload.affinity.Placement;
import io.hioload.transport.TransportSettings;

/**
 * How a group of reactors runs.
 *
 * @param name           begins the names of its threads and probes, such as {@code default}
 * @param reactors       how many; 0 is one for each CPU's worth of time that the process may use, at least one
 * @param maxConnections the most connections at once over the whole group; more are refused and counted
 * @param pinned         pin each reactor's thread to a CPU, and its memory to the CPU's node
 * @param placement      which CPUs these are
 * @param idle           what to do when there is nothing to do
 * @param eventsPerTurn  about how many events, and how many tasks, one turn handles at the most
 * @param taskQueueSlots how many tasks from other threads can wait for one reactor, a power of two
 * @param highWaterBytes a connection with more unsent bytes than this is not writable
 * @param lowWaterBytes  it is writable again when it has this many or fewer
 * @param lingerNs       how long a flushing close waits for the peer to take bytes, or to end, before the connection is
 *                       reset; up to twelve times as long for a peer that goes on taking them
 * @param transport      what the loops are tuned by
 * @param rebalance      when connections move from a busy reactor to an idle one
 */
public record ReactorSettings(String name, int reactors, int maxConnections, boolean pinned, Placement placement, IdlePolicy idle,
        int eventsPerTurn, int taskQueueSlots, int highWaterBytes, int lowWaterBytes, long lingerNs, TransportSettings transport,
        RebalancePolicy rebalance) {

    /** The most connections when nothing is given. */
    public static final int DEFAULT_MAX_CONNECTIONS = 1_000_000;
    /** Events in one turn when nothing is given. */
    public static final int DEFAULT_EVENTS_PER_TURN = 1024;
    /** Task queue when nothing is given. */
    public static final int DEFAULT_TASK_QUEUE_SLOTS = 1 << 16;
    /** High water mark when nothing is given: 1 MiB. */
    public static final int DEFAULT_HIGH_WATER_BYTES = 1 << 20;
    /** Low water mark when nothing is given: 256 KiB. */
    public static final int DEFAULT_LOW_WATER_BYTES = 256 << 10;
    /** Linger when nothing is given: 5 s. */
    public static final long DEFAULT_LINGER_NS = 5_000_000_000L;

    /**
     * Settings without a rebalance, for reactors that are far apart if they are pinned.
     *
     * @param name           begins the names of its threads and probes
     * @param reactors       how many
     * @param maxConnections the most connections at once
     * @param pinned         pin each reactor's thread to a CPU
     * @param idle           what to do when there is nothing to do
     * @param eventsPerTurn  about how many events one turn handles at the most
     * @param taskQueueSlots how many tasks can wait for one reactor
     * @param highWaterBytes a connection with more unsent bytes than this is not writable
     * @param lowWaterBytes  it is writable again when it has this many or fewer
     * @param lingerNs       how long a flushing close waits
     * @param transport      what the loops are tuned by
     */
    public ReactorSettings(String name, int reactors, int maxConnections, boolean pinned, IdlePolicy idle, int eventsPerTurn,
            int taskQueueSlots, int highWaterBytes, int lowWaterBytes, long lingerNs, TransportSettings transport) {
        this(name, reactors, maxConnections, pinned, Placement.SPREAD, idle, eventsPerTurn, taskQueueSlots, highWaterBytes, lowWaterBytes,
                lingerNs, transport, RebalancePolicy.OFF);
    }

    /**
     * The defaults under a name.
     *
     * @param name of the group
     * @return settings
     */
    public static ReactorSettings defaults(String name) {
        return new ReactorSettings(name, 0, DEFAULT_MAX_CONNECTIONS, false, IdlePolicy.BALANCED, DEFAULT_EVENTS_PER_TURN,
                DEFAULT_TASK_QUEUE_SLOTS, DEFAULT_HIGH_WATER_BYTES, DEFAULT_LOW_WATER_BYTES, DEFAULT_LINGER_NS, TransportSettings.DEFAULT);
    }
}
