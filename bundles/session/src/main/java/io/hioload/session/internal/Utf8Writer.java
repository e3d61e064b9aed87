package io.hioload.session.internal;

import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/**
 * Writes text as UTF-8 (RFC 3629) straight into a buffer. Any thread; allocates nothing. ASCII goes eight characters at a
 * time. An unpaired surrogate becomes '?', as {@link String#getBytes} does it.
 */
final class Utf8Writer {

    /** The most bytes that one char of a CharSequence becomes. */
    static final int MAX_BYTES_PER_CHAR = 3;

    private static final int BLOCK = 8;

    private Utf8Writer() {
    }

    /**
     * Measures text.
     *
     * @param text any
     * @return bytes that {@link #write} will write
     */
    static long lengthBytes(CharSequence text) {
        int chars = text.length();
        long bytes = chars;
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                continue;
            }
            if (c < 0x800) {
                bytes++;
            } else if (!Character.isSurrogate(c)) {
                bytes += 2;
            } else if (isPairAt(text, i, chars)) {
                bytes += 2;
                i++;
            }
        }
        return bytes;
    }

    /**
     * Writes text.
     *
     * @param text   any
     * @param target with room for {@link #lengthBytes} or for {@link #MAX_BYTES_PER_CHAR} times the chars
     * @param offset where to begin
     * @return bytes written
     */
    static int write(CharSequence text, MutableDirectBuffer target, int offset) {
        int chars = text.length();
        int at = offset;
        int i = 0;
        while (i < chars) {
            if (chars - i >= BLOCK) {
                long block = asciiBlock(text, i);
                if (block >= 0) {
                    target.putLong(at, block, ByteOrder.LITTLE_ENDIAN);
                    i += BLOCK;
                    at += BLOCK;
                    continue;
                }
            }
            // Not all ASCII: as many as a block has, then look for ASCII again.
            int end = Math.min(chars, i + BLOCK);
            while (i < end) {
                char c = text.charAt(i++);
                if (c < 0x80) {
                    target.putByte(at++, (byte) c);
                } else if (c < 0x800) {
                    target.putByte(at++, (byte) (0xC0 | c >> 6));
                    target.putByte(at++, (byte) (0x80 | c & 0x3F));
                } else if (!Character.isSurrogate(c)) {
                    target.putByte(at++, (byte) (0xE0 | c >> 12));
                    target.putByte(at++, (byte) (0x80 | c >> 6 & 0x3F));
                    target.putByte(at++, (byte) (0x80 | c & 0x3F));
                } else if (isPairAt(text, i - 1, chars)) {
                    int codePoint = Character.toCodePoint(c, text.charAt(i++));
                    target.putByte(at++, (byte) (0xF0 | codePoint >> 18));
                    target.putByte(at++, (byte) (0x80 | codePoint >> 12 & 0x3F));
                    target.putByte(at++, (byte) (0x80 | codePoint >> 6 & 0x3F));
                    target.putByte(at++, (byte) (0x80 | codePoint & 0x3F));
                } else {
                    target.putByte(at++, (byte) '?');
                }
            }
        }
        return at - offset;
    }

    /** Eight ASCII characters as a little-endian word; negative if there is another one among them. */
    private static long asciiBlock(CharSequence text, int i) {
        int c0 = text.charAt(i);
        int c1 = text.charAt(i + 1);
        int c2 = text.charAt(i + 2);
        int c3 = text.charAt(i + 3);
        int c4 = text.charAt(i + 4);
        int c5 = text.charAt(i + 5);
        int c6 = text.charAt(i + 6);
        int c7 = text.charAt(i + 7);
        if ((c0 | c1 | c2 | c3 | c4 | c5 | c6 | c7) >= 0x80) {
            return -1;
        }
        int low = c0 | c1 << 8 | c2 << 16 | c3 << 24;
        int high = c4 | c5 << 8 | c6 << 16 | c7 << 24;
        return (long) high << 32 | low;
    }

    private static boolean isPairAt(CharSequence text, int i, int chars) {
        return Character.isHighSurrogate(text.charAt(i)) && i + 1 < chars && Character.isLowSurrogate(text.charAt(i + 1));
    }
}
