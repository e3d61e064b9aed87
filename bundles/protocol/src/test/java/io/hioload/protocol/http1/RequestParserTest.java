package io.hioload.protocol.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is accepted and what is refused, whole and in pieces. */
class RequestParserTest {

    private static final String HOST = "Host: a\r\n";

    private static UnsafeBuffer buffer(String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Feeds pieces of a size until the parser has come to an end; checks that this costs exactly the bytes of the head. */
    private static RequestParser feed(RequestParser parser, String text, int pieceLength) {
        UnsafeBuffer bytes = buffer(text);
        int at = 0;
        while (at < bytes.capacity() && parser.state() == RequestParser.NEED_MORE) {
            int length = Math.min(pieceLength, bytes.capacity() - at);
            int consumed = parser.feed(bytes, at, length);
            assertTrue(consumed == length || parser.state() != RequestParser.NEED_MORE);
            at += consumed;
        }
        if (parser.state() == RequestParser.DONE) {
            assertEquals(text.indexOf("\r\n\r\n") + 4, at);
            assertEquals(0, parser.feed(bytes, 0, bytes.capacity()), "nothing is read behind the end");
        }
        return parser;
    }

    private static RequestParser feed(String text) {
        return feed(new RequestParser(HttpLimits.DEFAULT), text, Integer.MAX_VALUE);
    }

    private static HttpRequest accepted(String text) {
        HttpRequest whole = feed(text).request();
        assertNotNull(whole, () -> feed(text).reason());
        for (int pieceLength = 1; pieceLength < Math.min(40, text.length()); pieceLength++) {
            assertEquals(whole, feed(new RequestParser(HttpLimits.DEFAULT), text, pieceLength).request());
        }
        return whole;
    }

    private static void refused(int status, String text, HttpLimits limits) {
        RequestParser whole = feed(new RequestParser(limits), text, Integer.MAX_VALUE);
        assertEquals(RequestParser.BAD, whole.state(), () -> "accepted: " + text);
        assertEquals(status, whole.status(), whole::reason);
        assertNotNull(whole.reason());
        assertNull(whole.request());
        for (int pieceLength = 1; pieceLength < Math.min(40, text.length()); pieceLength++) {
            RequestParser pieces = feed(new RequestParser(limits), text, pieceLength);
            assertEquals(status, pieces.status());
            assertEquals(whole.reason(), pieces.reason());
        }
    }

    @Test
    void shouldReadRequestHead() {
        HttpRequest request = accepted(
                "GET /chat/a%20b?room=1&x=%C3%A4 HTTP/1.1\r\nHost: example.com:8080\r\nX-Empty:\r\nx-spaces: \t a  b \t \r\n\r\n");
        assertEquals("GET", request.method());
        assertEquals("/chat/a%20b", request.path());
        assertEquals("room=1&x=%C3%A4", request.query());
        assertEquals(List.of("Host", "example.com:8080", "X-Empty", "", "x-spaces", "a  b"), request.headers());
        assertEquals("a  b", request.header("X-SPACES"));
        assertNull(request.header("none"));
    }

    @Test
    void shouldParseEverySplitPointAlike() {
        String text = "GET /path?query HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\r\nrest";
        HttpRequest whole = accepted(text);
        UnsafeBuffer bytes = buffer(text);
        int end = text.length() - 4;
        for (int split = 0; split <= text.length(); split++) {
            RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
            int consumed = parser.feed(bytes, 0, split);
            assertEquals(Math.min(split, end), consumed);
            assertEquals(end - consumed, parser.feed(bytes, consumed, text.length() - consumed));
            assertEquals(whole, parser.request());
        }
    }

    @Test
    void shouldReadPipelinedRequestsOneByOne() {
        String text = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
        RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
        assertFalse(parser.begun());
        int consumed = parser.feed(buffer(text), 0, text.length());
        assertEquals(text.length() / 2, consumed);
        assertEquals("/1", parser.request().path());
        assertTrue(parser.begun());
        parser.reset();
        assertFalse(parser.begun());
        assertNull(parser.request());
        assertEquals(consumed, parser.feed(buffer(text), consumed, text.length() - consumed));
        assertEquals("/2", parser.request().path());
    }

    @Test
    void shouldBeUsableAgainAfterError() {
        RequestParser parser = feed("\n");
        assertEquals(400, parser.status());
        parser.reset();
        assertEquals(0, parser.status());
        assertEquals("/", feed(parser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 3).request().path());
    }

    static List<String> good() {
        return List.of("GET / HTTP/1.1\r\n" + HOST, "GET // HTTP/1.1\r\n" + HOST, "GET /? HTTP/1.1\r\n" + HOST,
                "HEAD /x HTTP/1.1\r\n" + HOST,
                "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n", "GET / HTTP/1.1\r\n" + HOST + "content-length: 000\r\n",
                "!#$%&'*+-.^_`|~09azAZ / HTTP/1.1\r\n" + HOST, "GET /a|b[c]{d}\\^` HTTP/1.1\r\n" + HOST,
                "GET / HTTP/1.1\r\nhOsT:a\r\n", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n", "GET / HTTP/1.1\r\nHost: 127.0.0.1:65535\r\n",
                "GET / HTTP/1.1\r\nHost: a:\r\n", "GET / HTTP/1.1\r\nHost: ex_am-ple.com\r\n",
                "GET / HTTP/1.1\r\n" + HOST + "X: \u00e4\u00ff!\t~\r\n", "GET / HTTP/1.1\r\n" + HOST + "!#$%&'*+-.^_`|~: x:y\r\n",
                "OPTIONS /x HTTP/1.1\r\n" + HOST);
    }

    @ParameterizedTest
    @MethodSource("good")
    void shouldAccept(String head) {
        accepted(head + "\r\n");
    }

    @Test
    void shouldSkipOneEmptyLineBeforeTheRequest() {
        RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
        String text = "\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n";
        for (int i = 0; i < text.length(); i++) {
            assertEquals(1, parser.feed(buffer(text), i, 1));
        }
        assertEquals("/x", parser.request().path());
    }

    @Test
    void shouldTakeHostOfAbsoluteTarget() {
        HttpRequest request = accepted("GET http://Real.example:81/p?q HTTP/1.1\r\nHost: other\r\n\r\n");
        assertEquals("Real.example:81", request.header("Host"));
        assertEquals("/p", request.path());
        assertEquals("q", request.query());
        assertEquals("/", accepted("GET HTTPS://a HTTP/1.1\r\nHost: a\r\n\r\n").path());
        HttpRequest queryOnly = accepted("GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals("/", queryOnly.path());
        assertEquals("q", queryOnly.query());
    }

    private static Arguments bad(int status, String head) {
        return Arguments.of(status, head);
    }

    static List<Arguments> malformed() {
        String get = "GET / HTTP/1.1\r\n";
        return List.of(bad(400, "\r\n\r\n"), bad(400, "GET\r\n" + HOST), bad(400, "GET /\r\n" + HOST), bad(400, "GET / \r\n" + HOST),
                bad(400, " GET / HTTP/1.1\r\n" + HOST), bad(400, "GET  / HTTP/1.1\r\n" + HOST), bad(400, "GET /  HTTP/1.1\r\n" + HOST),
                bad(400, "GET / HTTP/1.1 \r\n" + HOST), bad(400, "GET\t/ HTTP/1.1\r\n" + HOST), bad(400, "GET / a HTTP/1.1\r\n" + HOST),
                bad(400, "GET x HTTP/1.1\r\n" + HOST), bad(400, "GET /\u00e4 HTTP/1.1\r\n" + HOST), bad(400, "GET /#f HTTP/1.1\r\n" + HOST),
                bad(400, "GET /<> HTTP/1.1\r\n" + HOST), bad(400, "G(T / HTTP/1.1\r\n" + HOST), bad(400, "G\u00c4T / HTTP/1.1\r\n" + HOST),
                bad(400, "GET / http/1.1\r\n" + HOST), bad(400, "GET / HTTP/11\r\n" + HOST), bad(400, "GET / HTTP/1.1x\r\n" + HOST),
                bad(400, "GET / HTTP/1,1\r\n" + HOST), bad(400, "GET / HTTPS/1.1\r\n" + HOST), bad(400, "GET / HTTP/x.1\r\n" + HOST),
                bad(505, "GET / HTTP/1.0\r\n" + HOST), bad(505, "GET / HTTP/1.2\r\n" + HOST), bad(505, "PRI * HTTP/2.0\r\n"),
                bad(505, "GET / HTTP/0.9\r\n" + HOST), bad(501, "OPTIONS * HTTP/1.1\r\n" + HOST),
                bad(501, "CONNECT a:1 HTTP/1.1\r\n" + HOST),
                bad(501, "M".repeat(33) + " / HTTP/1.1\r\n" + HOST), bad(400, "GET ftp://a/ HTTP/1.1\r\n" + HOST),
                bad(400, "GET http:///x HTTP/1.1\r\n" + HOST), bad(400, "GET http://u@a/ HTTP/1.1\r\n" + HOST),
                bad(400, "GET http://a:b/ HTTP/1.1\r\n" + HOST), bad(400, get), bad(400, get + HOST + HOST),
                bad(400, get + "Host: a, b\r\n"),
                bad(400, get + "Host:\r\n"), bad(400, get + "Host: a/b\r\n"), bad(400, get + "Host: u@a\r\n"),
                bad(400, get + "Host: a b\r\n"),
                bad(400, get + "Host: :80\r\n"), bad(400, get + "Host: a:123456\r\n"), bad(400, get + "Host: a:x\r\n"),
                bad(400, get + "Host: [::1\r\n"), bad(400, get + "Host: [xyz]\r\n"), bad(400, get + "Host: []\r\n"),
                bad(400, get + "Host : a\r\n"), bad(400, get + HOST + "X\r\n"), bad(400, get + HOST + ": x\r\n"),
                bad(400, get + HOST + "X Y: z\r\n"), bad(400, get + HOST + "X\u00e4: z\r\n"), bad(400, get + HOST + "(x): z\r\n"),
                bad(400, get + HOST + "X: a\u0000b\r\n"), bad(400, get + HOST + "X: a\u0007\r\n"), bad(400, get + HOST + "X: a\u007f\r\n"));
    }

    static List<Arguments> smuggling() {
        String get = "GET / HTTP/1.1\r\n" + HOST;
        return List.of(bad(400, get + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                bad(400, get + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
                bad(400, get + "Content-Length: 0\r\nContent-Length: 0\r\n"),
                bad(400, get + "Content-Length: 0\r\nContent-Length: 5\r\n"), bad(400, get + "Content-Length: 0, 0\r\n"),
                bad(400, get + "Content-Length: +0\r\n"), bad(400, get + "Content-Length: -1\r\n"),
                bad(400, get + "Content-Length: 0x0\r\n"),
                bad(400, get + "Content-Length:\r\n"), bad(400, get + "Content-Length: 0 0\r\n"),
                bad(400, get + "Content-Length: \u00b2\r\n"),
                bad(400, get + "Content-Length : 0\r\n"), bad(400, get + "Transfer-Encoding : chunked\r\n"),
                bad(400, get + " Transfer-Encoding: chunked\r\n"), bad(400, get + "X: y\r\n Transfer-Encoding: chunked\r\n"),
                bad(400, get + "X: y\r\n\tz\r\n"), bad(400, get + "X: y\nTransfer-Encoding: chunked\r\n"),
                bad(400, get + "X: y\rTransfer-Encoding: chunked\r\n"), bad(400, get + "X: y\r\r\n"),
                bad(400, get + "Transfer-Encoding\u000b: chunked\r\n"), bad(400, get + "\u0000Transfer-Encoding: chunked\r\n"),
                bad(400, "GET / HTTP/1.1\n" + HOST), bad(400, "GET / HTTP/1.1\r" + HOST), bad(400, "GET / HTTP/1.1\r\n\r" + HOST),
                bad(400, "\r\n\r\nGET / HTTP/1.1\r\n" + HOST), bad(400, "\nGET / HTTP/1.1\r\n" + HOST),
                bad(501, get + "Transfer-Encoding: chunked\r\n"), bad(501, get + "Transfer-Encoding: identity\r\n"),
                bad(501, get + "Transfer-Encoding: xchunked\r\n"), bad(501, get + "Transfer-Encoding:\r\n"),
                bad(413, get + "Content-Length: 1\r\n"), bad(413, get + "Content-Length: 99999999999999999999999999\r\n"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void shouldRefuseMalformed(int status, String head) {
        refused(status, head + "\r\n", HttpLimits.DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("smuggling")
    void shouldRefuseSmuggling(int status, String head) {
        refused(status, head + "\r\n", HttpLimits.DEFAULT);
    }

    @Test
    void shouldHoldLimits() {
        String head = "GET /123456789 HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
        accepted(head);
        assertNotNull(feed(new RequestParser(new HttpLimits(head.length(), 2, 10)), head, 7).request());
        refused(431, head, new HttpLimits(head.length() - 1, 2, 10));
        refused(431, head, new HttpLimits(head.length(), 1, 10));
        refused(414, head, new HttpLimits(head.length(), 2, 9));
        refused(414, "GET /" + "x".repeat(5_000), HttpLimits.DEFAULT);
        refused(414, "GET /" + "x".repeat(300), new HttpLimits(200, 10, 1_000));
        refused(431, "GET / HTTP/1.1\r\nX: " + "x".repeat(9_000), HttpLimits.DEFAULT);
        refused(431, "GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(200), HttpLimits.DEFAULT);
    }

    @Test
    void shouldRefuseOtherProtocolsAtOnce() {
        refused(400, "\u0016\u0003\u0001\u0002\u0000\u0001", HttpLimits.DEFAULT);
        refused(400, "SSH-2.0-OpenSSH_9.6\n", HttpLimits.DEFAULT);
    }

    @Test
    void shouldGiveTheSameForRandomDamageHoweverItIsSplit() {
        String text = "GET /path?query HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder damaged = new StringBuilder(text);
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged.setCharAt(random.nextInt(text.length()), "\r\n :\t,/\u0000x9\u00e4".charAt(random.nextInt(11)));
            }
            UnsafeBuffer bytes = buffer(damaged.toString());
            RequestParser whole = new RequestParser(HttpLimits.DEFAULT);
            int consumed = whole.feed(bytes, 0, bytes.capacity());
            RequestParser pieces = new RequestParser(HttpLimits.DEFAULT);
            int total = 0;
            while (total < bytes.capacity() && pieces.state() == RequestParser.NEED_MORE) {
                total += pieces.feed(bytes, total, Math.min(bytes.capacity() - total, 1 + random.nextInt(20)));
            }
            assertEquals(whole.state(), pieces.state());
            assertEquals(consumed, total);
            assertEquals(whole.request(), pieces.request());
            assertEquals(whole.reason(), pieces.reason());
        }
    }
}
