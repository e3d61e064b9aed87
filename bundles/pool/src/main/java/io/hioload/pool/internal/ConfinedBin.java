package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TOP = lookup.findVarHandle(ConfinedBin.class, "top", int.class);
            SLOTS = lookup.findVarHandle(ConfinedBin.class, "slots", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ConfinedPool pool;
    private final NodeSlabs slabs;
    private final int slotBytes;
    private final MpscUnboundedVarHandleArrayQueue<Buffer> returned = new MpscUnboundedVarHandleArrayQueue<>(RETURN_CHUNK);
    private final List<Span> spans = new ArrayList<>();
    private final ArrayDeque<Integer> vacantNumbers = new ArrayDeque<>();
    /** Never shorter than there are slots, so that a push needs no check. */
    private Buffer[] stack = {};
    /** Written opaquely by the owner, so that gauges see it; so is {@link #slots}. */
    private int top;
    private int slots;

    ConfinedBin(ConfinedPool pool, NodeSlabs slabs, int slotBytes) {
        this.pool = pool;
        this.slabs = slabs;
        this.slotBytes = slotBytes;
    }

    /** Takes the slot that was released last; null if there is none on the stack. */
    Buffer pop() {
        int last = top - 1;
        if (last < 0) {
            return null;
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

    /** Cuts a run into slots. */
    void cut(Run run) {
        Integer vacant = vacantNumbers.poll();
        int number = vacant == null ? spans.size() : vacant;
        Span span = slabs.cut(run, slotBytes, this, number);
        if (vacant == null) {
            spans.add(span);
        } else {
            spans.set(number, span);
        }
        int count = span.slots();
        if (stack.length < slots + count) {
            stack = Arrays.copyOf(stack, Math.max(slots + count, stack.length * 2));
        }
        SLOTS.setOpaque(this, slots + count);
        for (int i = count - 1; i >= 0; i--) { // the lowest address is used first
            push(span.slot(i));
        }
    }

    /** Gives the spans of which every slot is at hand back to the node; returns how many bytes that is. */
    long reclaim() {
        while (drain()) {
            // fetches all there is, in bounded steps
        }
        if (top == 0) {
            return 0;
        }
        for (Span span : spans) {
            if (span != null) {
                span.resetFree();
            }
        }
        for (int i = 0; i < top; i++) {
            spans.get(stack[i].index()).countFree();
        }
        return removeWhollyFree();
    }

    private long removeWhollyFree() {
        int kept = 0;
        for (int i = 0; i < top; i++) {
            if (!spans.get(stack[i].index()).isWhollyFree()) {
                stack[kept++] = stack[i];
            }
        }
        Arrays.fill(stack, kept, top, null);
        SLOTS.setOpaque(this, slots - (top - kept));
        TOP.setOpaque(this, kept);
        long bytes = 0;
        for (int number = 0; number < spans.size(); number++) {
            Span span = spans.get(number);
            if (span != null && span.isWhollyFree()) {
                spans.set(number, null);
                vacantNumbers.add(number);
                slabs.give(span);
                bytes += span.run().bytes();
            }
        }
        return bytes;
    }

    /** How many slots are acquired now. Exact when nothing moves. */
    int inUse() {
        return (int) SLOTS.getOpaque(this) - (int) TOP.getOpaque(this) - returned.size();
    }

    /** How many slots there are. */
    int slots() {
        return (int) SLOTS.getOpaque(this);
    }
}
