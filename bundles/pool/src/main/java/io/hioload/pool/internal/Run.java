package io.hioload.pool.internal;

/**
 * A stretch of a slab that goes to one pool: a power of two in size and aligned to its size within the slab.
 *
 * @param slab   what it was cut from
 * @param offset where in the slab it begins
 * @param bytes  its size
 */
record Run(Slab slab, int offset, int bytes) {

    long address() {
        return slab.address() + offset;
    }

    Run lowerHalf() {
        return new Run(slab, offset, bytes >> 1);
    }

    Run upperHalf() {
        return new Run(slab, offset + (bytes >> 1), bytes >> 1);
    }

    /** The other half of what this one was split from. */
    Run buddy() {
        return new Run(slab, offset ^ bytes, bytes);
    }

    /** What this one and its buddy were split from. */
    Run parent() {
        return new Run(slab, offset & ~bytes, bytes << 1);
    }
}
