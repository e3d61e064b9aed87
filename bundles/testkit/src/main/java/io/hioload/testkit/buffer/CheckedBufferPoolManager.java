package io.hioload.testkit.buffer;

import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.PoolGauges;
import io.hioload.buffer.PoolSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A pool manager for tests: every acquire gets memory of its own and remembers where it was asked for, so that a test can
 * say which line leaked. See {@link CheckedBufferPool} for what else is checked. Any thread may call it.
 *
 * <p>Cost: a stack trace and a native allocation for each acquire; not for measuring speed.
 */
public final class CheckedBufferPoolManager implements BufferPoolManager {

    private final BufferLedger ledger;
    private final Map<Integer, CheckedBufferPool> shared = new ConcurrentHashMap<>();

    /** Makes a manager with the default ceiling. */
    public CheckedBufferPoolManager() {
        this(PoolSettings.DEFAULT_CEILING_BYTES);
    }

    /**
     * Makes a manager.
     *
     * @param ceilingBytes the most that may be in use; acquires are refused beyond
     */
    public CheckedBufferPoolManager(long ceilingBytes) {
        ledger = new BufferLedger(ceilingBytes);
    }

    @Override
    public CheckedBufferPool shared(int node) {
        return shared.computeIfAbsent(node, n -> new CheckedBufferPool(ledger, null));
    }

    @Override
    public CheckedBufferPool confined(int node) {
        return new CheckedBufferPool(ledger, Thread.currentThread());
    }

    @Override
    public void configure(PoolSettings settings) {
        ledger.setCeiling(settings.ceilingBytes());
    }

    /** Does nothing: what is free is the garbage collector's. */
    @Override
    public long trim() {
        return 0;
    }

    @Override
    public PoolGauges gauges() {
        return ledger.gauges();
    }

    /**
     * Checks that every buffer came back and that none was written to afterwards.
     *
     * @throws AssertionError with the place of acquire of each leaked buffer, and the place of release of each buffer
     *                        that was written to after it
     */
    public void assertNoLeaks() {
        ledger.assertClean();
    }

    @Override
    public String probeName() {
        return "checked-pool";
    }

    @Override
    public Map<String, Object> probe() {
        PoolGauges now = gauges();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("ceilingBytes", now.ceilingBytes());
        values.put("inUseBytes", now.inUseBytes());
        values.put("inUseBuffers", now.inUseBuffers());
        values.put("refusals", now.refusals());
        return values;
    }

    /** Ends the giving out of buffers. Does not check; {@link #assertNoLeaks} does. */
    @Override
    public void close() {
        ledger.close();
    }
}
