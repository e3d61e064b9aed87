package io.hioload.protocol.http1;

import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Reads the head of an answer (RFC 9112, sections 4 and 5) however it is split; {@link RequestParser} for clients. One
 * per connection, its thread only. A body is not read: its bytes are those behind the head.
 */
public final class ResponseParser {

    /** The head is not complete; all bytes were consumed. */
    public static final int NEED_MORE = RequestParser.NEED_MORE;
    /** {@link #response} has the head; the bytes behind it were not consumed. */
    public static final int DONE = RequestParser.DONE;
    /** The head is in error: see {@link #reason}. */
    public static final int BAD = RequestParser.BAD;

    /** "HTTP/1.1 200", what every status line has. */
    private static final int MIN_LINE_BYTES = 12;

    private final HeadReader reader;
    private ResponseHead response;

    /**
     * Makes a parser that waits for the first byte of an answer.
     *
     * @param limits what to accept; {@link HttpLimits#maxTargetBytes} is not used
     */
    public ResponseParser(HttpLimits limits) {
        reader = new HeadReader(limits.maxHeadBytes(), limits.maxHeaders(), limits.maxHeadBytes());
    }

    /**
     * Reads on.
     *
     * @param buffer holds the received bytes; they are not changed, and not needed afterwards
     * @param offset first byte
     * @param length how many
     * @return how many bytes were consumed: up to the end of the head if it is {@link #DONE}, 0 if it was before
     */
    public int feed(DirectBuffer buffer, int offset, int length) {
        if (reader.state() != NEED_MORE) {
            return 0;
        }
        int consumed = reader.feed(buffer, offset, length);
        if (reader.state() == DONE) {
            parse();
        }
        return consumed;
    }

    /**
     * Where the parser is.
     *
     * @return {@link #NEED_MORE}, {@link #DONE} or {@link #BAD}
     */
    public int state() {
        return reader.state();
    }

    /**
     * The answer.
     *
     * @return the head when {@link #DONE}, else {@code null}
     */
    public ResponseHead response() {
        return response;
    }

    /**
     * Which rule was broken when {@link #BAD}.
     *
     * @return a short constant text, {@code null} when not in error
     */
    public String reason() {
        return reader.reason();
    }

    /** The status line (RFC 9112, section 4); the space after the status may be missing, as it often is. */
    private void parse() {
        int from = reader.firstLineOffset();
        int to = reader.firstLineEnd();
        String line = reader.text(from, to);
        if (to - from < MIN_LINE_BYTES || !line.startsWith("HTTP/1.") || line.charAt(7) != '1' && line.charAt(7) != '0'
                || line.charAt(8) != ' ' || to - from > MIN_LINE_BYTES && line.charAt(MIN_LINE_BYTES) != ' ') {
            reader.fail(400, "malformed status line");
            return;
        }
        int status = 0;
        for (int i = 9; i < MIN_LINE_BYTES; i++) {
            if (!Grammar.isDigit(line.charAt(i))) {
                reader.fail(400, "malformed status line");
                return;
            }
            status = status * 10 + line.charAt(i) - '0';
        }
        if (status < 100 || status < 200 && line.charAt(7) == '0') {
            reader.fail(400, "malformed status line");
            return;
        }
        String[] headers = reader.headers();
        if (headers != null) {
            response = new ResponseHead(status, line.length() > MIN_LINE_BYTES ? line.substring(MIN_LINE_BYTES + 1) : "", List.of(headers));
        }
    }
}
