package io.hioload.protocol.internal;

import java.nio.ByteOrder;
import org.agrona.UnsafeApi;

/**
 * Masks and unmasks payloads (RFC 6455, section 5.3), which is the same exclusive or. Any thread; allocates nothing; the
 * caller has checked the bounds. Works on words of 8 bytes; the last word is a full one that overlaps the one before, so
 * there is no loop over bytes from 8 bytes up.
 *
 * <p>Keys are ints as they lie in memory. The methods for received payloads return the unmasked words or-ed together:
 * without a bit of {@link #NON_ASCII} the payload was all ASCII, so text mostly costs no second pass.
 */
final class Masking {

    /** The top bit of each byte. */
    static final long NON_ASCII = 0x8080808080808080L;

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final int UNROLLED_BYTES = 32;
    /** From here on a loop that C2 can vectorize is faster than one that is unrolled by hand. */
    private static final int VECTORIZED_BYTES = 256;

    private Masking() {
    }

    /** The key as it applies from so many payload bytes on. */
    static int rotate(int key, int bytes) {
        int bits = (bytes & 3) << 3;
        return LITTLE_ENDIAN ? Integer.rotateRight(key, bits) : Integer.rotateLeft(key, bits);
    }

    /** A word read from memory with its first byte lowest. */
    static long firstByteLowest(long word) {
        return LITTLE_ENDIAN ? word : Long.reverseBytes(word);
    }

    /** Unmasks in place; returns the unmasked words or-ed together. */
    static long unmask(long address, int length, int key) {
        if (length >= VECTORIZED_BYTES) {
            return unmaskLong(address, length, word(key));
        }
        return length >= 8 ? unmaskWords(address, length, word(key)) : unmaskShort(address, address, length, key);
    }

    /** Copies and unmasks; key 0 copies only. Returns the unmasked words or-ed together. */
    static long copyUnmasked(long from, long to, int length, int key) {
        if (length < 8) {
            return unmaskShort(from, to, length, key);
        }
        long k = word(key);
        long any = 0;
        int i = 0;
        for (; i <= length - UNROLLED_BYTES; i += UNROLLED_BYTES) {
            long a = UnsafeApi.getLong(from + i) ^ k;
            long b = UnsafeApi.getLong(from + i + 8) ^ k;
            long c = UnsafeApi.getLong(from + i + 16) ^ k;
            long d = UnsafeApi.getLong(from + i + 24) ^ k;
            UnsafeApi.putLong(to + i, a);
            UnsafeApi.putLong(to + i + 8, b);
            UnsafeApi.putLong(to + i + 16, c);
            UnsafeApi.putLong(to + i + 24, d);
            any |= a | b | c | d;
        }
        int last = length - 8;
        for (; i < last; i += 8) {
            long w = UnsafeApi.getLong(from + i) ^ k;
            UnsafeApi.putLong(to + i, w);
            any |= w;
        }
        long w = UnsafeApi.getLong(from + last) ^ rotateWord(k, last);
        UnsafeApi.putLong(to + last, w);
        return any | w;
    }

    /** Copies and masks between any two buffers, each given as Agrona does: an array or null, and an offset or address. */
    static void copyMasked(Object from, long fromOffset, Object to, long toOffset, int length, int key) {
        if (from == null && to == null) {
            copyUnmasked(fromOffset, toOffset, length, key);
            return;
        }
        if (length >= 8) {
            long k = word(key);
            int last = length - 8;
            for (int i = 0; i < last; i += 8) {
                UnsafeApi.putLong(to, toOffset + i, UnsafeApi.getLong(from, fromOffset + i) ^ k);
            }
            UnsafeApi.putLong(to, toOffset + last, UnsafeApi.getLong(from, fromOffset + last) ^ rotateWord(k, last));
            return;
        }
        int i = 0;
        if (length >= 4) {
            UnsafeApi.putInt(to, toOffset, UnsafeApi.getInt(from, fromOffset) ^ key);
            i = 4;
        }
        for (; i < length; i++) {
            UnsafeApi.putByte(to, toOffset + i, (byte) (UnsafeApi.getByte(from, fromOffset + i) ^ keyByte(key, i)));
        }
    }

    /** One word at a time as it stands, but C2 makes vector instructions of it, which it does not of a loop unrolled by hand. */
    private static long unmaskLong(long address, int length, long k) {
        int last = length - 8;
        // Read before the loop unmasks what it overlaps.
        long tail = UnsafeApi.getLong(address + last) ^ rotateWord(k, last);
        long any = tail;
        for (int i = 0; i < last; i += 8) {
            long w = UnsafeApi.getLong(address + i) ^ k;
            UnsafeApi.putLong(address + i, w);
            any |= w;
        }
        UnsafeApi.putLong(address + last, tail);
        return any;
    }

    private static long unmaskWords(long address, int length, long k) {
        int last = length - 8;
        // Read before the loop unmasks what it overlaps.
        long tail = UnsafeApi.getLong(address + last) ^ rotateWord(k, last);
        long any = tail;
        int i = 0;
        for (; i <= length - UNROLLED_BYTES; i += UNROLLED_BYTES) {
            long a = UnsafeApi.getLong(address + i) ^ k;
            long b = UnsafeApi.getLong(address + i + 8) ^ k;
            long c = UnsafeApi.getLong(address + i + 16) ^ k;
            long d = UnsafeApi.getLong(address + i + 24) ^ k;
            UnsafeApi.putLong(address + i, a);
            UnsafeApi.putLong(address + i + 8, b);
            UnsafeApi.putLong(address + i + 16, c);
            UnsafeApi.putLong(address + i + 24, d);
            any |= a | b | c | d;
        }
        for (; i < last; i += 8) {
            long w = UnsafeApi.getLong(address + i) ^ k;
            UnsafeApi.putLong(address + i, w);
            any |= w;
        }
        UnsafeApi.putLong(address + last, tail);
        return any;
    }

    private static long unmaskShort(long from, long to, int length, int key) {
        long any = 0;
        int i = 0;
        if (length >= 4) {
            int w = UnsafeApi.getInt(from) ^ key;
            UnsafeApi.putInt(to, w);
            any = w;
            i = 4;
        }
        for (; i < length; i++) {
            byte b = (byte) (UnsafeApi.getByte(from + i) ^ keyByte(key, i));
            UnsafeApi.putByte(to + i, b);
            any |= b;
        }
        return any;
    }

    private static long word(int key) {
        return (key & 0xFFFF_FFFFL) | (long) key << 32;
    }

    private static long rotateWord(long k, int bytes) {
        int bits = (bytes & 3) << 3;
        return LITTLE_ENDIAN ? Long.rotateRight(k, bits) : Long.rotateLeft(k, bits);
    }

    private static int keyByte(int key, int i) {
        int bits = (i & 3) << 3;
        return LITTLE_ENDIAN ? key >>> bits : key >>> 24 - bits;
    }
}
