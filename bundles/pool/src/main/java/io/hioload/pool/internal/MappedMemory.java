package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All that one manager has mapped, under its ceiling: the slabs of each node and the mappings of buffers that are larger
 * than a slab. Any thread; only misses come here.
 */
final class MappedMemory implements Buffer.Home {

    /** Mappings are multiples of this. */
    static final int PAGE_BYTES = 4096;

    private final PageSource source;
    private final long ceilingBytes;
    private final int slabBytes;
    private final AtomicLong mappedBytes = new AtomicLong();
    private final AtomicLong oversizedBytes = new AtomicLong();
    private final AtomicLong oversizedBuffers = new AtomicLong();
    private final SortedMap<Integer, NodeSlabs> nodes = new ConcurrentSkipListMap<>();

    MappedMemory(PageSource source, long ceilingBytes, int slabBytes) {
        this.source = source;
        this.ceilingBytes = ceilingBytes;
        this.slabBytes = slabBytes;
    }

    /** The largest buffer: what fits under the ceiling and into an int, in whole pages. */
    int maxBufferBytes() {
        return (int) Math.min(ceilingBytes, Integer.MAX_VALUE) & -PAGE_BYTES;
    }

    NodeSlabs node(int node) {
        return nodes.computeIfAbsent(node, n -> new NodeSlabs(this, n, slabBytes));
    }

    /**
     * Takes a run from a node, and if the ceiling is in the way, makes room by unmapping slabs that lie free on any
     * node.
     *
     * @return the run, or null
     */
    Run take(NodeSlabs from, int bytes) {
        Run run = from.take(bytes);
        return run == null && trim() ? from.take(bytes) : run;
    }

    /** Maps a buffer that is larger than a slab; its last release unmaps it. Null if the ceiling is in the way. */
    Buffer acquireOversized(int minCapacity, int node) {
        int capacity = (int) ((minCapacity + PAGE_BYTES - 1L) & -PAGE_BYTES);
        long address = map(capacity, node);
        if (address == 0 && trim()) {
            address = map(capacity, node);
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

    /** Unmaps all slabs without a buffer in use; returns how many buffers are in use in the others. */
    int close() {
        int inUse = 0;
        for (NodeSlabs node : nodes.values()) {
            inUse += node.close();
        }
        return inUse;
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
