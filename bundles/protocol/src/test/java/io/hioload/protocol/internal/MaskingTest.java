package io.hioload.protocol.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Words against the definition: octet i is combined with octet i mod 4 of the key (RFC 6455, section 5.3). */
class MaskingTest {

    private static final int MAX_LENGTH = 150;

    private final Random random = new Random(53);
    private final byte[] key = new byte[4];
    private final byte[] plain = new byte[MAX_LENGTH];
    private final UnsafeBuffer from = new UnsafeBuffer(ByteBuffer.allocateDirect(MAX_LENGTH + 32));
    private final UnsafeBuffer to = new UnsafeBuffer(ByteBuffer.allocateDirect(MAX_LENGTH + 32));

    private byte[] masked(int length, int phase) {
        byte[] masked = new byte[length];
        for (int i = 0; i < length; i++) {
            masked[i] = (byte) (plain[i] ^ key[(i + phase) & 3]);
        }
        return masked;
    }

    private int key() {
        return ByteBuffer.wrap(key).order(ByteOrder.nativeOrder()).getInt();
    }

    @Test
    void shouldMatchTheDefinitionForEveryLengthOffsetAndPhase() {
        for (int length = 0; length < MAX_LENGTH; length++) {
            for (int offset = 0; offset < 9; offset++) {
                for (int phase = 0; phase < 4; phase++) {
                    random.nextBytes(key);
                    random.nextBytes(plain);
                    check(length, offset, phase);
                }
            }
        }
    }

    private void check(int length, int offset, int phase) {
        int rotated = Masking.rotate(key(), phase);
        byte[] masked = masked(length, phase);
        byte[] expected = java.util.Arrays.copyOf(plain, length);

        from.setMemory(0, from.capacity(), (byte) 0x55);
        from.putBytes(offset + 1, masked);
        to.setMemory(0, to.capacity(), (byte) 0x55);
        long any = Masking.copyUnmasked(from.addressOffset() + offset + 1, to.addressOffset() + 9 - offset, length, rotated);
        assertArrayEquals(expected, bytes(to, 9 - offset, length));
        assertFrame(to, 9 - offset, length);
        assertEquals(isAscii(expected), (any & Masking.NON_ASCII) == 0);

        any = Masking.unmask(from.addressOffset() + offset + 1, length, rotated);
        assertArrayEquals(expected, bytes(from, offset + 1, length));
        assertFrame(from, offset + 1, length);
        assertEquals(isAscii(expected), (any & Masking.NON_ASCII) == 0);

        Masking.copyMasked(null, from.addressOffset() + offset + 1, null, to.addressOffset() + 9 - offset, length, rotated);
        assertArrayEquals(masked, bytes(to, 9 - offset, length));
        assertFrame(to, 9 - offset, length);
    }

    private static byte[] bytes(UnsafeBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    private static void assertFrame(UnsafeBuffer buffer, int offset, int length) {
        assertEquals(0x55, buffer.getByte(offset - 1));
        assertEquals(0x55, buffer.getByte(offset + length));
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void shouldTellAsciiFromOneByteAnywhere() {
        for (int length = 1; length < 100; length++) {
            for (int wrong = 0; wrong < length; wrong++) {
                from.setMemory(0, length, (byte) 'a');
                assertEquals(0, Masking.unmask(from.addressOffset(), length, 0) & Masking.NON_ASCII);
                from.putByte(wrong, (byte) 0xC3);
                assertEquals(false, (Masking.unmask(from.addressOffset(), length, 0) & Masking.NON_ASCII) == 0);
            }
        }
    }
}
