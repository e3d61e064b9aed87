package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;

/** A run cut into the slots of one size class, with the handles that were made for it. Belongs to one bin. */
final class Span {

    /** What small slots are cut from at a time: 256 of the smallest, and pages are never shared between pools. */
    static final int MIN_BYTES = 64 << 10;

    private final Run run;
    private final Buffer[] slots;
    private int freeSlots;

    /**
     * Makes the handles.
     *
     * @param run       the memory
     * @param slotBytes size of a slot, divides the run
     * @param home      takes the slots back
     * @param number    what the home knows the span by; the index of its buffers
     */
    Span(Run run, int slotBytes, Buffer.Home home, int number) {
        this.run = run;
        slots = new Buffer[run.bytes() / slotBytes];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Buffer(home, run.address() + (long) i * slotBytes, slotBytes, number);
        }
    }

    /** How large a run slots of a size are cut from. */
    static int runBytes(int slotBytes) {
        return Math.max(MIN_BYTES, slotBytes);
    }

    Run run() {
        return run;
    }

    int slots() {
        return slots.length;
    }

    Buffer slot(int i) {
        return slots[i];
    }

    /** Begins a count of the slots that the bin has at hand. */
    void resetFree() {
        freeSlots = 0;
    }

    /** Counts one slot that the bin has at hand. */
    void countFree() {
        freeSlots++;
    }

    /** Whether the count reached every slot: nobody else holds or will return one. */
    boolean isWhollyFree() {
        return freeSlots == slots.length;
    }
}
