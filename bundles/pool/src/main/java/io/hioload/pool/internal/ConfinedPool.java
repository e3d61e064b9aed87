package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.control.Counter;
import io.hioload.control.Counters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * One thread's cache over the slabs of its node. It keeps what it cut, class by class, and gives wholly free spans back when
 * the ceiling refuses somebody more, when more lies free than its share of the ceiling, and when it is closed. The owner does
 * that, in its next acquire or release: a cache whose owner does neither keeps at most that share of what it released itself.
 *
 * <p>Threads: only the owner acquires; any thread releases and reads gauges. When the owner has ended, another thread may
 * become it, with all that the cache holds.
 *
 * <p>Cost: acquire and release by the owner a few nanoseconds, with no locked instruction and no allocation.
 */
final class ConfinedPool implements BufferPool {

    private final MappedMemory memory;
    private final NodeSlabs slabs;
    private final int node;
    private final int slabBytes;
    private final LongAdder refusedAfterClose;
    private final ConfinedBin[] bins;
    private final Counter hits;
    private final Counter misses;
    private final Counter refusals;
    /** Null when closed. Read without order: no thread can mistake another's identity for its own. */
    private Thread owner;
    private final ReclaimGate gate;
    /** The pressure at which the owner last gave back. */
    private long pressureSeen;

    ConfinedPool(MappedMemory memory, int node, int slabBytes, LongAdder refusedAfterClose) {
        this.memory = memory;
        this.slabs = memory.node(node);
        this.node = node;
        this.slabBytes = slabBytes;
        this.refusedAfterClose = refusedAfterClose;
        bins = new ConfinedBin[SizeClasses.count(slabBytes)];
        for (int i = 0; i < bins.length; i++) {
            bins[i] = new ConfinedBin(this, slabs, SizeClasses.bytesOf(i));
        }
        Counters counters = new Counters();
        hits = counters.counter("pool.hits");
        misses = counters.counter("pool.misses");
        refusals = counters.counter("pool.refusals");
        pressureSeen = memory.pressure();
        gate = new ReclaimGate(pressureSeen);
        owner = Thread.currentThread();
    }

    boolean isOwner(Thread thread) {
        return thread == owner;
    }

    /**
     * Makes the calling thread the owner if the last one has ended; {@link Thread#isAlive} orders what that one did before.
     */
    boolean adopt(int wantedNode) {
        Thread last = owner;
        if (wantedNode != node || last == null || last.isAlive()) {
            return false;
        }
        owner = Thread.currentThread();
        return true;
    }

    /**
     * From now on there is nothing to acquire. The owner has ended or is the caller, or at least all that it did happens
     * before this call; other threads may still release.
     */
    void close() {
        owner = null;
        for (ConfinedBin bin : bins) {
            bin.reclaim(false);
        }
    }

    @Override
    public int maxCapacity() {
        return memory.maxBufferBytes();
    }

    @Override
    public Buffer acquire(int minCapacity) {
        if (Thread.currentThread() != owner) {
            return refuseForeign();
        }
        if (memory.pressure() != pressureSeen) {
            relieve();
        }
        int index = SizeClasses.indexOf(minCapacity);
        if (index < bins.length) {
            Buffer buffer = bins[index].pop();
            if (buffer != null) {
                hits.increment();
                return buffer;
            }
        }
        return miss(minCapacity, index);
    }

    private Buffer refuseForeign() {
        Thread confinedTo = owner;
        if (confinedTo != null) {
            throw new IllegalStateException(
                    "pool of thread " + confinedTo.getName() + " used by thread " + Thread.currentThread().getName());
        }
        refusedAfterClose.increment();
        return null;
    }

    private Buffer miss(int minCapacity, int index) {
        if (minCapacity < 1 || minCapacity > maxCapacity()) {
            throw new IllegalArgumentException("minCapacity " + minCapacity + ": from 1 to " + maxCapacity());
        }
        Buffer buffer;
        if (index < bins.length) {
            ConfinedBin bin = bins[index];
            if (bin.drain()) {
                hits.increment();
                return bin.pop();
            }
            buffer = cut(bin);
        } else {
            buffer = memory.acquireOversized(minCapacity, node);
            if (buffer == null && reclaim()) {
                buffer = memory.acquireOversized(minCapacity, node);
            }
        }
        (buffer == null ? refusals : misses).increment();
        return buffer;
    }

    private Buffer cut(ConfinedBin bin) {
        int bytes = Span.runBytes(bin.slotBytes());
        Run run = memory.take(slabs, bytes);
        if (run == null && reclaim()) {
            run = memory.take(slabs, bytes);
        }
        if (run == null || !bin.cut(run)) {
            return null;
        }
        Buffer buffer = bin.pop();
        armAll();
        return buffer;
    }

    /** Gives all wholly free spans back to the node for this pool's own need; false if there are none, or hardly any. */
    private boolean reclaim() {
        long freeBytes = freeBytes();
        long pressure = memory.pressure();
        if (!gate.isWorthwhile(freeBytes, pressure)) {
            return false;
        }
        long bytes = giveBack(false);
        gate.looked(freeBytes, bytes, pressure);
        pressureSeen = pressure;
        return bytes != 0;
    }

    /** Gives all wholly free spans back to the node, because somebody was refused. */
    private void relieve() {
        pressureSeen = memory.pressure();
        giveBack(false);
    }

    /** Gives wholly free spans back if too much lies free, all but one of each class: those are what the owner works with. */
    void limitHoard() {
        if (freeBytes() > memory.hoardBytes()) {
            giveBack(true);
        }
        armAll();
    }

    private long giveBack(boolean keepOne) {
        long bytes = 0;
        for (ConfinedBin bin : bins) {
            bytes += bin.reclaim(keepOne);
        }
        armAll();
        return bytes;
    }

    private void armAll() {
        for (ConfinedBin bin : bins) {
            bin.arm();
        }
    }

    private long freeBytes() {
        long bytes = 0;
        for (ConfinedBin bin : bins) {
            bytes += (long) (bin.slots() - bin.inUse()) * bin.slotBytes();
        }
        return bytes;
    }

    /** Adds this pool's gauges. Any thread. */
    void addTo(Tally tally) {
        for (ConfinedBin bin : bins) {
            int inUse = bin.inUse();
            tally.addInUse(inUse, (long) inUse * bin.slotBytes());
        }
        tally.addAcquires(hits.get(), misses.get(), refusals.get());
    }

    /** What a person sees of this pool. Any thread. */
    Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        Thread thread = owner;
        state.put("node", node);
        state.put("thread", thread == null ? "" : thread.getName());
        state.put("threadAlive", thread != null && thread.isAlive());
        state.put("hits", hits.get());
        state.put("misses", misses.get());
        state.put("refusals", refusals.get());
        List<Map<String, Object>> classes = new ArrayList<>();
        for (ConfinedBin bin : bins) {
            int slots = bin.slots();
            if (slots != 0) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("slotBytes", bin.slotBytes());
                row.put("slots", slots);
                row.put("inUse", bin.inUse());
                classes.add(row);
            }
        }
        state.put("classes", classes);
        return state;
    }
}
