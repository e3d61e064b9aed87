package io.hioload.transport.iouring;

/**
 * What an operation carries as its user data, and its completions bring back: what it does, for whom, and which of those
 * who had that place one after the other.
 */
final class Operation {

    /** Nobody waits for it. */
    static final int NONE = 0;
    /** Multishot receive of a slot. */
    static final int RECEIVE = 1;
    /** Send; in place of the slot an index into {@link Sends}. */
    static final int SEND = 2;
    /** Multishot accept of a listener. */
    static final int ACCEPT = 3;
    /** Waits until a slot's socket is connected or takes more bytes. */
    static final int WRITABLE = 4;
    /** Takes back the operations of a slot. */
    static final int CANCEL = 5;
    /** Multishot poll of the wake-up descriptor. */
    static final int WAKE = 6;
    /** Zero-copy send; in place of the slot a number of {@link ZeroCopyHolds}. */
    static final int SEND_ZC = 7;
    /** Waits until a slot's connection breaks. */
    static final int BROKEN = 8;

    private static final int GENERATION_MASK = 0xff_ffff;

    private Operation() {
    }

    static long data(int operation, int generation, int place) {
        return (long) operation << 56 | (long) (generation & GENERATION_MASK) << 32 | place & 0xffff_ffffL;
    }

    static int of(long data) {
        return (int) (data >>> 56);
    }

    static int place(long data) {
        return (int) data;
    }

    static boolean isOf(long data, int generation) {
        return ((int) (data >>> 32) & GENERATION_MASK) == (generation & GENERATION_MASK);
    }
}
