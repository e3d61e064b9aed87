package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * The slots of one size class in a {@link ConfinedPool}.
 *
 * <p>Threads: {@link #recycle} and {@link #inUse} from any; all else is the owner's.
 *
 * <p>What the owner releases goes on a stack, so that the next acquire gets what is still in its caches. What other threads
 * release goes through a queue: {@code offer} (release) pairs with the owner's {@code relaxedPoll} (acquire), which makes
 * the releaser's writes to the slot happen before its next life.
 *
 * <p>Cost: nothing locked on the owner's side; one locked instruction for a release by another thread. No allocation,
 * except that more than {@link #RETURN_CHUNK} slots waiting in the queue make it link another array.
 */
final class ConfinedBin implements Buffer.Home {

    /** How many returned slots the queue holds before it grows. */
    private static final int RETURN_CHUNK = 256;
    /** How many returned slots one miss fetches at the most: bounds what one acquire can cost. */
    private static final int DRAIN_LIMIT = 256;

    private static final VarHandle TOP;
    private static final VarHandle SLOTS;
    private static final VarHandle HITS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TOP = lookup.findVarHandle(ConfinedBin.class, "top", int.class);
            SLOTS = lookup.findVarHandle(ConfinedBin.class, "slots", int.class);
            HITS = lookup.findVarHandle(ConfinedBin.class, "hits", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ConfinedPool pool;
    private final SpanTable spans;
    private final int slotBytes;
    private final MpscUnboundedVarHandleArrayQueue<Buffer> returned = new MpscUnboundedVarHandleArrayQueue<>(RETURN_CHUNK);
    /** Never shorter than there are slots, so that a push needs no check. */
    private Buffer[] stack = {};
    /** Written opaquely by the owner, so that gauges see it; so is {@link #slots}. */
    private int top;
    private int slots;
    private long hits;
    /** The fewest free slots in this window of time. */
    private int leastFree;
    private final Surplus surplus = new Surplus();
    private final RunGrowth growth;
    /** How many free slots make the pool look whether it hoards; {@link #arm} moves it. */
    private int lookAt = Integer.MAX_VALUE;

    ConfinedBin(ConfinedPool pool, NodeSlabs slabs, int slotBytes) {
        this.pool = pool;
        this.spans = new SpanTable(slabs);
        this.slotBytes = slotBytes;
        this.growth = new RunGrowth(slotBytes, slabs.slabBytes());
    }

    /** Takes the slot that was released last and counts a hit; null if there is none on the stack. */
    Buffer pop() {
        Buffer buffer = take();
        if (buffer != null) {
            HITS.setOpaque(this, hits + 1);
        }
        return buffer;
    }

    private Buffer take() {
        int last = top - 1;
        if (last < 0) {
            return null;
        }
        if (last < leastFree) {
            leastFree = last;
        }
        Buffer buffer = stack[last];
        TOP.setOpaque(this, last);
        buffer.open();
        return buffer;
    }

    @Override
    public void recycle(Buffer buffer) {
        if (pool.isOwner(Thread.currentThread())) {
            push(buffer);
            if (top >= lookAt) {
                pool.limitHoard();
            }
        } else {
            returned.offer(buffer);
        }
    }

    private void push(Buffer buffer) {
        int free = top;
        stack[free] = buffer;
        TOP.setOpaque(this, free + 1);
    }

    /** Fetches what other threads released; false if there was nothing. */
    boolean drain() {
        int count = 0;
        Buffer buffer;
        while (count < DRAIN_LIMIT && (buffer = returned.relaxedPoll()) != null) {
            push(buffer);
            count++;
        }
        return count != 0;
    }

    int slotBytes() {
        return slotBytes;
    }

    /** How large the next run is to be; a smaller one serves too. */
    int runBytes() {
        return growth.runBytes();
    }

    /** Cuts a run into slots and takes the first of them; null if the slabs are closed. */
    Buffer cut(Run run) {
        Span span = spans.cut(run, slotBytes, this);
        if (span == null) {
            return null;
        }
        growth.cut();
        int count = span.slots();
        if (stack.length < slots + count) {
            stack = Arrays.copyOf(stack, Math.max(slots + count, stack.length * 2));
        }
        SLOTS.setOpaque(this, slots + count);
        for (int i = count - 1; i >= 0; i--) { // the lowest address is used first
            push(span.slot(i));
        }
        return take();
    }

    /**
     * Lets the pool look for a hoard when half of what is in use now was released, and no more if nothing is in use. So a
     * burst of n slots is looked through log n times while it ends, and once it has ended wholly.
     */
    void arm() {
        int out = slots - top;
        lookAt = out == 0 ? Integer.MAX_VALUE : slots - (out >> 1);
    }

    /**
     * Ends a window of time: gives back what lay free during all of it and of the one before.
     *
     * @return how many bytes were given back
     */
    long tune() {
        drainAll();
        growth.endWindow();
        surplus.look(leastFree);
        int unneeded = surplus.endWindow(top);
        leastFree = top;
        return unneeded == 0 ? 0 : reclaim(0, unneeded);
    }

    private void drainAll() {
        while (drain()) {
            // fetches all there is, in bounded steps
        }
    }

    /**
     * Gives the spans of which every slot is at hand back to the node.
     *
     * @param keep keep such spans of so many slots, those that are used next
     * @param most no more slots than this
     * @return how many bytes were given back
     */
    long reclaim(int keep, int most) {
        drainAll();
        int all = top;
        if (all == 0) {
            return 0;
        }
        int kept = spans.removeWhollyFree(stack, all, keep, most);
        SLOTS.setOpaque(this, slots - (all - kept));
        TOP.setOpaque(this, kept);
        leastFree = Math.min(leastFree, kept);
        return spans.giveWhollyFree();
    }

    /** How many slots are acquired now. Exact when nothing moves. */
    int inUse() {
        return (int) SLOTS.getOpaque(this) - (int) TOP.getOpaque(this) - returned.size();
    }

    /** How many acquires got a slot that was there. */
    long hits() {
        return (long) HITS.getOpaque(this);
    }

    /** How many free slots the last window found unneeded. */
    int surplus() {
        return surplus.last();
    }

    /** How many slots there are. */
    int slots() {
        return (int) SLOTS.getOpaque(this);
    }
}
