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
    private final long ceilingBytes;
    private final int slabBytes;
    private final AtomicLong mappedBytes = new AtomicLong();
    private final AtomicLong oversizedBytes = new AtomicLong();
    private final AtomicLong oversizedBuffers = new AtomicLong();
    private final SortedMap<Integer, NodeSlabs> nodes = new ConcurrentSkipListMap<>();
    private final List<SharedPool> shared = new CopyOnWriteArrayList<>();
    private final AtomicLong pressure = new AtomicLong(System.nanoTime() - PRESSURE_NS);
    private volatile long hoardBytes;

    MappedMemory(PageSource source, long ceilingBytes, int slabBytes) {
        this.source = source;
        this.ceilingBytes = ceilingBytes;
        this.slabBytes = slabBytes;
        this.hoardBytes = ceilingBytes / HOARD_SHARE;
    }

    /** Adds a pool that is asked to give back when memory runs short. */
    void register(SharedPool pool) {
        shared.add(pool);
    }

    /** Shares what may be hoarded among so many confined caches. */
    void divideHoard(int caches) {
        hoardBytes = ceilingBytes / HOARD_SHARE / caches;
    }

    /** How much one confined cache may keep lying free; above, it gives back what it can. */
    long hoardBytes() {
        return hoardBytes;
    }

    /** Changes when memory ran short: a confined cache that sees another value than before gives back what it can. */
    long pressure() {
        return pressure.getOpaque();
    }

    /** The largest buffer: what fits under the ceiling and into an int, in whole pages. */
    int maxBufferBytes() {
        return (int) Math.min(ceilingBytes, Integer.MAX_VALUE) & -PAGE_BYTES;
    }

    NodeSlabs node(int node) {
        return nodes.computeIfAbsent(node, n -> new NodeSlabs(this, n, slabBytes));
    }

    /**
     * Takes a run from a node, and if the ceiling is in the way, makes room: unmaps slabs that lie free on any node, has the
     * shared pools give back, and asks the confined caches to do so when they next can.
     *
     * @return the run, or null
     */
    Run take(NodeSlabs from, int bytes) {
        Run run = takeOrTrim(from, bytes);
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
        if (nowNs - raisedNs >= PRESSURE_NS) {
            pressure.compareAndSet(raisedNs, nowNs);
        }
        shared.forEach(SharedPool::reclaim);
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
