package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The slabs of one NUMA node, given out as runs by the buddy method: a run is split until it fits, and halves that come
 * back are joined (Knuth, The Art of Computer Programming, 2.5). Any thread, under a lock; only misses come here.
 */
final class NodeSlabs {

    private final MappedMemory memory;
    private final int node;
    private final int slabBytes;
    private final List<Slab> slabs = new ArrayList<>();
    private final List<Set<Run>> freeByOrder = new ArrayList<>();
    /** The fewest slabs that lay free since {@link #trimUnneeded} looked last. */
    private int leastFree;
    private boolean closed;

    NodeSlabs(MappedMemory memory, int node, int slabBytes) {
        this.memory = memory;
        this.node = node;
        this.slabBytes = slabBytes;
        for (int bytes = Span.MIN_BYTES; bytes > 0 && bytes <= slabBytes; bytes <<= 1) {
            freeByOrder.add(new HashSet<>());
        }
    }

    /** Takes a run of at least a span's size, mapping a slab if need be; null if none can be had. */
    synchronized Run take(int bytes) {
        if (closed) {
            return null;
        }
        Run run = takeFree(bytes);
        if (run == null) {
            long address = memory.map(slabBytes, node);
            if (address == 0) {
                return null;
            }
            Slab slab = new Slab(address);
            slabs.add(slab);
            run = new Run(slab, 0, slabBytes);
        }
        leastFree = Math.min(leastFree, free(slabBytes).size());
        while (run.bytes() > bytes) {
            free(run.bytes() >> 1).add(run.upperHalf());
            run = run.lowerHalf();
        }
        return run;
    }

    private Run takeFree(int bytes) {
        for (int order = order(bytes); order < freeByOrder.size(); order++) {
            Iterator<Run> runs = freeByOrder.get(order).iterator();
            if (runs.hasNext()) {
                Run run = runs.next();
                runs.remove();
                return run;
            }
        }
        return null;
    }

    /** Cuts a run that was taken into slots; null if its slab was unmapped meanwhile, by {@link #close}. */
    synchronized Span cut(Run run, int slotBytes, Buffer.Home home, int number) {
        if (closed) {
            return null;
        }
        run.slab().addSpan();
        return new Span(run, slotBytes, home, number);
    }

    /** Takes back a span of which no slot is in use. */
    synchronized void give(Span span) {
        Run run = span.run();
        run.slab().removeSpan();
        if (closed) {
            if (!run.slab().hasSpans()) {
                unmap(run.slab());
            }
            return;
        }
        while (run.bytes() < slabBytes && free(run.bytes()).remove(run.buddy())) {
            run = run.parent();
        }
        if (run.bytes() == slabBytes && memory.isAboveCeiling()) {
            unmap(run.slab());
            return;
        }
        free(run.bytes()).add(run);
    }

    /** Unmaps the slabs that no pool has a part of; returns how many bytes that gave. */
    synchronized long trim() {
        return trim(free(slabBytes).size());
    }

    /** Unmaps as many slabs as have lain free all the time since the last call; returns how many bytes that gave. */
    synchronized long trimUnneeded() {
        long bytes = trim(leastFree);
        leastFree = free(slabBytes).size();
        return bytes;
    }

    private long trim(int count) {
        Iterator<Run> whole = free(slabBytes).iterator();
        for (int i = 0; i < count; i++) {
            Run run = whole.next();
            whole.remove();
            unmap(run.slab());
        }
        leastFree = Math.min(leastFree, free(slabBytes).size());
        return (long) count * slabBytes;
    }

    private void unmap(Slab slab) {
        slabs.remove(slab);
        memory.unmap(slab.address(), slabBytes);
    }

    /**
     * Unmaps the slabs of which no bin has a part, gives out no more runs and lets none be cut that was given out. The other
     * slabs are unmapped as their last span is given back.
     */
    synchronized void close() {
        closed = true;
        for (Iterator<Slab> all = slabs.iterator(); all.hasNext();) {
            Slab slab = all.next();
            if (!slab.hasSpans()) {
                memory.unmap(slab.address(), slabBytes);
                all.remove();
            }
        }
        freeByOrder.forEach(Set::clear);
    }

    int slabBytes() {
        return slabBytes;
    }

    synchronized int slabs() {
        return slabs.size();
    }

    private Set<Run> free(int bytes) {
        return freeByOrder.get(order(bytes));
    }

    private static int order(int bytes) {
        return Integer.numberOfTrailingZeros(bytes) - Integer.numberOfTrailingZeros(Span.MIN_BYTES);
    }
}
