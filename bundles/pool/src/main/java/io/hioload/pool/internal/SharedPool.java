package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The pool of a node for threads that are no reactors, such as those which broadcast. Any thread; lock-free unless it has to
 * cut; no allocation in a steady state.
 */
final class SharedPool implements BufferPool {

    private final MappedMemory memory;
    private final NodeSlabs slabs;
    private final int node;
    private final SharedBin[] bins;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final ReclaimGate gate;
    private volatile boolean closed;

    SharedPool(MappedMemory memory, int node, int slabBytes) {
        this.memory = memory;
        this.slabs = memory.node(node);
        this.node = node;
        this.gate = new ReclaimGate(memory.pressure());
        bins = new SharedBin[SizeClasses.count(slabBytes)];
        for (int i = 0; i < bins.length; i++) {
            bins[i] = new SharedBin(slabs, SizeClasses.bytesOf(i));
        }
    }

    /**
     * From now on there is nothing to acquire. A thread that did not see it yet gets a buffer whose memory stays, or none.
     */
    void close() {
        closed = true;
        for (SharedBin bin : bins) {
            bin.close();
        }
    }

    @Override
    public int maxCapacity() {
        return memory.maxBufferBytes();
    }

    @Override
    public Buffer acquire(int minCapacity) {
        if (minCapacity < 1 || minCapacity > maxCapacity()) {
            throw new IllegalArgumentException("minCapacity " + minCapacity + ": from 1 to " + maxCapacity());
        }
        if (closed) {
            refusals.increment();
            return null;
        }
        int index = SizeClasses.indexOf(minCapacity);
        if (index >= bins.length) {
            return count(memory.acquireOversized(minCapacity, node));
        }
        SharedBin bin = bins[index];
        Buffer buffer = bin.poll();
        if (buffer == null) {
            Run run = memory.take(slabs, Span.runBytes(bin.slotBytes()), bin.runBytes());
            if (run != null) {
                return count(bin.cut(run));
            }
            buffer = bin.pollLocked(); // what another thread cut or released meanwhile
            if (buffer == null) {
                return count(null);
            }
        }
        hits.increment();
        return buffer;
    }

    private Buffer count(Buffer missed) {
        (missed == null ? refusals : misses).increment();
        return missed;
    }

    /** Gives all wholly free spans back to the node, unless looking for them again is not worth while yet. */
    synchronized void reclaim() {
        long freeBytes = 0;
        for (SharedBin bin : bins) {
            freeBytes += (long) (bin.slots() - bin.inUse()) * bin.slotBytes();
        }
        long pressure = memory.pressure();
        if (!gate.isWorthwhile(freeBytes, pressure)) {
            return;
        }
        long bytes = 0;
        for (SharedBin bin : bins) {
            bytes += bin.reclaim(Integer.MAX_VALUE);
        }
        gate.looked(freeBytes, bytes, pressure);
    }

    /** Gives all wholly free spans back, whatever a look cost and found before. */
    synchronized void settle() {
        for (SharedBin bin : bins) {
            bin.reclaim(Integer.MAX_VALUE);
        }
    }

    /** Looks at each class, and at the end of a window gives back what was not needed; see {@link SharedBin#tune}. */
    synchronized void tune(boolean endOfWindow) {
        for (SharedBin bin : bins) {
            bin.tune(endOfWindow);
        }
    }

    /** Adds this pool's gauges. */
    void addTo(Tally tally) {
        for (SharedBin bin : bins) {
            int inUse = bin.inUse();
            tally.addInUse(inUse, (long) inUse * bin.slotBytes());
            tally.addFree((long) (bin.slots() - inUse) * bin.slotBytes());
        }
        tally.addAcquires(hits.sum(), misses.sum(), refusals.sum());
    }

    /** Adds a line for each size of which buffers are out. */
    void addHolders(List<String> holders) {
        for (SharedBin bin : bins) {
            if (bin.inUse() > 0) {
                holders.add(bin.inUse() + " of " + bin.slotBytes() + " bytes of the shared pool of node " + node);
            }
        }
    }

    /** What a person sees of this pool. */
    Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("node", node);
        state.put("hits", hits.sum());
        state.put("misses", misses.sum());
        state.put("refusals", refusals.sum());
        List<Map<String, Object>> classes = new ArrayList<>();
        for (SharedBin bin : bins) {
            int slots = bin.slots();
            if (slots != 0) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("slotBytes", bin.slotBytes());
                row.put("slots", slots);
                row.put("inUse", bin.inUse());
                row.put("nextRunBytes", bin.runBytes());
                row.put("lastSurplus", bin.surplus());
                classes.add(row);
            }
        }
        state.put("classes", classes);
        return state;
    }
}
