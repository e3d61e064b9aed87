package io.hioload.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The whole address space, for structures that the kernel or a library shares with us and for memory that is known by
 * its address. Nothing is checked: a wrong address ends the process or, worse, does not. Byte order is the machine's,
 * addresses need no alignment.
 *
 * <p>Threads: any; plain accesses, so who shares memory between threads orders them by other means.
 *
 * <p>Cost: {@link #ALL} is a constant to C2, whose bounds check folds to the test of a sign and whose scope check
 * goes away; an access is one instruction. Loops over addresses are fastest with {@code int} counters.
 */
public final class Memory {

    /** All memory; offset is address. */
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** 1 byte. */
    public static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    /** 2 bytes, machine order, unaligned. */
    public static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    /** 4 bytes, machine order, unaligned. */
    public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    /** 8 bytes, machine order, unaligned. */
    public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private Memory() {
    }

    /**
     * Reads 1 byte.
     *
     * @param address where
     * @return the value
     */
    public static byte getByte(long address) {
        return ALL.get(BYTE, address);
    }

    /**
     * Reads 2 bytes.
     *
     * @param address where
     * @return the value
     */
    public static short getShort(long address) {
        return ALL.get(SHORT, address);
    }

    /**
     * Reads 4 bytes.
     *
     * @param address where
     * @return the value
     */
    public static int getInt(long address) {
        return ALL.get(INT, address);
    }

    /**
     * Reads 8 bytes.
     *
     * @param address where
     * @return the value
     */
    public static long getLong(long address) {
        return ALL.get(LONG, address);
    }

    /**
     * Writes 1 byte.
     *
     * @param address where
     * @param value   what
     */
    public static void putByte(long address, byte value) {
        ALL.set(BYTE, address, value);
    }

    /**
     * Writes 2 bytes.
     *
     * @param address where
     * @param value   what
     */
    public static void putShort(long address, short value) {
        ALL.set(SHORT, address, value);
    }

    /**
     * Writes 4 bytes.
     *
     * @param address where
     * @param value   what
     */
    public static void putInt(long address, int value) {
        ALL.set(INT, address, value);
    }

    /**
     * Writes 8 bytes.
     *
     * @param address where
     * @param value   what
     */
    public static void putLong(long address, long value) {
        ALL.set(LONG, address, value);
    }

    /**
     * Copies bytes; the ranges may overlap.
     *
     * @param from        first byte read
     * @param to          first byte written
     * @param lengthBytes how many
     */
    public static void copy(long from, long to, long lengthBytes) {
        MemorySegment.copy(ALL, from, ALL, to, lengthBytes);
    }

    /**
     * Writes zeros.
     *
     * @param address     first byte
     * @param lengthBytes how many
     */
    public static void zero(long address, long lengthBytes) {
        ALL.asSlice(address, lengthBytes).fill((byte) 0);
    }
}
