package io.hioload.protocol.internal;

import org.agrona.UnsafeApi;

/**
 * Checks UTF-8 (RFC 3629) in pieces of any size: overlong forms, surrogates and code points beyond U+10FFFF are refused,
 * each at the first byte that cannot continue a valid sequence. Any thread; allocates nothing; the caller has checked the
 * bounds.
 *
 * <p>ASCII goes 32 bytes at a time. The rest goes through an automaton whose whole transition row for a byte is one long,
 * with the next state of each state at that state's bit position: a step is one load and one shift, without a branch, so
 * text of any language costs about the same.
 */
final class Utf8Validator {

    /** Between two characters: where every text begins and must end. */
    static final int ACCEPT = 0;
    /** Not UTF-8, whatever follows. */
    static final int REJECT = 48;

    /** One continuation byte is missing; two; three. */
    private static final int NEED_1 = 6;
    private static final int NEED_2 = 12;
    private static final int NEED_3 = 18;
    /** Behind a first byte that restricts the second one, to exclude overlong forms, surrogates and too high ones. */
    private static final int AFTER_E0 = 24;
    private static final int AFTER_ED = 30;
    private static final int AFTER_F0 = 36;
    private static final int AFTER_F4 = 42;

    /** States are multiples of 6, so that a long holds all nine of them; a shift by a long uses its 6 lowest bits only. */
    private static final int STATE_MASK = 63;
    private static final int BLOCK_BYTES = 32;
    private static final long[] ROWS = rows();

    private Utf8Validator() {
    }

    /** Whether a whole text is valid. */
    static boolean isValid(long address, int length) {
        return check(address, length, ACCEPT) == ACCEPT;
    }

    /**
     * Goes on from a state over the next bytes.
     *
     * @return the new state; {@link #REJECT} as soon as one byte is wrong
     */
    static int check(long address, int length, int before) {
        long state = before;
        int i = 0;
        for (; i <= length - BLOCK_BYTES; i += BLOCK_BYTES) {
            long a = UnsafeApi.getLong(address + i);
            long b = UnsafeApi.getLong(address + i + 8);
            long c = UnsafeApi.getLong(address + i + 16);
            long d = UnsafeApi.getLong(address + i + 24);
            // One branch for a block, not one for a word: in text of mixed scripts it would often be predicted wrongly.
            if (((a | b | c | d) & Masking.NON_ASCII) == 0 && (state & STATE_MASK) == ACCEPT) {
                continue;
            }
            state = step(step(step(step(state, a), b), c), d);
            if ((state & STATE_MASK) == REJECT) {
                return REJECT;
            }
        }
        for (; i <= length - 8; i += 8) {
            long w = UnsafeApi.getLong(address + i);
            if ((w & Masking.NON_ASCII) != 0 || (state & STATE_MASK) != ACCEPT) {
                state = step(state, w);
            }
        }
        for (; i < length; i++) {
            state = ROWS[UnsafeApi.getByte(address + i) & 0xFF] >>> state;
        }
        return (int) state & STATE_MASK;
    }

    /** The state behind 8 more bytes. */
    private static long step(long before, long word) {
        long w = Masking.firstByteLowest(word);
        long state = ROWS[(int) w & 0xFF] >>> before;
        state = ROWS[(int) (w >>> 8) & 0xFF] >>> state;
        state = ROWS[(int) (w >>> 16) & 0xFF] >>> state;
        state = ROWS[(int) (w >>> 24) & 0xFF] >>> state;
        state = ROWS[(int) (w >>> 32) & 0xFF] >>> state;
        state = ROWS[(int) (w >>> 40) & 0xFF] >>> state;
        state = ROWS[(int) (w >>> 48) & 0xFF] >>> state;
        return ROWS[(int) (w >>> 56)] >>> state;
    }

    private static long[] rows() {
        long[] rows = new long[256];
        for (int b = 0; b < rows.length; b++) {
            boolean continuation = b >= 0x80 && b <= 0xBF;
            rows[b] = next(ACCEPT, first(b)) | next(REJECT, REJECT)
                    | next(NEED_1, continuation ? ACCEPT : REJECT)
                    | next(NEED_2, continuation ? NEED_1 : REJECT)
                    | next(NEED_3, continuation ? NEED_2 : REJECT)
                    | next(AFTER_E0, continuation && b >= 0xA0 ? NEED_1 : REJECT)
                    | next(AFTER_ED, continuation && b <= 0x9F ? NEED_1 : REJECT)
                    | next(AFTER_F0, continuation && b >= 0x90 ? NEED_2 : REJECT)
                    | next(AFTER_F4, continuation && b <= 0x8F ? NEED_2 : REJECT);
        }
        return rows;
    }

    private static long next(int state, int next) {
        return (long) next << state;
    }

    /** The state behind a first byte (RFC 3629, section 4). */
    private static int first(int b) {
        if (b < 0x80) {
            return ACCEPT;
        }
        if (b < 0xC2 || b > 0xF4) {
            return REJECT;
        }
        if (b < 0xE0) {
            return NEED_1;
        }
        return switch (b) {
            case 0xE0 -> AFTER_E0;
            case 0xED -> AFTER_ED;
            case 0xF0 -> AFTER_F0;
            case 0xF4 -> AFTER_F4;
            default -> b < 0xF0 ? NEED_2 : NEED_3;
        };
    }
}
