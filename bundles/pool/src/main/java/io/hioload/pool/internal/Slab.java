package io.hioload.pool.internal;

import java.util.HashSet;
import java.util.Set;

/** One mapping that runs are cut from. Guarded by its {@link NodeSlabs}. */
final class Slab {

    private final long address;
    private final Set<Span> spans = new HashSet<>();

    Slab(long address) {
        this.address = address;
    }

    long address() {
        return address;
    }

    void add(Span span) {
        spans.add(span);
    }

    void remove(Span span) {
        spans.remove(span);
    }

    /** How many buffers in it have a reference now. */
    int buffersInUse() {
        int inUse = 0;
        for (Span span : spans) {
            inUse += span.buffersInUse();
        }
        return inUse;
    }
}
