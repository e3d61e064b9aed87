package io.hioload.protocol.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as they go out. */
class ResponseWriterTest {

    private static final String DATE = "Date: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n";

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[4_000]);

    private String written(HttpResponse response, boolean keepAlive) {
        int length = ResponseWriter.write(response, keepAlive, memory, 3, 3_000);
        assertEquals(length, ResponseWriter.write(response, keepAlive, memory, 3, length));
        assertEquals(ResponseWriter.NO_ROOM, ResponseWriter.write(response, keepAlive, memory, 3, length - 1));
        String text = memory.getStringWithoutLengthAscii(3, length);
        int head = ResponseWriter.writeHead(response, keepAlive, memory, 3, 3_000);
        assertEquals(text.indexOf("\r\n\r\n") + 4, head);
        assertEquals(head, ResponseWriter.headLength(response, keepAlive));
        assertEquals(ResponseWriter.NO_ROOM, ResponseWriter.writeHead(response, keepAlive, memory, 3, head - 1));
        return text;
    }

    @Test
    void shouldWriteHeadAndBody() {
        String text = written(HttpResponse.ok("text/plain", "hello".getBytes(StandardCharsets.US_ASCII)), true);
        assertTrue(text.matches("HTTP/1\\.1 200 OK\r\nContent-Type: text/plain\r\n" + DATE + "Content-Length: 5\r\n\r\nhello"), text);
    }

    @Test
    void shouldSayThatTheConnectionCloses() {
        String text = written(HttpResponse.text(404, "no such page"), false);
        assertTrue(text.contains("\r\nConnection: close\r\n"), text);
        assertTrue(text.startsWith("HTTP/1.1 404 Not Found\r\n"), text);
    }

    @Test
    void shouldNameUpgradeInConnection() {
        HttpResponse response = new HttpResponse(426, List.of("Upgrade", "websocket"), new byte[0]);
        assertTrue(written(response, false).contains("\r\nConnection: Upgrade, close\r\n"));
        assertTrue(written(response, true).contains("\r\nConnection: Upgrade\r\n"));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101, 204, 304})
    void shouldWriteNoBodyWhereNoneMayBe(int status) {
        String text = written(new HttpResponse(status, List.of(), "body".getBytes(StandardCharsets.US_ASCII)), true);
        assertTrue(text.endsWith("\r\n\r\n"), text);
        assertTrue(!text.contains("Content-Length"), text);
    }

    @Test
    void shouldLeaveOutHeadersThatItWritesItself() {
        HttpResponse response = new HttpResponse(299,
                List.of("content-length", "9", "TRANSFER-ENCODING", "chunked", "connection", "x", "date", "y",
                        "A", "b"),
                new byte[2_000]);
        String text = written(response, true);
        assertTrue(text.matches("(?s)HTTP/1\\.1 299 \r\nA: b\r\n" + DATE + "Content-Length: 2000\r\n\r\n.{2000}"), text);
    }

    @Test
    void shouldRefuseWhatWouldSplitTheAnswer() {
        for (List<String> headers : List.of(List.of("A", "b\r\n\r\nHTTP/1.1 200 OK"), List.of("A\n", "c"), List.of("A:", "c"), List.of("A"),
                List.of("A", "\u010d\u010a"))) {
            HttpResponse response = new HttpResponse(200, headers, new byte[0]);
            assertThrows(IllegalArgumentException.class, () -> ResponseWriter.write(response, true, memory, 0, 1_000));
            assertThrows(IllegalArgumentException.class, () -> ResponseWriter.writeHead(response, true, memory, 0, 1_000));
            assertThrows(IllegalArgumentException.class, () -> ResponseWriter.headLength(response, true));
        }
        for (int status : new int[]{-1, 0, 99, 600, 1_000}) {
            HttpResponse response = new HttpResponse(status, List.of(), new byte[0]);
            assertThrows(IllegalArgumentException.class, () -> ResponseWriter.write(response, true, memory, 0, 1_000));
        }
    }

    @Test
    void shouldMakeTheDateOnceASecond() {
        byte[] date = HttpDate.at(784_111_777_000L);
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", new String(date, StandardCharsets.US_ASCII));
        assertSame(date, HttpDate.at(784_111_777_999L));
        assertEquals("Sun, 06 Nov 1994 08:49:38 GMT", new String(HttpDate.at(784_111_778_000L), StandardCharsets.US_ASCII));
        assertEquals(HttpDate.LENGTH, date.length);
    }
}
