package io.hioload.pool.internal;

import io.hioload.buffer.BufferPool;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.PoolGauges;
import io.hioload.buffer.PoolSettings;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * The pools of one server or client over its mapped memory. Any thread. Other threads may acquire from shared pools and
 * release anywhere while it is closed: what they hold stays mapped until it has come back. The owners of confined pools have
 * stopped acquiring. Owns one thread, see {@link PoolKeeper}.
 */
final class SlabPoolManager implements BufferPoolManager {

    private static final System.Logger LOG = System.getLogger(SlabPoolManager.class.getName());

    private final MappedMemory memory;
    private final PoolKeeper keeper = new PoolKeeper(this);
    private volatile PoolSettings settings;
    private final List<ConfinedPool> confined = new CopyOnWriteArrayList<>();
    private final Map<Integer, SharedPool> shared = new ConcurrentHashMap<>();
    private final LongAdder refusedAfterClose = new LongAdder();
    private boolean kept;
    /** The close found buffers in use and said so. */
    private boolean reported;
    private volatile boolean closed;

    SlabPoolManager(PoolSettings settings, PageSource source) {
        this.settings = settings;
        this.memory = new MappedMemory(source, settings.ceilingBytes(), settings.slabBytes());
    }

    @Override
    public BufferPool shared(int node) {
        SharedPool pool = shared.get(checked(node));
        return pool != null ? pool : openShared(node);
    }

    private synchronized SharedPool openShared(int node) {
        requireOpen();
        keep();
        return shared.computeIfAbsent(node, n -> {
            SharedPool pool = new SharedPool(memory, n, settings.slabBytes());
            memory.register(pool);
            return pool;
        });
    }

    /** A cache whose thread has ended is taken over rather than left lying with what it holds. */
    @Override
    public synchronized BufferPool confined(int node) {
        requireOpen();
        for (ConfinedPool pool : confined) {
            if (pool.adopt(checked(node))) {
                return pool;
            }
        }
        ConfinedPool pool = new ConfinedPool(memory, checked(node), settings.slabBytes(), refusedAfterClose);
        confined.add(pool);
        keep();
        memory.divideHoard(confined.size());
        return pool;
    }

    private void keep() {
        if (!kept) {
            kept = true;
            keeper.start();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("pool manager is closed");
        }
    }

    private static int checked(int node) {
        if (node < ANY_NODE) {
            throw new IllegalArgumentException("node " + node + ": from 0, or " + ANY_NODE + " for any");
        }
        return node;
    }

    @Override
    public synchronized void configure(PoolSettings next) {
        if (next.slabBytes() != settings.slabBytes()) {
            throw new IllegalArgumentException("slabBytes " + next.slabBytes() + ": " + settings.slabBytes() + " cannot change");
        }
        settings = next;
        memory.setCeiling(next.ceilingBytes());
        memory.source().wantHugePages(next.hugePages());
        if (memory.isAboveCeiling()) {
            memory.trimAll();
        }
        keeper.wake();
    }

    @Override
    public long trim() {
        return memory.trimAll();
    }

    boolean isClosed() {
        return closed;
    }

    boolean isAboveCeiling() {
        return memory.isAboveCeiling();
    }

    long trimAfterNs() {
        return settings.trimAfterNs();
    }

    /** Has the pools give back what they do not need; called by the keeper, and by tests. */
    synchronized void look(boolean endOfWindow) {
        if (closed) {
            return;
        }
        if (memory.isAboveCeiling()) {
            memory.trimAll();
        }
        if (settings.trimAfterNs() != 0) {
            memory.tune(endOfWindow);
        }
    }

    /** After the close: unmaps the slabs of which the last buffer has come back; true if nothing is mapped any more. */
    synchronized boolean settle() {
        confined.forEach(ConfinedPool::settle);
        shared.values().forEach(SharedPool::settle);
        if (memory.mappedBytes() != 0) {
            return false;
        }
        if (reported) {
            reported = false;
            LOG.log(Level.INFO, "The last buffer has come back to the closed pool: nothing is mapped any more");
        }
        return true;
    }

    /** Whose buffers are out, for people. The checking pool of the test kit tells the lines of code. */
    private List<String> holders() {
        List<String> holders = new ArrayList<>();
        confined.forEach(pool -> pool.addHolders(holders));
        shared.values().forEach(pool -> pool.addHolders(holders));
        if (memory.oversizedBuffers() != 0) {
            holders.add(memory.oversizedBuffers() + " larger than a slab, of " + memory.oversizedBytes() + " bytes together");
        }
        return holders;
    }

    @Override
    public PoolGauges gauges() {
        Tally tally = new Tally();
        confined.forEach(pool -> pool.addTo(tally));
        shared.values().forEach(pool -> pool.addTo(tally));
        tally.addInUse(memory.oversizedBuffers(), memory.oversizedBytes());
        tally.addAcquires(0, 0, refusedAfterClose.sum());
        return tally.toGauges(memory.ceilingBytes(), memory.mappedBytes(), memory.source().hugePageBytes(), memory.trimmedBytes());
    }

    @Override
    public String probeName() {
        return "pool";
    }

    @Override
    public Map<String, Object> probe() {
        PoolGauges gauges = gauges();
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("ceilingBytes", gauges.ceilingBytes());
        state.put("mappedBytes", gauges.mappedBytes());
        state.put("inUseBytes", gauges.inUseBytes());
        state.put("inUseBuffers", gauges.inUseBuffers());
        state.put("hits", gauges.hits());
        state.put("misses", gauges.misses());
        state.put("refusals", gauges.refusals());
        state.put("freeBytes", gauges.freeBytes());
        state.put("trimmedBytes", gauges.trimmedBytes());
        state.put("trimAfterMs", settings.trimAfterNs() / 1_000_000);
        state.put("source", memory.source().name());
        state.put("slabBytes", settings.slabBytes());
        state.put("slabs", memory.slabsByNode());
        state.put("oversizedBuffers", memory.oversizedBuffers());
        state.put("hugePages", memory.source().hugePages());
        state.put("hugePageBytes", gauges.hugePageBytes());
        state.put("nodeMemory", memory.source().binding());
        state.put("lastMapFailure", memory.source().failure());
        state.put("closed", closed);
        state.put("heldBy", holders());
        state.put("confined", confined.stream().map(ConfinedPool::probe).toList());
        state.put("shared", shared.values().stream().map(SharedPool::probe).toList());
        return state;
    }

    @Override
    public void close() {
        if (closeAll()) {
            keeper.end();
        } else {
            keeper.wake();
        }
    }

    /** Returns whether nothing is left for the keeper to do. */
    private synchronized boolean closeAll() {
        if (closed) {
            return false;
        }
        closed = true;
        confined.forEach(ConfinedPool::close);
        shared.values().forEach(SharedPool::close);
        memory.close();
        if (memory.mappedBytes() == 0) {
            return true;
        }
        reported = true;
        LOG.log(Level.WARNING, "Pool closed with {0} buffers in use, {1} bytes stay mapped until they come back: {2}",
                gauges().inUseBuffers(), memory.mappedBytes(), holders());
        return false;
    }
}
