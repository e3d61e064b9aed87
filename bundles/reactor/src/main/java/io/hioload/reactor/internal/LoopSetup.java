package io.hioload.reactor.internal;

import io.hioload.affinity.Affinity;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.reactor.ReactorSettings;
import io.hioload.transport.Capability;
import io.hioload.transport.TransportProvider;

/**
 * What one reactor is made from.
 *
 * @param index     its place in the group
 * @param settings  of the group
 * @param transport what its loop comes from
 * @param memory    what its buffers come from
 * @param affinity  places its thread
 * @param admission of the group
 */
record LoopSetup(int index, ReactorSettings settings, TransportProvider transport, BufferPoolManager memory, Affinity affinity,
        Admission admission) {

    String threadName() {
        return "hioload-" + settings.name() + "-" + index;
    }

    boolean canBlock() {
        return (transport.capabilities() & Capability.BLOCKING_POLL) != 0;
    }
}
