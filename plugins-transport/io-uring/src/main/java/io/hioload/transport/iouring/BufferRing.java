package io.hioload.transport.iouring;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.ffm.Memory;
import io.hioload.transport.TransportException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The receive buffers of a loop, which the kernel takes from in turn (io_uring_register(2), IORING_REGISTER_PBUF_RING).
 * The loop's thread only. It owns one reference of each buffer until {@link #close}.
 *
 * <p>With incremental consumption (IOU_PBUF_RING_INC) the receives of many connections lie behind each other in one
 * buffer. It comes back when the kernel is through with it; if nobody else holds it then, it goes into the ring again,
 * else it is replaced by a fresh one from the pool, and its bytes stay as they are. Without, a buffer is used up by one
 * receive, so there are more and smaller ones.
 *
 * <p>Memory order: the tail is written by a release, which the kernel reads by an acquire.
 *
 * <p>Cost: a few array accesses for each receive; a buffer goes back by 4 writes.
 */
final class BufferRing {

    static final int GROUP = 0;

    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.varHandle();

    private static final int ENTRY_BYTES = 16;
    private static final int TAIL_OFFSET = 14;
    private static final int PAGE_BYTES = 4096;
    private static final int REGISTRATION_BYTES = 40;

    /** Without incremental consumption: twice the memory, in buffers of an eighth. */
    private static final int PLAIN_BUFFERS = 16;
    private static final int PLAIN_PARTS = 8;
    private static final int PLAIN_LEAST_BYTES = 1024;
    private static final int MOST_BUFFERS = 32_768;

    private final Ring ring;
    private final BufferPool pool;
    private final UringCounters counters;
    private final boolean incremental;
    private final int bytes;
    private final int mask;
    private final long registration;
    private final long entries;

    private final Buffer[] buffers;
    private final int[] taken;
    private final int[] missing;
    private int missingCount;
    private int available;
    private int tail;

    /**
     * Registers and fills the ring of buffers.
     *
     * @param ring     to be registered with
     * @param arena    must live as long as the ring
     * @param pool     where buffers come from
     * @param settings how many and how large
     * @param counters are counted up
     * @throws TransportException if the kernel refuses; says why
     */
    BufferRing(Ring ring, Arena arena, BufferPool pool, UringSettings settings, UringCounters counters) throws TransportException {
        this.ring = ring;
        this.pool = pool;
        this.counters = counters;
        registration = arena.allocate(REGISTRATION_BYTES, 8).address();
        int count = settings.buffers();
        entries = allocate(arena, Math.min(MOST_BUFFERS, count * PLAIN_BUFFERS));
        boolean inc = settings.wanted().has(Feature.INCREMENTAL_BUFFERS) && register(count, Abi.PBUF_RING_INC) >= 0;
        if (!inc) {
            count = Math.min(MOST_BUFFERS, count * PLAIN_BUFFERS);
            int result = register(count, 0);
            if (result < 0) {
                throw new TransportException(ring.refusal("registering receive buffers with io_uring", -result));
            }
        }
        incremental = inc;
        int wantedBytes = inc ? settings.receiveBytes() : Math.max(PLAIN_LEAST_BYTES, settings.receiveBytes() / PLAIN_PARTS);
        bytes = Math.min(wantedBytes, pool.maxCapacity());
        mask = count - 1;
        buffers = new Buffer[count];
        taken = new int[count];
        missing = new int[count];
        for (int i = 0; i < count; i++) {
            missing[missingCount++] = count - 1 - i;
        }
        refill();
    }

    private static long allocate(Arena arena, int count) {
        long size = Math.ceilDiv((long) ENTRY_BYTES * count, PAGE_BYTES) * PAGE_BYTES;
        return arena.allocate(size, PAGE_BYTES).address();
    }

    /** {@code struct io_uring_buf_reg}. */
    private int register(int count, int flags) {
        Memory.zero(registration, REGISTRATION_BYTES);
        Memory.putLong(registration, entries);
        Memory.putInt(registration + 8, count);
        Memory.putShort(registration + 12, (short) GROUP);
        Memory.putShort(registration + 14, (short) flags);
        return ring.register(Abi.REGISTER_PBUF_RING, registration, 1);
    }

    boolean isIncremental() {
        return incremental;
    }

    /**
     * The buffer of a completion.
     *
     * @param flags of the completion
     * @return its number in this ring
     */
    static int of(int flags) {
        return flags >>> Abi.CQE_BUFFER_SHIFT;
    }

    Buffer buffer(int number) {
        return buffers[number];
    }

    /**
     * Accounts for bytes that the kernel has put into a buffer. Completions have to pass here in their order.
     *
     * @param number buffer
     * @param length how many
     * @return where they begin
     */
    int take(int number, int length) {
        int offset = taken[number];
        taken[number] = offset + length;
        return offset;
    }

    /**
     * Takes a buffer back that the kernel is through with, after its last bytes were delivered.
     *
     * @param number buffer
     */
    void finished(int number) {
        available--;
        Buffer buffer = buffers[number];
        if (buffer.refs() == 1) {
            add(number);
            return;
        }
        buffer.release();
        counters.buffersReplaced.increment();
        buffers[number] = null;
        missing[missingCount++] = number;
        refill();
    }

    /** Gets buffers that the pool did not have before. */
    void refill() {
        while (missingCount > 0) {
            Buffer buffer = pool.acquire(bytes);
            if (buffer == null) {
                return;
            }
            int number = missing[--missingCount];
            buffers[number] = buffer;
            add(number);
        }
    }

    /** {@code struct io_uring_buf}; the tail lies in the unused bytes of the first one. */
    private void add(int number) {
        long entry = entries + (long) (tail++ & mask) * ENTRY_BYTES;
        Memory.putLong(entry, buffers[number].address());
        Memory.putInt(entry + 8, bytes);
        Memory.putShort(entry + 12, (short) number);
        taken[number] = 0;
        available++;
        SHORT.setRelease(Memory.ALL, entries + TAIL_OFFSET, (short) tail);
    }

    /**
     * Whether the pool owes buffers.
     *
     * @return true if {@link #refill} is due
     */
    boolean isShort() {
        return missingCount > 0;
    }

    /**
     * Whether receives that ended for want of buffers should be tried again: each attempt costs, so not for single
     * buffers.
     *
     * @return true if at least half of the ring is with the kernel
     */
    boolean isHalfFull() {
        return available * 2 > mask;
    }

    /**
     * Ends the registration and releases the buffers.
     *
     * @param idle whether no receive is under way any more; otherwise the buffers are not given back to the pool, because
     *             the kernel may still write into them
     * @return bytes that are left behind
     */
    long close(boolean idle) {
        if (!idle) {
            return (long) (buffers.length - missingCount) * bytes;
        }
        ring.register(Abi.UNREGISTER_PBUF_RING, registration, 1);
        for (Buffer buffer : buffers) {
            if (buffer != null) {
                buffer.release();
            }
        }
        return 0;
    }
}
