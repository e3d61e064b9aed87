package io.hioload.pool.internal;

/**
 * The sizes that slots come in: powers of two from 256 bytes to the size of a slab. At most half of a slot is wasted,
 * and the index is three instructions.
 */
final class SizeClasses {

    /** The smallest slot: four cache lines, enough for a control frame or a chat message. */
    static final int MIN_BYTES = 256;

    private static final int MIN_BITS = Integer.numberOfTrailingZeros(MIN_BYTES);

    private SizeClasses() {
    }

    /** How many classes there are up to a slab. */
    static int count(int slabBytes) {
        return indexOf(slabBytes) + 1;
    }

    /** The class of the smallest slot that holds so many bytes; past every class if the number is not positive. */
    static int indexOf(int bytes) {
        return Math.max(0, Integer.SIZE - MIN_BITS - Integer.numberOfLeadingZeros(bytes - 1));
    }

    /** The slot size of a class. */
    static int bytesOf(int index) {
        return MIN_BYTES << index;
    }
}
