package io.hioload.protocol.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.http.HttpRequest;
import io.hioload.http.HttpResponse;
import io.hioload.protocol.ExtensionOffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455, section 4, on both sides. */
class HandshakeTest {

    /** The key and its answer in RFC 6455, section 1.3. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[2_000]);

    private static HttpRequest request(String method, String... headers) {
        return new HttpRequest(method, "/", "", List.of(headers));
    }

    private static HttpRequest upgrade(String... changed) {
        List<String> headers = new ArrayList<>(
                List.of("Host", "a", "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Key", KEY,
                        "Sec-WebSocket-Version", "13"));
        for (int i = 0; i < changed.length; i += 2) {
            int at = headers.indexOf(changed[i]);
            if (at >= 0 && changed[i + 1] == null) {
                headers.remove(at);
                headers.remove(at);
            } else if (at >= 0) {
                headers.set(at + 1, changed[i + 1]);
            } else {
                headers.addAll(List.of(changed[i], changed[i + 1]));
            }
        }
        return request("GET", headers.toArray(String[]::new));
    }

    private static void refused(int status, HttpRequest request) {
        HttpResponse refusal = Handshake.refusal(request);
        assertNotNull(refusal);
        assertEquals(status, refusal.status());
    }

    @Test
    void shouldMakeTheAcceptKeyOfTheRfc() {
        assertEquals(ACCEPT, Handshake.acceptKey(KEY));
    }

    @ParameterizedTest
    @CsvSource({"Upgrade,WebSocket", "Upgrade,'h2c, websocket'", "Connection,'keep-alive, Upgrade'", "Connection,upgrade",
            "Connection,'Upgrade,,'", "Sec-WebSocket-Extensions,permessage-deflate", "Origin,null"})
    void shouldAccept(String name, String value) {
        assertNull(Handshake.refusal(upgrade(name, value)));
        assertTrue(Handshake.isUpgrade(upgrade(name, value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "HEAD", "get", "PUT"})
    void shouldRefuseOtherMethods(String method) {
        HttpResponse refusal = Handshake.refusal(request(method, upgrade().headers().toArray(String[]::new)));
        assertEquals(405, refusal.status());
        assertEquals("GET", Headers.first(refusal.headers(), "Allow"));
    }

    @Test
    void shouldRefuseWhatIsNoHandshake() {
        refused(426, upgrade("Upgrade", null));
        refused(426, upgrade("Upgrade", "h2c"));
        refused(400, upgrade("Connection", null));
        refused(400, upgrade("Connection", "keep-alive"));
        refused(400, upgrade("Connection", "Upgraded"));
        refused(400, upgrade("Sec-WebSocket-Version", null));
        refused(400, upgrade("sec-websocket-version", "13"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "12", "14", "", "013", "13, 8", "x"})
    void shouldRefuseOtherVersionsWithTheOneThatIsSpoken(String version) {
        HttpResponse refusal = Handshake.refusal(upgrade("Sec-WebSocket-Version", version));
        assertEquals(426, refusal.status());
        assertEquals("13", Headers.first(refusal.headers(), "Sec-WebSocket-Version"));
        assertEquals("websocket", Headers.first(refusal.headers(), "Upgrade"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ===",
            "dGhlIHNhbXBsZSBub25jZTEy", "dGhlIHNhbXBsZSBub25jZ!==", "dGhlIHNhbXBsZSBub25j====", "dGhlIHNhbXBsZSBub25jZTE="})
    void shouldRefuseKeyThatIsNot16BytesInBase64(String key) {
        refused(400, upgrade("Sec-WebSocket-Key", key));
    }

    @Test
    void shouldRefuseTwoKeysOrNone() {
        refused(400, upgrade("sec-websocket-key", KEY));
        refused(400, upgrade("Sec-WebSocket-Key", null));
    }

    @Test
    void shouldChooseSubprotocolInTheOrderOfTheHandler() {
        HttpRequest request = upgrade("Sec-WebSocket-Protocol", "chat, mqtt ,v1.json", "sec-websocket-protocol", "soap");
        assertEquals("mqtt", Handshake.subprotocol(request, List.of("x", "mqtt", "chat")));
        assertEquals("soap", Handshake.subprotocol(request, List.of("soap", "chat")));
        assertNull(Handshake.subprotocol(request, List.of("Chat", "json", "")));
        assertNull(Handshake.subprotocol(request, List.of()));
        assertNull(Handshake.subprotocol(upgrade(), List.of("chat")));
    }

    @Test
    void shouldWriteTheAnswer() {
        int length = Handshake.accept(upgrade(), "chat", List.of("Set-Cookie", "a=b"), memory, 5, 1_000);
        assertEquals("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + ACCEPT
                + "\r\nSec-WebSocket-Protocol: chat\r\nSet-Cookie: a=b\r\n\r\n", memory.getStringWithoutLengthAscii(5, length));
        assertEquals(length, Handshake.accept(upgrade(), "chat", List.of("Set-Cookie", "a=b"), memory, 0, length));
        assertEquals(Handshake.NO_ROOM, Handshake.accept(upgrade(), "chat", List.of("Set-Cookie", "a=b"), memory, 0, length - 1));
        assertTrue(Handshake.accept(upgrade(), null, List.of(), memory, 0, 256) > 0);
    }

    @Test
    void shouldRefuseHeadersThatWouldSplitTheAnswer() {
        for (List<String> headers : List.of(List.of("A", "b\r\nC: d"), List.of("A\r\nB", "c"), List.of("A", "b\n"), List.of("A", "\u0000"),
                List.of("A b", "c"), List.of("", "c"), List.of("A"), List.of("A", "\u00e4"), List.of("A", "\u010d\u010a"),
                List.of("Upgrade", "x"), List.of("sec-websocket-accept", "x"), List.of("Content-Length", "3"))) {
            assertThrows(IllegalArgumentException.class, () -> Handshake.accept(upgrade(), null, headers, memory, 0, 1_000));
            assertThrows(IllegalArgumentException.class, () -> new ClientHandshake("a", "/", List.of(), headers));
        }
        assertThrows(IllegalArgumentException.class, () -> Handshake.accept(upgrade(), "a\r\nb", List.of(), memory, 0, 1_000));
    }

    private HttpRequest sent(ClientHandshake client) {
        int length = client.writeRequest(memory, 3, 1_000);
        assertEquals(client.requestLength(), length);
        RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
        assertEquals(length, parser.feed(memory, 3, length));
        assertNull(parser.reason());
        return parser.request();
    }

    private ResponseHead answered(HttpRequest request, String subprotocol) {
        int length = Handshake.accept(request, subprotocol, List.of(), memory, 0, 1_000);
        ResponseParser parser = new ResponseParser(HttpLimits.DEFAULT);
        assertEquals(length, parser.feed(memory, 0, length));
        return parser.response();
    }

    @Test
    void shouldAgreeAsClientAndServer() {
        ClientHandshake client = new ClientHandshake("example.com:81", "/chat?x=1", List.of("a", "b"), List.of("Origin", "http://a"));
        HttpRequest request = sent(client);
        assertEquals("/chat", request.path());
        assertEquals("x=1", request.query());
        assertEquals("example.com:81", request.header("Host"));
        assertEquals("http://a", request.header("Origin"));
        assertNull(Handshake.refusal(request));
        assertEquals("b", Handshake.subprotocol(request, List.of("b", "a")));
        assertNull(client.refusal(answered(request, "b")));
        assertEquals("b", client.subprotocol());
        assertNull(client.refusal(answered(request, null)));
        assertNull(client.subprotocol());
        assertEquals(ClientHandshake.NO_ROOM, client.writeRequest(memory, 0, client.requestLength() - 1));
    }

    @Test
    void shouldMakeNewKeyForEachConnection() {
        String first = sent(new ClientHandshake("a", "/", List.of(), List.of())).header("Sec-WebSocket-Key");
        String second = sent(new ClientHandshake("a", "/", List.of(), List.of())).header("Sec-WebSocket-Key");
        assertNotEquals(first, second);
    }

    @Test
    void shouldFailWrongAnswers() {
        ClientHandshake client = new ClientHandshake("a", "/", List.of("chat"), List.of());
        ResponseHead good = answered(sent(client), null);
        assertNull(client.refusal(good));
        String accept = good.header("Sec-WebSocket-Accept");
        String[] ok = {"Upgrade", "WebSocket", "Connection", "upgrade", "Sec-WebSocket-Accept", accept};
        assertNull(client.refusal(head(101, ok)));
        assertNotNull(client.refusal(head(200, ok)));
        assertNotNull(client.refusal(head(101, "Connection", "Upgrade", "Sec-WebSocket-Accept", accept)));
        assertNotNull(client.refusal(head(101, "Upgrade", "h2c", "Connection", "Upgrade", "Sec-WebSocket-Accept", accept)));
        assertNotNull(client.refusal(head(101, "Upgrade", "websocket", "Sec-WebSocket-Accept", accept)));
        assertNotNull(client.refusal(head(101, "Upgrade", "websocket", "Connection", "close", "Sec-WebSocket-Accept", accept)));
        assertNotNull(client.refusal(head(101, "Upgrade", "websocket", "Connection", "Upgrade")));
        assertNotNull(client.refusal(head(101, "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", ACCEPT)));
        assertNotNull(client.refusal(with(good, "Sec-WebSocket-Accept", accept)));
        assertNotNull(client.refusal(with(good, "Sec-WebSocket-Extensions", "permessage-deflate")));
        assertNotNull(client.refusal(with(good, "Sec-WebSocket-Protocol", "other")));
        assertNotNull(client.refusal(with(with(good, "Sec-WebSocket-Protocol", "chat"), "Sec-WebSocket-Protocol", "chat")));
        assertNull(client.refusal(with(good, "Sec-WebSocket-Protocol", "chat")));
    }

    @Test
    void shouldOfferAndAnswerExtensions() {
        ClientHandshake client = new ClientHandshake("a", "/", List.of(), "x-one; p=1, x-two", List.of());
        HttpRequest request = sent(client);
        assertEquals(List.of("x-one", "x-two"), Handshake.extensions(request).stream().map(ExtensionOffer::name).toList());
        int length = Handshake.accept(request, null, "x-two; q", List.of(), memory, 0, 1_000);
        ResponseParser parser = new ResponseParser(HttpLimits.DEFAULT);
        assertEquals(length, parser.feed(memory, 0, length));
        assertEquals("x-two; q", parser.response().header("Sec-WebSocket-Extensions"));
        assertNull(client.refusal(parser.response()));
        assertEquals(List.of(new ExtensionOffer("x-two", List.of(new ExtensionOffer.Parameter("q", null)))), client.extensions());
        assertEquals(Handshake.NO_ROOM, Handshake.accept(request, null, "x-two; q", List.of(), memory, 0, length - 1));
        assertNull(client.refusal(answered(request, null)));
        assertNotNull(client.refusal(with(answered(request, null), "Sec-WebSocket-Extensions", "x-two; =")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a b", "a;", "a; b=", "a; b=\"", "a; b=\"x y\"", "a/b", "a; b=\"\""})
    void shouldRefuseExtensionsThatAreNoList(String value) {
        refused(400, upgrade("Sec-WebSocket-Extensions", value));
    }

    private static ResponseHead head(int status, String... headers) {
        return new ResponseHead(status, "x", List.of(headers));
    }

    private static ResponseHead with(ResponseHead head, String name, String value) {
        List<String> headers = new ArrayList<>(head.headers());
        headers.addAll(List.of(name, value));
        return new ResponseHead(head.status(), head.reason(), headers);
    }

    @Test
    void shouldRefuseTargetsAndHostsThatCannotBeSent() {
        for (String target : List.of("", "x", "/a b", "/\r\n", "/#x", "/\u00e4", "http://a/")) {
            assertThrows(IllegalArgumentException.class, () -> new ClientHandshake("a", target, List.of(), List.of()));
        }
        for (String host : List.of("", "a b", "a\r\nb", "a/b", "u@h", "a:b")) {
            assertThrows(IllegalArgumentException.class, () -> new ClientHandshake(host, "/", List.of(), List.of()));
        }
        assertThrows(IllegalArgumentException.class, () -> new ClientHandshake("a", "/", List.of("a,b"), List.of()));
    }
}
