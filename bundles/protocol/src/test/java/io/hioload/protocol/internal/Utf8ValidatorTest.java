package io.hioload.protocol.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The validator against the JDK's strict decoder. */
class Utf8ValidatorTest {

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
    private final byte[] bytes = new byte[4];
    private final ByteBuffer wrapped = ByteBuffer.wrap(bytes);

    private void compare(int length) {
        for (int i = 0; i < length; i++) {
            memory.putByte(i, bytes[i]);
        }
        boolean valid = Utf8Validator.isValid(memory.addressOffset(), length);
        if (valid != InvalidUtf8.isValid(wrapped.limit(length).position(0))) {
            throw new AssertionError(HexFormat.of().formatHex(bytes, 0, length) + " valid " + valid);
        }
    }

    private void set(int value, int from, int length) {
        for (int i = 0; i < length; i++) {
            bytes[from + i] = (byte) (value >>> 8 * (length - 1 - i));
        }
    }

    @Test
    void shouldAgreeOnEverySequenceOfOneToThreeBytes() {
        for (int length = 1; length <= 3; length++) {
            for (int value = 0; value < 1 << 8 * length; value++) {
                set(value, 0, length);
                compare(length);
            }
        }
    }

    /**
     * Every sequence of four bytes whose first two could begin a valid text; the others are refused by then, which the
     * next test shows to be final. Of two bytes that are ASCII or a whole character, the outermost stand for all.
     */
    @Test
    void shouldAgreeOnEverySequenceOfFourBytes() {
        int prefixes = 0;
        for (int prefix = 0; prefix < 1 << 16; prefix++) {
            set(prefix, 0, 2);
            if (!InvalidUtf8.isPrefix(bytes, 2) || !isRepresentative(prefix >> 8, prefix & 0xFF)) {
                continue;
            }
            prefixes++;
            for (int rest = 0; rest < 1 << 16; rest++) {
                set(rest, 2, 2);
                compare(4);
            }
        }
        assertTrue(prefixes > 400, "prefixes " + prefixes);
    }

    private static boolean isRepresentative(int first, int second) {
        boolean edge = second == 0x00 || second == 0x41 || second == 0x7F || second >= 0xC0 || second == 0x80 || second == 0xBF
                || second == 0x9F || second == 0xA0;
        return first >= 0xF0 || edge && (first >= 0xC0 || first == 0x00 || first == 0x7F);
    }

    @Test
    void shouldStayRejectedWhateverFollows() {
        for (int b = 0; b < 256; b++) {
            memory.putByte(0, (byte) b);
            assertEquals(Utf8Validator.REJECT, Utf8Validator.check(memory.addressOffset(), 1, Utf8Validator.REJECT));
        }
    }

    @Test
    void shouldAgreeOnRandomTextAtEveryOffsetAndSplit() {
        Random random = new Random(6455);
        for (int round = 0; round < 20_000; round++) {
            int length = random.nextInt(60);
            byte[] text = randomText(random, length);
            boolean valid = InvalidUtf8.isValid(ByteBuffer.wrap(text));
            int offset = random.nextInt(16);
            memory.putBytes(offset, text);
            long address = memory.addressOffset() + offset;
            assertEquals(valid, Utf8Validator.isValid(address, text.length), () -> HexFormat.of().formatHex(text));
            int split = random.nextInt(text.length + 1);
            int state = Utf8Validator.check(address, split, Utf8Validator.ACCEPT);
            assertEquals(valid, Utf8Validator.check(address + split, text.length - split, state) == Utf8Validator.ACCEPT);
        }
    }

    /** Mostly valid: characters of all lengths, and now and then a wrong byte. */
    private static byte[] randomText(Random random, int characters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            int bound = new int[]{0x80, 0x80, 0x800, 0xD800, 0x10FFFF}[random.nextInt(5)];
            int c = random.nextInt(bound);
            text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 'x' : c);
        }
        byte[] bytes = Wire.utf8(text.toString());
        byte[] cut = bytes.length > 200 ? java.util.Arrays.copyOf(bytes, 200) : bytes;
        if (cut.length > 0 && random.nextInt(3) == 0) {
            cut[random.nextInt(cut.length)] = (byte) random.nextInt(256);
        }
        return cut;
    }

    @Test
    void shouldRefuseEveryKnownInvalidSequenceAtEveryOffset() {
        for (byte[] invalid : InvalidUtf8.SEQUENCES) {
            for (int before = 0; before < 70; before++) {
                for (int after = 0; after < 20; after++) {
                    memory.setMemory(0, 256, (byte) 'a');
                    memory.putBytes(before, invalid);
                    assertFalse(Utf8Validator.isValid(memory.addressOffset(), before + invalid.length + after));
                }
            }
        }
    }
}
