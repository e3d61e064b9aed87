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
 * the ceiling refuses somebody more, when more lies free than its share of the ceiling, when it did not need them for a while
 * (each class for itself, see {@link Surplus}), and when it is closed. The owner does that, in its next acquire, release or
 * {@link #tend}: a cache whose owner does none of these keeps at most that share of what it released itself.
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
    private final Counter misses;
    private final Counter refusals;
    /** Null when closed. Read without order: no thread can mistake another's identity for its own. */
    private Thread owner;
    /** The last owner, for people. */
    private volatile String ownerName;
    private final ReclaimGate gate;
    /** What the owner saw of the memory when it last attended to it. */
    private long signalSeen;
    private long pressureSeen;
    private long windowSeen;

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
        misses = counters.counter("pool.misses");
        refusals = counters.counter("pool.refusals");
        signalSeen = memory.signal();
        windowSeen = memory.window();
        pressureSeen = memory.pressure();
        gate = new ReclaimGate(pressureSeen);
        owner = Thread.currentThread();
        ownerName = owner.getName();
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
        ownerName = owner.getName();
        return true;
    }

    /**
     * From now on there is nothing to acquire. The owner has ended or is the caller, or at least all that it did happens
     * before this call; other threads may still release.
     */
    void close() {
        owner = null;
        settle();
    }

    /** After the close: gives back the spans of which the last slot has come back. One thread at a time. */
    void settle() {
        for (ConfinedBin bin : bins) {
            bin.reclaim(0, Integer.MAX_VALUE);
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
        if (memory.signal() != signalSeen) {
            attend();
        }
        int index = SizeClasses.indexOf(minCapacity);
        if (index < bins.length) {
            Buffer buffer = bins[index].pop();
            if (buffer != null) {
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
        Run run = memory.take(slabs, bytes, bin.runBytes());
        if (run == null && reclaim()) {
            run = memory.take(slabs, bytes, bytes);
        }
        Buffer buffer = run == null ? null : bin.cut(run);
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
        long bytes = giveBack(0);
        gate.looked(freeBytes, bytes, pressure);
        pressureSeen = pressure;
        return bytes != 0;
    }

    @Override
    public void tend() {
        if (Thread.currentThread() == owner && memory.signal() != signalSeen) {
            attend();
        }
    }

    /** Gives all wholly free spans back because somebody was refused, or what was not needed because a window has ended. */
    private void attend() {
        signalSeen = memory.signal();
        if (memory.pressure() != pressureSeen) {
            pressureSeen = memory.pressure();
            giveBack(0);
        }
        if (memory.window() != windowSeen) {
            windowSeen = memory.window();
            for (ConfinedBin bin : bins) {
                bin.tune();
            }
            armAll();
        }
    }

    /** Gives wholly free spans back if too much lies free, all but one of each class: those are what the owner works with. */
    void limitHoard() {
        if (freeBytes() > memory.hoardBytes()) {
            giveBack(1);
        }
        armAll();
    }

    private long giveBack(int keep) {
        long bytes = 0;
        for (ConfinedBin bin : bins) {
            bytes += bin.reclaim(keep, Integer.MAX_VALUE);
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
            tally.addFree((long) (bin.slots() - inUse) * bin.slotBytes());
        }
        tally.addAcquires(hits(), misses.get(), refusals.get());
    }

    private long hits() {
        long sum = 0;
        for (ConfinedBin bin : bins) {
            sum += bin.hits();
        }
        return sum;
    }

    /** Adds a line for each size of which buffers are out. Any thread. */
    void addHolders(List<String> holders) {
        for (ConfinedBin bin : bins) {
            if (bin.inUse() > 0) {
                holders.add(bin.inUse() + " of " + bin.slotBytes() + " bytes acquired by thread " + ownerName);
            }
        }
    }

    /** What a person sees of this pool. Any thread. */
    Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        Thread thread = owner;
        state.put("node", node);
        state.put("thread", ownerName);
        state.put("threadAlive", thread != null && thread.isAlive());
        state.put("hits", hits());
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
                row.put("hits", bin.hits());
                row.put("nextRunBytes", bin.runBytes());
                row.put("lastSurplus", bin.surplus());
                classes.add(row);
            }
        }
        state.put("classes", classes);
        return state;
    }
}
