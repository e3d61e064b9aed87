package io.hioload.protocol.internal;

import java.security.SecureRandom;

/**
 * Unpredictable masking keys (RFC 6455, section 10.3): a ChaCha generator for each thread (RFC 8439 with 12 rounds), whose
 * key comes from {@link SecureRandom} once and is replaced by its own output with every refill, so that keys on the wire
 * tell nothing of those before or after. Allocates nothing after a thread's first key.
 */
final class MaskKeys {

    private static final int BLOCK_INTS = 16;
    private static final int KEY_INTS = 8;
    private static final int BLOCKS = 8;
    private static final int DOUBLE_ROUNDS = 6;
    private static final int OUTPUT_INTS = BLOCKS * BLOCK_INTS;
    /** Behind the output: the index of the next unused one. The first KEY_INTS of the output are the next refill's key. */
    private static final int POSITION = OUTPUT_INTS;

    private static final SecureRandom SEED = new SecureRandom();
    /** An array of ints and not an object of ours: threads that outlive this bundle would hold on to its classes. */
    private static final ThreadLocal<int[]> STATE = ThreadLocal.withInitial(MaskKeys::seeded);

    private MaskKeys() {
    }

    /** The next key of the calling thread. */
    static int next() {
        int[] state = STATE.get();
        int position = state[POSITION];
        if (position == OUTPUT_INTS) {
            refill(state);
            position = KEY_INTS;
        }
        int key = state[position];
        state[position] = 0;
        state[POSITION] = position + 1;
        return key;
    }

    private static int[] seeded() {
        int[] state = new int[OUTPUT_INTS + 1];
        for (int i = 0; i < KEY_INTS; i++) {
            state[i] = SEED.nextInt();
        }
        state[POSITION] = OUTPUT_INTS;
        return state;
    }

    /** Makes new output from the key, which the first block overwrites with the next one. */
    private static void refill(int[] s) {
        int k0 = s[0];
        int k1 = s[1];
        int k2 = s[2];
        int k3 = s[3];
        int k4 = s[4];
        int k5 = s[5];
        int k6 = s[6];
        int k7 = s[7];
        for (int counter = 0; counter < BLOCKS; counter++) {
            block(s, counter * BLOCK_INTS, k0, k1, k2, k3, k4, k5, k6, k7, counter);
        }
    }

    /** RFC 8439, section 2.3, with nonce 0: the key is never used for a second refill. */
    static void block(int[] out, int at, int k0, int k1, int k2, int k3, int k4, int k5, int k6, int k7, int counter) {
        int a0 = 0x61707865;
        int a1 = 0x3320646e;
        int a2 = 0x79622d32;
        int a3 = 0x6b206574;
        int b0 = k0;
        int b1 = k1;
        int b2 = k2;
        int b3 = k3;
        int c0 = k4;
        int c1 = k5;
        int c2 = k6;
        int c3 = k7;
        int d0 = counter;
        int d1 = 0;
        int d2 = 0;
        int d3 = 0;
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {
            // @formatter:off
            a0 += b0; d0 = Integer.rotateLeft(d0 ^ a0, 16); c0 += d0; b0 = Integer.rotateLeft(b0 ^ c0, 12);
            a1 += b1; d1 = Integer.rotateLeft(d1 ^ a1, 16); c1 += d1; b1 = Integer.rotateLeft(b1 ^ c1, 12);
            a2 += b2; d2 = Integer.rotateLeft(d2 ^ a2, 16); c2 += d2; b2 = Integer.rotateLeft(b2 ^ c2, 12);
            a3 += b3; d3 = Integer.rotateLeft(d3 ^ a3, 16); c3 += d3; b3 = Integer.rotateLeft(b3 ^ c3, 12);
            a0 += b0; d0 = Integer.rotateLeft(d0 ^ a0, 8); c0 += d0; b0 = Integer.rotateLeft(b0 ^ c0, 7);
            a1 += b1; d1 = Integer.rotateLeft(d1 ^ a1, 8); c1 += d1; b1 = Integer.rotateLeft(b1 ^ c1, 7);
            a2 += b2; d2 = Integer.rotateLeft(d2 ^ a2, 8); c2 += d2; b2 = Integer.rotateLeft(b2 ^ c2, 7);
            a3 += b3; d3 = Integer.rotateLeft(d3 ^ a3, 8); c3 += d3; b3 = Integer.rotateLeft(b3 ^ c3, 7);
            a0 += b1; d3 = Integer.rotateLeft(d3 ^ a0, 16); c2 += d3; b1 = Integer.rotateLeft(b1 ^ c2, 12);
            a1 += b2; d0 = Integer.rotateLeft(d0 ^ a1, 16); c3 += d0; b2 = Integer.rotateLeft(b2 ^ c3, 12);
            a2 += b3; d1 = Integer.rotateLeft(d1 ^ a2, 16); c0 += d1; b3 = Integer.rotateLeft(b3 ^ c0, 12);
            a3 += b0; d2 = Integer.rotateLeft(d2 ^ a3, 16); c1 += d2; b0 = Integer.rotateLeft(b0 ^ c1, 12);
            a0 += b1; d3 = Integer.rotateLeft(d3 ^ a0, 8); c2 += d3; b1 = Integer.rotateLeft(b1 ^ c2, 7);
            a1 += b2; d0 = Integer.rotateLeft(d0 ^ a1, 8); c3 += d0; b2 = Integer.rotateLeft(b2 ^ c3, 7);
            a2 += b3; d1 = Integer.rotateLeft(d1 ^ a2, 8); c0 += d1; b3 = Integer.rotateLeft(b3 ^ c0, 7);
            a3 += b0; d2 = Integer.rotateLeft(d2 ^ a3, 8); c1 += d2; b0 = Integer.rotateLeft(b0 ^ c1, 7);
            // @formatter:on
        }
        out[at] = a0 + 0x61707865;
        out[at + 1] = a1 + 0x3320646e;
        out[at + 2] = a2 + 0x79622d32;
        out[at + 3] = a3 + 0x6b206574;
        out[at + 4] = b0 + k0;
        out[at + 5] = b1 + k1;
        out[at + 6] = b2 + k2;
        out[at + 7] = b3 + k3;
        out[at + 8] = c0 + k4;
        out[at + 9] = c1 + k5;
        out[at + 10] = c2 + k6;
        out[at + 11] = c3 + k7;
        out[at + 12] = d0 + counter;
        out[at + 13] = d1;
        out[at + 14] = d2;
        out[at + 15] = d3;
    }
}
