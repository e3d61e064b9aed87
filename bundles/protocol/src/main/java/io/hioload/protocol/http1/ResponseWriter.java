package io.hioload.protocol.http1;

import io.hioload.http.HttpResponse;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/**
 * Writes whole answers (RFC 9112, section 4). Any thread; allocates nothing but a Date text once a second.
 *
 * <p>Content-Length, Date and Connection are written here; those, and Transfer-Encoding, are left out of the given
 * headers. Answers with status 1xx, 204 or 304 have neither Content-Length nor a body. Every method refuses a header name
 * that is no token and a value with a control character, so that what an application puts there cannot become another
 * header or answer.
 */
public final class ResponseWriter {

    /** The answer did not fit; nothing of use was written. */
    public static final int NO_ROOM = -1;

    private static final String CONTENT_LENGTH = "Content-Length: ";
    private static final String DATE = "Date: ";
    private static final String CLOSE = "Connection: close\r\n";
    private static final String UPGRADE = "Connection: Upgrade\r\n";
    private static final String UPGRADE_CLOSE = "Connection: Upgrade, close\r\n";
    /** "HTTP/1.1 200 " and the line end. */
    private static final int STATUS_LINE_BYTES = 13 + 2;

    private ResponseWriter() {
    }

    /**
     * The exact size of the head of an answer. The body's is {@code response.body().length}.
     *
     * @param response  the answer
     * @param keepAlive whether the connection stays open afterwards
     * @return bytes
     * @throws IllegalArgumentException if the status, a header name or a header value is not valid
     */
    public static int headLength(HttpResponse response, boolean keepAlive) {
        check(response);
        return length(response, keepAlive);
    }

    /**
     * Writes the head of an answer alone: for HEAD, or when the body goes out by other means.
     *
     * @param response  the answer; Content-Length is that of its body
     * @param keepAlive whether the connection stays open afterwards; if not, {@code Connection: close} says so
     * @param target    where to write
     * @param offset    first byte
     * @param capacity  how many bytes may be written
     * @return bytes written, or {@link #NO_ROOM}
     * @throws IllegalArgumentException if the status, a header name or a header value is not valid
     */
    public static int writeHead(HttpResponse response, boolean keepAlive, MutableDirectBuffer target, int offset, int capacity) {
        check(response);
        return length(response, keepAlive) > capacity ? NO_ROOM : put(response, keepAlive, target, offset);
    }

    /**
     * Writes an answer with its body.
     *
     * @param response  the answer
     * @param keepAlive whether the connection stays open afterwards; if not, {@code Connection: close} says so
     * @param target    where to write
     * @param offset    first byte
     * @param capacity  how many bytes may be written
     * @return bytes written, or {@link #NO_ROOM}
     * @throws IllegalArgumentException if the status, a header name or a header value is not valid
     */
    public static int write(HttpResponse response, boolean keepAlive, MutableDirectBuffer target, int offset, int capacity) {
        check(response);
        int bodyLength = hasBody(response.status()) ? response.body().length : 0;
        if ((long) length(response, keepAlive) + bodyLength > capacity) {
            return NO_ROOM;
        }
        int headLength = put(response, keepAlive, target, offset);
        target.putBytes(offset + headLength, response.body(), 0, bodyLength);
        return headLength + bodyLength;
    }

    private static void check(HttpResponse response) {
        if (response.status() < 100 || response.status() > 599) {
            throw new IllegalArgumentException("status " + response.status() + ": from 100 to 599");
        }
        Grammar.checkHeaders(response.headers());
    }

    private static int length(HttpResponse response, boolean keepAlive) {
        List<String> headers = response.headers();
        int length = STATUS_LINE_BYTES + StatusText.of(response.status()).length() + connection(headers, keepAlive).length()
                + DATE.length() + HttpDate.LENGTH + 2 + 2;
        for (int i = 0; i < headers.size(); i += 2) {
            if (!isOurs(headers.get(i))) {
                length += headers.get(i).length() + headers.get(i + 1).length() + 4;
            }
        }
        return hasBody(response.status()) ? length + CONTENT_LENGTH.length() + digits(response.body().length) + 2 : length;
    }

    private static int put(HttpResponse response, boolean keepAlive, MutableDirectBuffer target, int offset) {
        List<String> headers = response.headers();
        int at = offset + target.putStringWithoutLengthAscii(offset, "HTTP/1.1 ");
        at += target.putIntAscii(at, response.status());
        at += target.putStringWithoutLengthAscii(at, " ");
        at += target.putStringWithoutLengthAscii(at, StatusText.of(response.status()));
        at = putLineEnd(target, at);
        at = putHeaders(headers, true, target, at);
        at += target.putStringWithoutLengthAscii(at, connection(headers, keepAlive));
        at += target.putStringWithoutLengthAscii(at, DATE);
        target.putBytes(at, HttpDate.at(System.currentTimeMillis()), 0, HttpDate.LENGTH);
        at = putLineEnd(target, at + HttpDate.LENGTH);
        if (hasBody(response.status())) {
            at += target.putStringWithoutLengthAscii(at, CONTENT_LENGTH);
            at += target.putIntAscii(at, response.body().length);
            at = putLineEnd(target, at);
        }
        return putLineEnd(target, at) - offset;
    }

    /** Writes checked headers; returns the offset behind them. */
    static int putHeaders(List<String> headers, boolean withoutOurs, MutableDirectBuffer target, int offset) {
        int at = offset;
        for (int i = 0; i < headers.size(); i += 2) {
            if (!withoutOurs || !isOurs(headers.get(i))) {
                at += target.putStringWithoutLengthAscii(at, headers.get(i));
                at += target.putStringWithoutLengthAscii(at, ": ");
                at += target.putStringWithoutLengthAscii(at, headers.get(i + 1));
                at = putLineEnd(target, at);
            }
        }
        return at;
    }

    static int putLineEnd(MutableDirectBuffer target, int offset) {
        return offset + target.putStringWithoutLengthAscii(offset, "\r\n");
    }

    private static boolean isOurs(String name) {
        return name.equalsIgnoreCase("Content-Length") || name.equalsIgnoreCase("Transfer-Encoding")
                || name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Date");
    }

    private static boolean hasBody(int status) {
        return status >= 200 && status != 204 && status != 304;
    }

    /** RFC 9110, section 7.8: who sends Upgrade names it in Connection too. */
    private static String connection(List<String> headers, boolean keepAlive) {
        if (Headers.count(headers, "Upgrade") > 0) {
            return keepAlive ? UPGRADE : UPGRADE_CLOSE;
        }
        return keepAlive ? "" : CLOSE;
    }

    private static int digits(int value) {
        int digits = 1;
        for (int rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
