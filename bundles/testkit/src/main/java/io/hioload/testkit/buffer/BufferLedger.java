package io.hioload.testkit.buffer;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.PoolGauges;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has which buffer, and since when; the books of one {@link CheckedBufferPoolManager}. Any thread, under one lock.
 * Memory is freed by the garbage collector once it has left both the books and the quarantine.
 */
final class BufferLedger implements Buffer.Home {

    private static final long QUARANTINE_BYTES = 32L << 20;
    private static final int ALIGNMENT_BYTES = 64;
    private static final MemorySegment CLEAN = Arena.global().allocate(CheckedBufferPool.MAX_CAPACITY_BYTES)
            .fill(CheckedBufferPool.POISON);

    private volatile long ceilingBytes;
    private final Map<Integer, Loan> loans = new LinkedHashMap<>();
    /** In the order of release. */
    private final Map<Integer, Loan> quarantine = new LinkedHashMap<>();
    private final List<Throwable> offences = new ArrayList<>();
    private long quarantineBytes;
    private long inUseBytes;
    private long acquires;
    private long refusals;
    private int nextIndex;
    private boolean closed;

    private static final class Loan {
        final MemorySegment memory;
        final Throwable acquired;
        Throwable released;

        Loan(MemorySegment memory, Throwable acquired) {
            this.memory = memory;
            this.acquired = acquired;
        }
    }

    BufferLedger(long ceilingBytes) {
        this.ceilingBytes = ceilingBytes;
    }

    synchronized Buffer acquire(int capacity) {
        if (closed) {
            throw new IllegalStateException("acquire after close");
        }
        if (inUseBytes + capacity > ceilingBytes) {
            refusals++;
            return null;
        }
        int index = nextIndex++;
        MemorySegment memory = Arena.ofAuto().allocate(capacity, ALIGNMENT_BYTES).fill(CheckedBufferPool.POISON);
        loans.put(index, new Loan(memory, new Throwable("acquired by " + Thread.currentThread().getName())));
        inUseBytes += capacity;
        acquires++;
        Buffer buffer = new Buffer(this, memory.address(), capacity, index);
        buffer.open();
        return buffer;
    }

    @Override
    public synchronized void recycle(Buffer buffer) {
        Loan loan = loans.remove(buffer.index());
        if (loan == null) {
            offences.add(new Throwable("recycled twice: " + buffer));
            return;
        }
        loan.released = new Throwable("released by " + Thread.currentThread().getName(), loan.acquired);
        loan.memory.fill(CheckedBufferPool.POISON);
        buffer.memory().wrap(buffer.address(), 0); // who uses the handle from now on is told so at once
        inUseBytes -= buffer.capacity();
        quarantine.put(buffer.index(), loan);
        quarantineBytes += buffer.capacity();
        for (Iterator<Loan> oldestFirst = quarantine.values().iterator(); quarantineBytes > QUARANTINE_BYTES;) {
            Loan oldest = oldestFirst.next();
            oldestFirst.remove();
            quarantineBytes -= oldest.memory.byteSize();
            inspect(oldest);
        }
    }

    /** The cause is the place of the release, and the cause of that the place of the acquire. */
    @Override
    public synchronized IllegalStateException misused(Buffer buffer, String message) {
        Loan loan = quarantine.get(buffer.index());
        IllegalStateException misuse = new IllegalStateException(
                message + " by " + Thread.currentThread().getName() + ": " + buffer, loan == null ? null : loan.released);
        offences.add(misuse);
        return misuse;
    }

    private void inspect(Loan loan) {
        long at = loan.memory.mismatch(CLEAN.asSlice(0, loan.memory.byteSize()));
        if (at >= 0) {
            offences.add(new Throwable("written to after release, at byte " + at, loan.released));
        }
    }

    void setCeiling(long bytes) {
        ceilingBytes = bytes;
    }

    synchronized PoolGauges gauges() {
        return new PoolGauges(ceilingBytes, inUseBytes, inUseBytes, loans.size(), 0, acquires, refusals, 0, 0, 0);
    }

    synchronized void assertClean() {
        quarantine.values().forEach(this::inspect);
        quarantine.clear();
        quarantineBytes = 0;
        if (loans.isEmpty() && offences.isEmpty()) {
            return;
        }
        AssertionError error = new AssertionError(loans.size() + " buffers leaked, " + offences.size() + " other offences");
        loans.values().forEach(loan -> error.addSuppressed(loan.acquired));
        offences.forEach(error::addSuppressed);
        throw error;
    }

    synchronized void close() {
        closed = true;
    }
}
