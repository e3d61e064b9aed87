package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;
import java.util.Arrays;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;

/**
 * The slots of one size class in a {@link SharedPool}: a bounded lock-free queue, and behind it a stack under a lock that
 * takes what does not fit. Any thread. Cost: one locked instruction for each poll and recycle while free slots fit into the
 * queue.
 *
 * <p>A free slot is in the queue or on the stack and comes out once, to whoever acquires or to {@link #reclaim}. So a span of
 * which every slot came out to the reclaim is reachable by nobody else, and that needs no look at reference counts.
 */
final class SharedBin implements Buffer.Home {

    private static final int QUEUE_SLOTS = 512;

    private final SpanTable spans;
    private final int slotBytes;
    private final MpmcVarHandleArrayQueue<Buffer> free = new MpmcVarHandleArrayQueue<>(QUEUE_SLOTS);
    private final Surplus surplus = new Surplus();
    private final RunGrowth growth;
    private Buffer[] spill = {};
    private boolean closed;
    /** Written under the lock, read without it to see whether the lock is worth taking. */
    private volatile int spilled;
    private volatile int slots;

    SharedBin(NodeSlabs slabs, int slotBytes) {
        this.spans = new SpanTable(slabs);
        this.slotBytes = slotBytes;
        this.growth = new RunGrowth(slotBytes, slabs.slabBytes());
    }

    int slotBytes() {
        return slotBytes;
    }

    /** Takes a free slot, or null. */
    Buffer poll() {
        Buffer buffer = free.poll();
        if (buffer == null && spilled != 0) {
            return pollLocked();
        }
        if (buffer != null) {
            buffer.open();
        }
        return buffer;
    }

    /** Takes a free slot, or null; waits for a reclaim or a cut that has the slots in its hands. */
    synchronized Buffer pollLocked() {
        Buffer buffer = free.poll();
        int last = spilled - 1;
        if (buffer == null && last >= 0) {
            buffer = spill[last];
            spilled = last;
        }
        if (buffer != null) {
            buffer.open();
        }
        return buffer;
    }

    /** Takes a slot back. After {@link #close} the next {@link #reclaim} finds it. */
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

    /** Cuts a run into slots; returns the first, acquired. Null if the pool was closed meanwhile. */
    synchronized Buffer cut(Run run) {
        Span span = closed ? null : spans.cut(run, slotBytes, this);
        if (span == null) {
            return null;
        }
        growth.cut();
        Buffer first = span.slot(0);
        first.open();
        slots = slots + span.slots();
        for (int i = 1; i < span.slots(); i++) {
            recycle(span.slot(i));
        }
        return first;
    }

    /**
     * Gives the spans of which every slot is free back to the node.
     *
     * @param most no more slots than this
     * @return how many bytes were given back
     */
    synchronized long reclaim(int most) {
        Buffer buffer;
        while ((buffer = free.poll()) != null) { // ends: what is on the stack cannot come back while the lock is held
            spill(buffer);
        }
        int all = spilled;
        if (all == 0) {
            return 0;
        }
        int kept = spans.removeWhollyFree(spill, all, 0, most);
        slots = slots - (all - kept);
        spilled = kept;
        long bytes = spans.giveWhollyFree();
        while (kept > 0 && free.offer(spill[kept - 1])) {
            spill[--kept] = null;
            spilled = kept;
        }
        return bytes;
    }

    /**
     * Cuts no more and gives back what is wholly free. A slot that is acquired now, by a thread which did not see the close,
     * belongs to a span that stays until a {@link #reclaim} has all its slots in its hands: it is never without memory.
     */
    synchronized void close() {
        closed = true;
        reclaim(Integer.MAX_VALUE);
    }

    /**
     * Looks how many slots lie free; to be called a few times in each window of time, by one thread.
     *
     * @param endOfWindow give back what lay free at every look of this window and of the one before
     * @return how many bytes were given back
     */
    synchronized long tune(boolean endOfWindow) {
        int freeSlots = slots - inUse();
        surplus.look(freeSlots);
        if (!endOfWindow) {
            return 0;
        }
        growth.endWindow();
        int unneeded = surplus.endWindow(freeSlots);
        return unneeded == 0 ? 0 : reclaim(unneeded);
    }

    /** How large the next run is to be; a smaller one serves too. */
    int runBytes() {
        return growth.runBytes();
    }

    int surplus() {
        return surplus.last();
    }

    /** How many slots there are. */
    int slots() {
        return slots;
    }

    /** How many slots are acquired now. Exact when nothing moves. */
    int inUse() {
        return slots - spilled - free.size();
    }
}
