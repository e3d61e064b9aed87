package io.hioload.protocol.http1;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Finds the end of a message head and keeps what has arrived of it. One per parser, its thread only. Looks at every byte
 * once and refuses at once what no head may have, so the result is the same however the bytes are split, and bytes of
 * another protocol fail on their first control character.
 */
final class HeadReader {

    private static final int FIRST_CAPACITY_BYTES = 512;

    private final int maxHeadBytes;
    private final int maxLines;
    private final int maxFirstLineBytes;

    /** Made only when a head arrives in pieces; afterwards the whole head. */
    private byte[] head;
    private int headLength;
    /** Bytes of the empty line before the first line. */
    private int skipped;
    private int lines;
    private int lineLength;
    private int total;
    private boolean afterCr;
    private int state;
    private int status;
    private String reason;

    HeadReader(int maxHeadBytes, int maxHeaders, int maxFirstLineBytes) {
        this.maxHeadBytes = maxHeadBytes;
        this.maxLines = maxHeaders + 1;
        this.maxFirstLineBytes = maxFirstLineBytes;
    }

    /** Reads on; {@link RequestParser#DONE} means that {@link #head} has all lines, which the caller then parses. */
    int feed(DirectBuffer buffer, int offset, int length) {
        if (state != RequestParser.NEED_MORE) {
            return 0;
        }
        for (int i = 0; i < length; i++) {
            if (!next(buffer.getByte(offset + i) & 0xFF)) {
                if (state == RequestParser.DONE) {
                    append(buffer, offset, i + 1);
                }
                return i + 1;
            }
        }
        append(buffer, offset, length);
        return length;
    }

    /** Takes one byte; false at the end of the head and at an error. */
    private boolean next(int c) {
        if (++total > maxHeadBytes) {
            return fail(lines == 0 ? 414 : 431, "head too large");
        }
        if (afterCr) {
            afterCr = false;
            return c == '\n' ? endOfLine() : fail(400, "CR without LF");
        }
        if (c >= ' ' && c != 0x7F || c == '\t') {
            lineLength++;
            return lines > 0 || lineLength <= maxFirstLineBytes || fail(414, "request line too long");
        }
        if (c == '\r') {
            afterCr = true;
            return true;
        }
        return fail(400, c == '\n' ? "LF without CR" : "control character");
    }

    private boolean endOfLine() {
        if (lineLength > 0) {
            lineLength = 0;
            return ++lines <= maxLines || fail(431, "too many headers");
        }
        if (lines == 0) {
            // RFC 9112, section 2.2: one empty line before the first is left over from the message before it.
            if (skipped > 0) {
                return fail(400, "empty request line");
            }
            skipped = 2;
            return true;
        }
        state = RequestParser.DONE;
        return false;
    }

    private void append(DirectBuffer buffer, int offset, int length) {
        int needed = headLength + length;
        if (head == null) {
            head = new byte[state == RequestParser.DONE ? needed : Math.min(maxHeadBytes, Math.max(needed, FIRST_CAPACITY_BYTES))];
        } else if (needed > head.length) {
            head = Arrays.copyOf(head, Math.min(maxHeadBytes, Math.max(needed, head.length << 1)));
        }
        buffer.getBytes(offset, head, headLength, length);
        headLength = needed;
    }

    /** Ends with an error; always false. */
    boolean fail(int status, String reason) {
        this.state = RequestParser.BAD;
        this.status = status;
        this.reason = reason;
        head = null;
        return false;
    }

    /** The first line, from {@link #firstLineOffset} to its CR. */
    int firstLineEnd() {
        return endOfLine(skipped);
    }

    int firstLineOffset() {
        return skipped;
    }

    int at(int index) {
        return head[index] & 0xFF;
    }

    String text(int from, int to) {
        return new String(head, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /**
     * Cuts the header lines (RFC 9112, section 5) and forgets the bytes.
     *
     * @return names and values by turns, or {@code null} after an error
     */
    String[] headers() {
        String[] headers = new String[2 * (lines - 1)];
        int from = firstLineEnd() + 2;
        for (int i = 0; i < headers.length; i += 2) {
            int to = endOfLine(from);
            int colon = from;
            while (colon < to && Grammar.isTokenChar(head[colon])) {
                colon++;
            }
            if (colon == to || colon == from || head[colon] != ':') {
                fail(400, Grammar.isSpace(at(from)) ? "folded header line" : "malformed header name");
                return null;
            }
            int valueFrom = colon + 1;
            int valueTo = to;
            while (valueFrom < valueTo && Grammar.isSpace(head[valueFrom])) {
                valueFrom++;
            }
            while (valueTo > valueFrom && Grammar.isSpace(head[valueTo - 1])) {
                valueTo--;
            }
            headers[i] = text(from, colon);
            headers[i + 1] = text(valueFrom, valueTo);
            from = to + 2;
        }
        head = null;
        return headers;
    }

    private int endOfLine(int from) {
        int i = from;
        while (head[i] != '\r') {
            i++;
        }
        return i;
    }

    void reset() {
        head = null;
        headLength = 0;
        skipped = 0;
        lines = 0;
        lineLength = 0;
        total = 0;
        afterCr = false;
        state = RequestParser.NEED_MORE;
        status = 0;
        reason = null;
    }

    boolean begun() {
        return total > skipped;
    }

    int state() {
        return state;
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }
}
