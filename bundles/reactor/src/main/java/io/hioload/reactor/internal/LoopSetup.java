package io.hioload.reactor.internal;

import io.hioload.affinity.Affinity;
import io.hioload.affinity.PlacementPlan;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.reactor.ReactorSettings;

/**
 * What one reactor is made from.
 *
 * @param index     its place in the group
 * @param settings  of the group
 * @param memory    what its buffers come from
 * @param affinity  places its thread
 * @param plan      where, or null for anywhere
 * @param admission of the group
 * @param resting   what can be kept without a transport
 */
record LoopSetup(int index, ReactorSettings settings, BufferPoolManager memory, Affinity affinity, PlacementPlan plan,
        Admission admission, RestingHandles resting) {

    String threadName() {
        return "hioload-" + settings.name() + "-" + index;
    }
}
