package io.hioload.testkit.transport;

import java.util.Arrays;

/** A byte stream without end whose content at each position is known, with a period that no buffer size divides. */
final class StreamPattern {

    private static final int PERIOD = 65_521;
    private static final int LONGEST = 1 << 20;
    private static final byte[] BYTES = new byte[PERIOD + LONGEST];

    static {
        int state = 12345;
        for (int i = 0; i < BYTES.length; i++) {
            if (i >= PERIOD) {
                BYTES[i] = BYTES[i - PERIOD];
            } else {
                state = state * 1_103_515_245 + 12345;
                BYTES[i] = (byte) (state >>> 16);
            }
        }
    }

    private StreamPattern() {
    }

    static byte[] at(long position, int length) {
        int from = (int) (position % PERIOD);
        return Arrays.copyOfRange(BYTES, from, from + length);
    }

    /** Whether bytes are the stream's from a position on. */
    static boolean matches(long position, byte[] bytes, int offset, int length) {
        int from = (int) (position % PERIOD);
        return Arrays.mismatch(BYTES, from, from + length, bytes, offset, offset + length) < 0;
    }
}
