package io.hioload.testkit.buffer;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.PoolGauges;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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

    private final long ceilingBytes;
    private final Map<Integer, Loan> loans = new LinkedHashMap<>();
    private final Deque<Loan> quarantine = new ArrayDeque<>();
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
        inUseBytes -= buffer.capacity();
        quarantine.add(loan);
        quarantineBytes += buffer.capacity();
        while (quarantineBytes > QUARANTINE_BYTES) {
            Loan oldest = quarantine.remove();
            quarantineBytes -= oldest.memory.byteSize();
            inspect(oldest);
        }
    }

    private void inspect(Loan loan) {
        long at = loan.memory.mismatch(CLEAN.asSlice(0, loan.memory.byteSize()));
        if (at >= 0) {
            offences.add(new Throwable("written to after release, at byte " + at, loan.released));
        }
    }

    synchronized PoolGauges gauges() {
        return new PoolGauges(ceilingBytes, inUseBytes, inUseBytes, loans.size(), 0, acquires, refusals, 0);
    }

    synchronized void assertClean() {
        quarantine.forEach(this::inspect);
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
