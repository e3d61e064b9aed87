package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All that one manager has mapped, under its ceiling: the slabs of each node and the mappings of buffers that are larger
 * than a slab. Any thread; only misses come here.
 */
final class MappedMemory implements Buffer.Home {

    /** Mappings are multiples of this. */
    static final int PAGE_BYTES = 4096;

    /** Pressure is raised once in this time at the most: bounds how much of their time pools spend on giving back. */
    private static final long PRESSURE_NS = 10_000_000;
    /** All confined caches together may keep a fourth of the ceiling lying free. */
    private static final int HOARD_SHARE = 4;

    private final PageSource source;
    private final int slabBytes;
    private volatile long ceilingBytes;
    /** The highest ceiling so far: what could be acquired once is refused below a lower ceiling, and not an error. */
    private volatile long highestCeilingBytes;
    private volatile int caches = 1;
    private final AtomicLong mappedBytes = new AtomicLong();
    private final AtomicLong oversizedBytes = new AtomicLong();
    private final AtomicLong oversizedBuffers = new AtomicLong();
    private final SortedMap<Integer, NodeSlabs> nodes = new ConcurrentSkipListMap<>();
    private final List<SharedPool> shared = new CopyOnWriteArrayList<>();
    private final AtomicLong pressure = new AtomicLong(System.nanoTime() - PRESSURE_NS);
    private final AtomicLong window = new AtomicLong();
    private final AtomicLong signal = new AtomicLong();
    private final AtomicLong trimmedBytes = new AtomicLong();
    private volatile long hoardBytes;

    MappedMemory(PageSource source, long ceilingBytes, int slabBytes) {
        this.source = source;
        this.slabBytes = slabBytes;
        setCeiling(ceilingBytes);
    }

    /** Raises or lowers the ceiling; what is mapped above it goes as it comes back. */
    synchronized void setCeiling(long bytes) {
        ceilingBytes = bytes;
        highestCeilingBytes = Math.max(highestCeilingBytes, bytes);
        hoardBytes = bytes / HOARD_SHARE / caches;
    }

    /** Whether more is mapped than a lowered ceiling allows. */
    boolean isAboveCeiling() {
        return mappedBytes.get() > ceilingBytes;
    }

    /** Adds a pool that is asked to give back when memory runs short. */
    void register(SharedPool pool) {
        shared.add(pool);
    }

    /** Shares what may be hoarded among so many confined caches. */
    synchronized void divideHoard(int among) {
        caches = among;
        hoardBytes = ceilingBytes / HOARD_SHARE / among;
    }

    /** How much one confined cache may keep lying free; above, it gives back what it can. */
    long hoardBytes() {
        return hoardBytes;
    }

    /** Changes with {@link #pressure} and with {@link #window}, after them: the one thing that an acquire looks at. */
    long signal() {
        return signal.getAcquire();
    }

    /** Changes when memory ran short: a confined cache that sees another value than before gives back what it can. */
    long pressure() {
        return pressure.getOpaque();
    }

    /** Changes when a window of time has ended: a confined cache then gives back what it did not need. */
    long window() {
        return window.getOpaque();
    }

    /** The largest buffer: what fits under the ceiling and into an int, in whole pages. */
    int maxBufferBytes() {
        return (int) Math.min(highestCeilingBytes, Integer.MAX_VALUE) & -PAGE_BYTES;
    }

    NodeSlabs node(int node) {
        return nodes.computeIfAbsent(node, n -> new NodeSlabs(this, n, slabBytes));
    }

    /**
     * Takes a run from a node, and if the ceiling is in the way, makes room: unmaps slabs that lie free on any node, has the
     * shared pools give back, and asks the confined caches to do so when they next can.
     *
     * @param wantedBytes how large a run would be better; it is given if that takes no room from anybody
     * @return the run, or null
     */
    Run take(NodeSlabs from, int bytes, int wantedBytes) {
        Run run = wantedBytes > bytes ? from.take(wantedBytes) : null;
        if (run == null) {
            run = takeOrTrim(from, bytes);
        }
        if (run == null) {
            relieve();
            run = takeOrTrim(from, bytes);
        }
        return run;
    }

