package io.hioload.pool.internal;

/** One mapping that runs are cut from. Guarded by its {@link NodeSlabs}. */
final class Slab {

    private final long address;
    private int spans;

    Slab(long address) {
        this.address = address;
    }

    long address() {
        return address;
    }

    /** Counts a span that a bin cut from it. */
    void addSpan() {
        spans++;
    }

    /** Counts a span that a bin gave back. */
    void removeSpan() {
        spans--;
    }

    /** Whether a bin has a part of it. */
    boolean hasSpans() {
        return spans != 0;
    }
}
