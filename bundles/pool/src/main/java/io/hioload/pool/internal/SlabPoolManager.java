package io.hioload.pool.internal;

import io.hioload.buffer.BufferPool;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.PoolGauges;
import io.hioload.buffer.PoolSettings;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * The pools of one server or client over its mapped memory. Any thread. Other threads may acquire from shared pools and
 * release anywhere while it is closed: what they hold stays mapped. The owners of confined pools have stopped acquiring.
 */
final class SlabPoolManager implements BufferPoolManager {

    private static final System.Logger LOG = System.getLogger(SlabPoolManager.class.getName());

    private final PoolSettings settings;
    private final MappedMemory memory;
    private final List<ConfinedPool> confined = new CopyOnWriteArrayList<>();
    private final Map<Integer, SharedPool> shared = new ConcurrentHashMap<>();
    private final LongAdder refusedAfterClose = new LongAdder();
    private boolean closed;

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
        memory.divideHoard(confined.size());
        return pool;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("pool manager is closed");
        }
    }

    private static int checked(int node) {
        if (node < 0) {
            throw new IllegalArgumentException("node " + node + ": from 0");
        }
        return node;
    }

    @Override
    public PoolGauges gauges() {
        Tally tally = new Tally();
        confined.forEach(pool -> pool.addTo(tally));
        shared.values().forEach(pool -> pool.addTo(tally));
        tally.addInUse(memory.oversizedBuffers(), memory.oversizedBytes());
        tally.addAcquires(0, 0, refusedAfterClose.sum());
        return tally.toGauges(settings.ceilingBytes(), memory.mappedBytes(), memory.source().hugePageBytes());
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
        state.put("source", memory.source().name());
        state.put("slabBytes", settings.slabBytes());
        state.put("slabs", memory.slabsByNode());
        state.put("oversizedBuffers", memory.oversizedBuffers());
        state.put("hugePages", memory.source().hugePages());
        state.put("hugePageBytes", gauges.hugePageBytes());
        state.put("lastMapFailure", memory.source().failure());
        state.put("confined", confined.stream().map(ConfinedPool::probe).toList());
        return state;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        confined.forEach(ConfinedPool::close);
        shared.values().forEach(SharedPool::close);
        memory.close();
        if (memory.mappedBytes() != 0) {
            LOG.log(Level.WARNING, "Pool closed with {0} buffers in use: {1} bytes stay mapped", gauges().inUseBuffers(),
                    memory.mappedBytes());
        }
    }
}
