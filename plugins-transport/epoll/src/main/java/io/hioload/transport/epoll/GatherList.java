package io.hioload.transport.epoll;

import io.hioload.ffm.Memory;
import java.lang.foreign.Arena;

/**
 * Pieces of memory for one sendmsg(2): {@code struct iovec[]} behind its {@code struct msghdr}, both of the 64-bit ABI.
 * The loop's thread only.
 */
final class GatherList {

    /** The most pieces; IOV_MAX is 1024, but beyond a few dozen nothing is gained. */
    static final int CAPACITY = 64;

    /** Enough for any send buffer. */
    private static final int MOST_BYTES = 16 << 20;

    private static final int HEADER_BYTES = 56;
    private static final int HEADER_IOV = 16;
    private static final int HEADER_IOV_LENGTH = 24;
    private static final int IOV_BYTES = 16;

    private final long header;
    private int pieces;
    private long bytes;

    GatherList(Arena arena) {
        header = arena.allocate(HEADER_BYTES + CAPACITY * IOV_BYTES + 8L, 8).address();
        Memory.putLong(header + HEADER_IOV, iov(0));
    }

    private long iov(int index) {
        return header + HEADER_BYTES + (long) index * IOV_BYTES;
    }

    void clear() {
        pieces = 0;
        bytes = 0;
    }

    /**
     * Adds a piece.
     *
     * @param address first byte
     * @param length  bytes
     * @return whether another one may be added
     */
    boolean add(long address, int length) {
        Memory.putLong(iov(pieces), address);
        Memory.putLong(iov(pieces) + 8, length);
        pieces++;
        bytes += length;
        return pieces < CAPACITY && bytes < MOST_BYTES;
    }

    /** Where the first piece begins. */
    long first() {
        return Memory.getLong(iov(0));
    }

    int firstBytes() {
        return (int) Memory.getLong(iov(0) + 8);
    }

    long bytes() {
        return bytes;
    }

    long header() {
        Memory.putLong(header + HEADER_IOV_LENGTH, pieces);
        return header;
    }
}
