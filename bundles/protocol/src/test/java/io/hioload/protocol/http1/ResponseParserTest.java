package io.hioload.protocol.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers, whole and in pieces. */
class ResponseParserTest {

    private static UnsafeBuffer buffer(String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static ResponseParser feed(String text) {
        ResponseParser parser = new ResponseParser(HttpLimits.DEFAULT);
        parser.feed(buffer(text), 0, text.length());
        return parser;
    }

    @Test
    void shouldReadAnswerAtEverySplitPointAndLeaveFrames() {
        String text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\u0081\u0000";
        ResponseHead expected = new ResponseHead(101, "Switching Protocols", List.of("Upgrade", "websocket", "Connection", "Upgrade"));
        UnsafeBuffer bytes = buffer(text);
        for (int split = 0; split <= text.length(); split++) {
            ResponseParser parser = new ResponseParser(HttpLimits.DEFAULT);
            int consumed = parser.feed(bytes, 0, split);
            consumed += parser.feed(bytes, consumed, text.length() - consumed);
            assertEquals(text.length() - 2, consumed);
            assertEquals(ResponseParser.DONE, parser.state());
            assertEquals(expected, parser.response());
        }
        assertEquals("websocket", expected.header("upgrade"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.0 403 Forbidden", "HTTP/1.1 999 x", "HTTP/1.1 200 a \u00e4"})
    void shouldAccept(String line) {
        assertNotNull(feed(line + "\r\n\r\n").response());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 2000", "HTTP/1.1 20x ", "HTTP/1.1  200", "HTTP/2.0 200 OK",
            "http/1.1 200 OK",
            "HTTP/1.0 101 no", "HTTP/1.1 099 x", "ICY 200 OK", "HTTP/1.1 200\tOK", "HTTP/1.2 200 OK"})
    void shouldRefuse(String line) {
        ResponseParser parser = feed(line + "\r\n\r\n");
        assertEquals(ResponseParser.BAD, parser.state());
        assertNotNull(parser.reason());
        assertNull(parser.response());
    }

    @Test
    void shouldRefuseMalformedHeadersAndTooLargeHeads() {
        assertEquals(ResponseParser.BAD, feed("HTTP/1.1 101 x\r\nA : b\r\n\r\n").state());
        assertEquals(ResponseParser.BAD, feed("HTTP/1.1 101 x\r\nA: b\r\n c\r\n\r\n").state());
        assertEquals(ResponseParser.BAD, feed("HTTP/1.1 101 x\nA: b\r\n\r\n").state());
        assertEquals(ResponseParser.BAD, feed("HTTP/1.1 101 " + "x".repeat(9_000)).state());
        assertEquals(ResponseParser.BAD, feed("HTTP/1.1 101 x\r\n" + "A: b\r\n".repeat(101)).state());
    }
}
