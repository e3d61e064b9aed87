package io.hioload.transport.iouring;

import io.hioload.ffm.Memory;
import io.hioload.transport.SendQueues;
import java.lang.foreign.Arena;

/**
 * The headers of sends that gather several buffers: {@code struct msghdr} with its {@code struct iovec[]} behind it, both
 * of the 64-bit ABI. The kernel has its own copy once they are submitted (IORING_FEAT_SUBMIT_STABLE). The loop's thread
 * only.
 */
final class GatherMemory {

    /** The most pieces; IOV_MAX is 1024, but beyond a few dozen nothing is gained. */
    private static final int MOST_PIECES = 64;

    /** Enough for any send buffer; keeps the sum inside an int. */
    private static final int MOST_BYTES = 16 << 20;

    private static final int HEADER_BYTES = 56;
    private static final int HEADER_IOV = 16;
    private static final int HEADER_IOV_LENGTH = 24;
    private static final int IOV_BYTES = 16;
    private static final int LARGEST_BYTES = HEADER_BYTES + MOST_PIECES * IOV_BYTES;
    private static final int CAPACITY_BYTES = 64 << 10;

    private final long memory;
    private int used;
    private int length;
    private int pieces;

    GatherMemory(Arena arena) {
        memory = arena.allocate(CAPACITY_BYTES, 8).address();
    }

    /** Forgets all headers, which the kernel has taken. */
    void clear() {
        used = 0;
    }

    /**
     * Lists what is at the head of a slot's queue.
     *
     * @param queues where
     * @param slot   whose queue is not empty
     * @return the address of the header, or 0 if there is no room
     */
    long gather(SendQueues queues, int slot) {
        if (used + LARGEST_BYTES > CAPACITY_BYTES) {
            return 0;
        }
        long header = memory + used;
        long iov = header + HEADER_BYTES;
        int bytes = 0;
        pieces = 0;
        for (int e = queues.first(slot); e >= 0 && pieces < MOST_PIECES && bytes < MOST_BYTES; e = queues.after(e)) {
            Memory.putLong(iov, queues.buffer(e).address() + queues.offset(e));
            Memory.putLong(iov + 8, queues.length(e));
            bytes += queues.length(e);
            pieces++;
            iov += IOV_BYTES;
        }
        Memory.zero(header, HEADER_BYTES);
        Memory.putLong(header + HEADER_IOV, header + HEADER_BYTES);
        Memory.putLong(header + HEADER_IOV_LENGTH, pieces);
        used = (int) (iov - memory);
        length = bytes;
        return header;
    }

    /**
     * What {@link #gather} listed last.
     *
     * @return bytes
     */
    int length() {
        return length;
    }

    /**
     * What {@link #gather} listed last.
     *
     * @return buffers
     */
    int pieces() {
        return pieces;
    }
}
