package io.hioload.protocol.http1;

import io.hioload.http.HttpRequest;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Reads request heads from received bytes (RFC 9112, sections 2, 3 and 5), however these are split. One per connection,
 * its thread only. Keeps the bytes of an unfinished head itself, in an array that is made only when a head arrives in
 * pieces and that never grows beyond {@link HttpLimits#maxHeadBytes}; parsing allocates the request.
 *
 * <p>The result does not depend on how the bytes are split. What is in error stays {@link #BAD} whatever follows: answer
 * with {@link #status} and close, since where the next message would begin is unknown (RFC 9112, section 11.2).
 */
public final class RequestParser {

    /** The head is not complete; all bytes were consumed. */
    public static final int NEED_MORE = 0;
    /** {@link #request} has the head; the bytes behind it were not consumed. */
    public static final int DONE = 1;
    /** The head is in error: see {@link #status} and {@link #reason}. */
    public static final int BAD = 2;

    /** Longer methods exist in no registry (RFC 9112, section 3: answered with 501). */
    private static final int MAX_METHOD_BYTES = 32;
    private static final String VERSION = "HTTP/1.1";
    /** What the first line has beside method and target: two spaces and the version. */
    private static final int FIRST_LINE_REST_BYTES = 2 + VERSION.length();

    private final HttpLimits limits;
    private final HeadReader reader;
    private HttpRequest request;

    /**
     * Makes a parser that waits for the first byte of a request.
     *
     * @param limits what to accept
     */
    public RequestParser(HttpLimits limits) {
        this.limits = limits;
        this.reader = new HeadReader(limits.maxHeadBytes(), limits.maxHeaders(),
                (int) Math.min(Integer.MAX_VALUE, (long) MAX_METHOD_BYTES + limits.maxTargetBytes() + FIRST_LINE_REST_BYTES));
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
     * Whether the first byte of a request has been read: an idle connection may be closed without an answer.
     *
     * @return true if something was read since construction or {@link #reset}
     */
    public boolean begun() {
        return reader.begun();
    }

    /**
     * The request, without a body: requests that announce one are {@link #BAD}.
     *
     * @return the request when {@link #DONE}, else {@code null}
     */
    public HttpRequest request() {
        return request;
    }

    /**
     * What to answer when {@link #BAD}.
     *
     * @return 400, 413, 414, 431, 501 or 505; 0 when not in error
     */
    public int status() {
        return reader.status();
    }

    /**
     * Which rule was broken when {@link #BAD}.
     *
     * @return a short constant text, {@code null} when not in error
     */
    public String reason() {
        return reader.reason();
    }

    /** Starts over with the next request of the connection, and gives up what was kept. */
    public void reset() {
        request = null;
        reader.reset();
    }

    /** The request line (RFC 9112, section 3), then the headers, then what the headers mean. */
    private void parse() {
        int from = reader.firstLineOffset();
        int to = reader.firstLineEnd();
        int methodEnd = from;
        while (methodEnd < to && Grammar.isTokenChar(reader.at(methodEnd))) {
            methodEnd++;
        }
        int targetEnd = methodEnd + 1;
        while (targetEnd < to && Grammar.isTargetChar(reader.at(targetEnd))) {
            targetEnd++;
        }
        if (methodEnd == from || targetEnd >= to || reader.at(methodEnd) != ' ' || reader.at(targetEnd) != ' '
                || targetEnd == methodEnd + 1) {
            reader.fail(400, "malformed request line");
            return;
        }
        String version = reader.text(targetEnd + 1, to);
        if (!VERSION.equals(version)) {
            boolean wellFormed = version.length() == VERSION.length() && version.startsWith("HTTP/")
                    && Grammar.isDigit(version.charAt(5)) && version.charAt(6) == '.' && Grammar.isDigit(version.charAt(7));
            reader.fail(wellFormed ? 505 : 400, wellFormed ? "HTTP/1.1 is required" : "malformed version");
        } else if (methodEnd - from > MAX_METHOD_BYTES) {
            reader.fail(501, "unknown method");
        } else if (targetEnd - methodEnd - 1 > limits.maxTargetBytes()) {
            reader.fail(414, "request target too long");
        } else {
            request(reader.text(from, methodEnd), reader.text(methodEnd + 1, targetEnd));
        }
    }

    private void request(String method, String target) {
        String[] headers = reader.headers();
        if (headers == null || !checkHost(headers) || !checkBody(headers)) {
            return;
        }
        String origin = target;
        if (target.charAt(0) != '/') {
            int authority = authorityOffset(target);
            if (authority < 0) {
                // RFC 9112, sections 3.2.3 and 3.2.4: what CONNECT and OPTIONS * need is not here.
                boolean otherForm = target.equals("*") || method.equals("CONNECT");
                reader.fail(otherForm ? 501 : 400, otherForm ? "method not implemented" : "malformed request target");
                return;
            }
            int path = authority;
            while (path < target.length() && target.charAt(path) != '/' && target.charAt(path) != '?') {
                path++;
            }
            String host = target.substring(authority, path);
            if (!Grammar.isAuthority(host)) {
                reader.fail(400, "malformed request target");
                return;
            }
            replaceHost(headers, host);
            origin = path < target.length() && target.charAt(path) == '/' ? target.substring(path) : "/" + target.substring(path);
        }
        int query = origin.indexOf('?');
        request = query < 0
                ? new HttpRequest(method, origin, "", List.of(headers))
                : new HttpRequest(method, origin.substring(0, query), origin.substring(query + 1), List.of(headers));
    }

    /** Where the authority of an absolute-form target begins, or -1. */
    private static int authorityOffset(String target) {
        return target.regionMatches(true, 0, "http://", 0, 7) ? 7 : target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
    }

    /** RFC 9112, section 3.2.2: the authority of an absolute-form target counts instead of Host. */
    private static void replaceHost(String[] headers, String host) {
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equalsIgnoreCase("Host")) {
                headers[i + 1] = host;
            }
        }
    }

    /** RFC 9112, section 3.2: exactly one Host, and a valid one. */
    private boolean checkHost(String[] headers) {
        String host = null;
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equalsIgnoreCase("Host")) {
                if (host != null) {
                    return reader.fail(400, "more than one Host header");
                }
                host = headers[i + 1];
            }
        }
        if (host == null) {
            return reader.fail(400, "Host header is missing");
        }
        return Grammar.isAuthority(host) || reader.fail(400, "malformed Host header");
    }

    /** RFC 9112, section 6: where a body would end must not be in doubt; and bodies are not read here at all. */
    private boolean checkBody(String[] headers) {
        boolean coded = false;
        String announced = null;
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equalsIgnoreCase("Transfer-Encoding")) {
                coded = true;
            } else if (headers[i].equalsIgnoreCase("Content-Length")) {
                if (announced != null) {
                    return reader.fail(400, "more than one Content-Length header");
                }
                announced = headers[i + 1];
            }
        }
        if (coded) {
            return announced != null ? reader.fail(400, "both Content-Length and Transfer-Encoding")
                    : reader.fail(501, "Transfer-Encoding is not supported");
        }
        return announced == null || checkLength(announced);
    }

    private boolean checkLength(String announced) {
        boolean zero = true;
        for (int i = 0; i < announced.length(); i++) {
            if (!Grammar.isDigit(announced.charAt(i))) {
                return reader.fail(400, "malformed Content-Length header");
            }
            zero &= announced.charAt(i) == '0';
        }
        if (announced.isEmpty()) {
            return reader.fail(400, "malformed Content-Length header");
        }
        return zero || reader.fail(413, "request bodies are not supported");
    }
}