    private Run takeOrTrim(NodeSlabs from, int bytes) {
        Run run = from.take(bytes);
        return run == null && trim() ? from.take(bytes) : run;
    }

    /** Says that memory ran short and has the shared pools give back; trying again is right even if another thread had them do it. */
    private void relieve() {
        long nowNs = System.nanoTime();
        long raisedNs = pressure.get();
        if (nowNs - raisedNs >= PRESSURE_NS && pressure.compareAndSet(raisedNs, nowNs)) {
            signal.incrementAndGet();
        }
        shared.forEach(SharedPool::reclaim);
    }

    /** Unmaps what lies free now and asks every cache to give back what it can; returns how many bytes were unmapped. */
    long trimAll() {
        pressure.incrementAndGet();
        signal.incrementAndGet();
        shared.forEach(SharedPool::settle);
        long bytes = 0;
        for (NodeSlabs node : nodes.values()) {
            bytes += node.trim();
        }
        trimmedBytes.addAndGet(bytes);
        return bytes;
    }

    /**
     * Looks at what is not needed, a few times in each window of time.
     *
     * @param endOfWindow give it back: shared pools at once, confined caches when their owners next can, slabs that have lain
     *                    free since the last window to the system
     */
    void tune(boolean endOfWindow) {
        shared.forEach(pool -> pool.tune(endOfWindow));
        if (endOfWindow) {
            nodes.values().forEach(node -> trimmedBytes.addAndGet(node.trimUnneeded()));
            window.incrementAndGet();
            signal.incrementAndGet();
        }
    }

    /** Maps a buffer that is larger than a slab; its last release unmaps it. Null if the ceiling is in the way. */
    Buffer acquireOversized(int minCapacity, int node) {
        int capacity = (int) ((minCapacity + PAGE_BYTES - 1L) & -PAGE_BYTES);
        long address = mapOrTrim(capacity, node);
        if (address == 0) {
            relieve();
            address = mapOrTrim(capacity, node);
        }
        if (address == 0) {
            return null;
        }
        oversizedBytes.addAndGet(capacity);
        oversizedBuffers.incrementAndGet();
        Buffer buffer = new Buffer(this, address, capacity, node);
        buffer.open();
        return buffer;
    }

    private long mapOrTrim(long bytes, int node) {
        long address = map(bytes, node);
        return address == 0 && trim() ? map(bytes, node) : address;
    }

    @Override
    public void recycle(Buffer oversized) {
        unmap(oversized.address(), oversized.capacity());
        oversizedBytes.addAndGet(-oversized.capacity());
        oversizedBuffers.decrementAndGet();
    }

    /** Maps if the ceiling allows it; 0 if not. */
    long map(long bytes, int node) {
        long mapped;
        do {
            mapped = mappedBytes.get();
            if (bytes > ceilingBytes - mapped) {
                return 0;
            }
        } while (!mappedBytes.compareAndSet(mapped, mapped + bytes));
        long address = source.map(bytes, node);
        if (address == 0) {
            mappedBytes.addAndGet(-bytes);
        }
        return address;
    }

    void unmap(long address, long bytes) {
        source.unmap(address, bytes);
        mappedBytes.addAndGet(-bytes);
    }

    private boolean trim() {
        long bytes = 0;
        for (NodeSlabs node : nodes.values()) {
            bytes += node.trim();
        }
        return bytes != 0;
    }

    /** Unmaps all slabs of which no bin has a part. Called when the pools have given back what they can. */
    void close() {
        nodes.values().forEach(NodeSlabs::close);
    }

    long mappedBytes() {
        return mappedBytes.get();
    }

    long ceilingBytes() {
        return ceilingBytes;
    }

    long trimmedBytes() {
        return trimmedBytes.get();
    }

    long oversizedBytes() {
        return oversizedBytes.get();
    }

    long oversizedBuffers() {
        return oversizedBuffers.get();
    }

    PageSource source() {
        return source;
    }

    /** How many slabs each node has, in the order of nodes. */
    List<Integer> slabsByNode() {
        List<Integer> slabs = new ArrayList<>();
        nodes.values().forEach(node -> slabs.add(node.slabs()));
        return slabs;
    }
}
