package io.hioload.session;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads percent-encoded paths (RFC 3986, sections 2.1 and 3.3). Stateless. Allocates only for what is percent-encoded. */
final class PathText {

    private PathText() {
    }

    /**
     * Whether every part of a path can be decoded and means what it says.
     *
     * @param path begins with '/'
     * @return false for a broken encoding, bytes that are not UTF-8, a control character, NUL or character beyond ASCII, and
     *         for the segments "." and "..", which a client resolves before it asks (RFC 3986, section 5.2.4) and which are
     *         an attack when they come in a parameter
     */
    static boolean isStrict(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return false;
        }
        boolean encoded = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '?' || c == '#') {
                return false;
            }
            encoded |= c == '%';
        }
        if (encoded && decode(path, 0, path.length()) == null) {
            return false;
        }
        for (int start = 1; start <= path.length();) {
            int end = segmentEnd(path, start);
            if (isDots(path, start, end)) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }

    private static boolean isDots(String path, int start, int end) {
        int dots = 0;
        for (int i = start; i < end; dots++) {
            if (path.charAt(i) == '.') {
                i++;
            } else if (path.startsWith("%2e", i) || path.startsWith("%2E", i)) {
                i += 3;
            } else {
                return false;
            }
        }
        return dots == 1 || dots == 2;
    }

    /**
     * Finds the end of a segment.
     *
     * @param path  the path
     * @param start first character of the segment
     * @return where the next '/' or the end is
     */
    static int segmentEnd(String path, int start) {
        int slash = path.indexOf('/', start);
        return slash < 0 ? path.length() : slash;
    }

    /**
     * Compares a part of a strict path with text. Allocates nothing.
     *
     * @param path  strict
     * @param start first character
     * @param end   behind the last one
     * @param utf8  the text
     * @return whether the decoded part is equal to the text
     */
    static boolean isEqual(String path, int start, int end, byte[] utf8) {
        int at = start;
        for (byte expected : utf8) {
            if (at >= end) {
                return false;
            }
            int c = path.charAt(at++);
            if (c == '%') {
                c = Character.digit(path.charAt(at), 16) << 4 | Character.digit(path.charAt(at + 1), 16);
                at += 2;
            }
            if (c != (expected & 0xFF)) {
                return false;
            }
        }
        return at == end;
    }

    /**
     * Decodes a part of a path.
     *
     * @param path  ASCII
     * @param start first character
     * @param end   behind the last one
     * @return the text, or {@code null} if it is not percent-encoded UTF-8 without NUL
     */
    static String decode(String path, int start, int end) {
        int percent = path.indexOf('%', start);
        if (percent < 0 || percent >= end) {
            return path.substring(start, end);
        }
        byte[] bytes = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            int c = path.charAt(i);
            if (c == '%') {
                if (i + 2 >= end) {
                    return null;
                }
                int high = hex(path.charAt(i + 1));
                int low = hex(path.charAt(i + 2));
                c = high << 4 | low;
                if (high < 0 || low < 0 || c == 0) {
                    return null;
                }
                i += 2;
            }
            bytes[length++] = (byte) c;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    // Character.digit also takes digits of other scripts.
    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /**
     * Whether a surrogate is half of a pair.
     *
     * @param text  any text
     * @param index of a surrogate
     * @return true if its other half is beside it
     */
    static boolean isPaired(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index)) ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }
}
