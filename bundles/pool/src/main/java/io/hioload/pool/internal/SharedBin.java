package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;
import java.util.Arrays;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;

/**
 * The slots of one size class in a {@link SharedPool}: a bounded lock-free queue, and behind it a stack under a lock that
 * takes what does not fit. Any thread. Cost: one locked instruction for each poll and recycle while free slots fit into the
 * queue.
 */
final class SharedBin implements Buffer.Home {

    private static final int QUEUE_SLOTS = 512;

    private final NodeSlabs slabs;
    private final int slotBytes;
    private final MpmcVarHandleArrayQueue<Buffer> free = new MpmcVarHandleArrayQueue<>(QUEUE_SLOTS);
    private Buffer[] spill = {};
    /** Written under the lock, read without it to see whether the lock is worth taking. */
    private volatile int spilled;
    private volatile int slots;

    SharedBin(NodeSlabs slabs, int slotBytes) {
        this.slabs = slabs;
        this.slotBytes = slotBytes;
    }

    int slotBytes() {
        return slotBytes;
    }

    /** Takes a free slot, or null. */
    Buffer poll() {
        Buffer buffer = free.poll();
        if (buffer == null && spilled != 0) {
            buffer = pollSpill();
        }
        if (buffer != null) {
            buffer.open();
        }
        return buffer;
    }

    private synchronized Buffer pollSpill() {
        int last = spilled - 1;
        if (last < 0) {
            return null;
        }
        Buffer buffer = spill[last];
        spilled = last;
        return buffer;
    }

    @Override
    public void recycle(Buffer buffer) {
        if (!free.offer(buffer)) {
            spill(buffer);
        }
    }

    private synchronized void spill(Buffer buffer) {
        int count = spilled;
        if (count == spill.length) {
            spill = Arrays.copyOf(spill, Math.max(64, count * 2));
        }
        spill[count] = buffer;
        spilled = count + 1;
    }

    /** Cuts a run into slots; returns the first, acquired. */
    synchronized Buffer cut(Run run) {
        Span span = slabs.cut(run, slotBytes, this, 0);
        Buffer first = span.slot(0);
        first.open();
        slots = slots + span.slots();
        for (int i = 1; i < span.slots(); i++) {
            recycle(span.slot(i));
        }
        return first;
    }

    /** How many slots are acquired now. Exact when nothing moves. */
    int inUse() {
        return slots - spilled - free.size();
    }
}
