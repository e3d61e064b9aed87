package io.hioload.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.Tracer;
import io.hioload.http.HttpHandler;
import io.hioload.http.HttpResponse;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HttpTest {

    private static final WebSocketHandler ECHO = (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length);
    private static final HttpHandler PAGE = request -> HttpResponse.text(200, request.path() + "?" + request.query());

    private HioloadServer server;

    private void start(ServerBuilder builder) {
        server = builder.port(0).reactors(1).handle("/echo", ECHO).http("/page", PAGE).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldAnswerOneRequestAfterTheOtherWhenKeptAlive(String transport) throws Exception {
        start(Hioload.server().transport(transport));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            for (int i = 0; i < 3; i++) {
                String head = peer.send(RawPeer.get("/page?n=" + i)).head();
                assertTrue(head.startsWith("HTTP/1.1 200 "), head);
                assertEquals("/page?n=" + i + "\n", peer.body(head));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldAnswerAllWhenRequestsArePipelined(String transport) throws Exception {
        start(Hioload.server().transport(transport));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            peer.send(RawPeer.get("/page?1") + RawPeer.get("/page?2") + RawPeer.get("/page?3", "Connection: close"));
            for (int i = 1; i <= 3; i++) {
                assertEquals("/page?" + i + "\n", peer.body(peer.head()));
            }
            assertTrue(peer.atEnd());
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldSendWholeBodyWhenItIsLarge(String transport) throws Exception {
        byte[] body = new byte[3 << 20];
        Arrays.fill(body, (byte) 'x');
        body[body.length - 1] = '!';
        start(Hioload.server().transport(transport).http("/large", request -> HttpResponse.ok("text/plain", body)));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            String text = peer.body(peer.send(RawPeer.get("/large", "Connection: close")).head());
            assertEquals(body.length, text.length());
            assertTrue(text.endsWith("xx!"));
            assertTrue(peer.atEnd());
        }
    }

    @Test
    void shouldAnswerHeadWithoutBody() throws Exception {
        start(Hioload.server());
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            String head = peer.send("HEAD /page?a HTTP/1.1\r\nHost: test\r\n\r\n").head();
            assertTrue(head.contains("Content-Length: 8"), head);
            assertEquals("/page?b\n", peer.body(peer.send(RawPeer.get("/page?b")).head()));
        }
    }

    @Test
    void shouldRefuseWithTheRightStatus() throws Exception {
        LinkedBlockingQueue<Integer> refused = new LinkedBlockingQueue<>();
        start(Hioload.server().tracer(new Tracer() {
            @Override
            public void requestRefused(long id, int status, String reason) {
                refused.add(status);
            }
        }));
        expect(404, RawPeer.get("/nothing"));
        expect(404, RawPeer.upgrade("/nothing"));
        expect(404, RawPeer.upgrade("/page"));
        expect(405, "DELETE /page HTTP/1.1\r\nHost: test\r\n\r\n");
        expect(400, "GET /page HTTP/1.1\r\n\r\n");
        expect(400, "nonsense\r\n\r\n");
        expect(505, "GET /page HTTP/2.0\r\nHost: test\r\n\r\n");
        expect(431, RawPeer.get("/page", "X: " + "y".repeat(9000)));
        expect(426, RawPeer.upgrade("/echo").replace("Version: 13", "Version: 8"));
        expect(400, RawPeer.upgrade("/echo").replace("dGhlIHNhbXBsZSBub25jZQ==", "short"));
        assertEquals(List.of(404, 404, 404, 405, 400, 400, 505, 431, 426, 400), List.copyOf(refused));
    }

    private void expect(int status, String request) throws Exception {
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            assertEquals(status, peer.send(request).status(), request);
        }
    }

    @Test
    void shouldAskForAnUpgradeWhenThePathSpeaksWebSocketOnly() throws Exception {
        start(Hioload.server());
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            String head = peer.send(RawPeer.get("/echo")).head();
            assertTrue(head.startsWith("HTTP/1.1 426 "), head);
            assertTrue(head.contains("Upgrade: websocket"), head);
        }
    }

    @Test
    void shouldAnswer500AndGoOnWhenAHandlerFails() throws Exception {
        start(Hioload.server().http("/throws", request -> {
            throw new IllegalStateException("as the test wants");
        }).http("/null", request -> null)
                .http("/bad", request -> new HttpResponse(200, List.of("X", "a\r\nInjected: b"), new byte[0])));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            for (String path : List.of("/throws", "/null", "/bad")) {
                String head = peer.send(RawPeer.get(path)).head();
                assertTrue(head.startsWith("HTTP/1.1 500 "), head);
                assertEquals("internal error\n", peer.body(head));
            }
            assertEquals(200, peer.send(RawPeer.get("/page")).status());
        }
    }

    private Object counter(String name) {
        return server.control().probes().stream().map(probe -> probe.probe().get("counters")).filter(Map.class::isInstance)
                .mapToLong(counters -> ((Map<?, ?>) counters).get(name) instanceof Long count ? count : 0).sum();
    }

    @Test
    void shouldCountAndTraceWhatAHandlerFailsAt() throws Exception {
        LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        start(Hioload.server().tracer(new Tracer() {
            @Override
            public void handlerFailed(long id, Throwable failure) {
                failures.add(failure);
            }
        }).http("/error", request -> {
            throw new StackOverflowError("as the test wants");
        }).http("/early", request -> new HttpResponse(100, List.of(), new byte[0]))
                .http("/none", request -> new HttpResponse(204, List.of(), null)));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            for (String path : List.of("/error", "/early", "/none")) {
                String head = peer.send(RawPeer.get(path)).head();
                assertTrue(head.startsWith("HTTP/1.1 500 "), head);
                peer.body(head);
            }
            assertEquals(200, peer.send(RawPeer.get("/page")).status());
        }
        assertEquals("as the test wants", failures.remove().getMessage());
        assertEquals("answered with status 100; allowed is from 200 to 599", failures.remove().getMessage());
        assertEquals("answered without body; empty ones are allowed", failures.remove().getMessage());
        assertEquals(3L, counter("http.failures"));
    }

    @Test
    void shouldSendNoBodyWhereThereMayBeNone() throws Exception {
        byte[] large = new byte[9000];
        start(Hioload.server().http("/204", request -> new HttpResponse(204, List.of(), new byte[10]))
                .http("/304", request -> new HttpResponse(304, List.of(), large)).http("/large", request -> HttpResponse.ok("a/b", large)));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            assertEquals(204, peer.send(RawPeer.get("/204")).status());
            assertEquals(304, peer.send(RawPeer.get("/304")).status());
            assertTrue(peer.send("HEAD /large HTTP/1.1\r\nHost: test\r\n\r\n").head().contains("Content-Length: 9000"));
            assertEquals("/page?\n", peer.body(peer.send(RawPeer.get("/page")).head()));
        }
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            assertEquals(404, peer.send(RawPeer.upgrade("/nothing").replaceFirst("GET", "HEAD")).status());
            assertTrue(peer.atEnd());
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldLetAnAnswerTakeItsTimeAsLongAsItProgresses(String transport) throws Exception {
        byte[] body = new byte[24 << 20];
        start(Hioload.server().transport(transport).set("http.idle.timeout", "400ms").set("socket.send.buffer", "64KiB")
                .http("/large", request -> HttpResponse.ok("a/b", body)));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            peer.send(RawPeer.get("/large")).head();
            long beginNs = System.nanoTime();
            for (int read = 0; read < body.length; read += 1 << 20) {
                peer.socket().getInputStream().skipNBytes(1 << 20);
                // The pace of a slow peer: 1 MiB in 80 ms.
                LockSupport.parkNanos(80_000_000);
            }
            assertTrue(System.nanoTime() - beginNs > 1_600_000_000L);
            assertEquals("/page?\n", peer.body(peer.send(RawPeer.get("/page")).head()));
        }
    }

    @Test
    void shouldResetAPeerThatDoesNotTakeItsAnswer() throws Exception {
        byte[] body = new byte[24 << 20];
        start(Hioload.server().set("http.idle.timeout", "300ms").http("/large", request -> HttpResponse.ok("a/b", body)));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            peer.send(RawPeer.get("/large")).head();
            while (server.control().probes().getFirst().probe().get("connections") instanceof Integer open && open > 0) {
                Thread.onSpinWait();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldReceiveInASessionThatCameBehindALargeAnswer(String transport) throws Exception {
        byte[] body = new byte[4 << 20];
        CountDownLatch answered = new CountDownLatch(1);
        start(Hioload.server().transport(transport).http("/large", request -> {
            answered.countDown();
            return HttpResponse.ok("a/b", body);
        }));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            peer.send(RawPeer.get("/large"));
            assertTrue(answered.await(10, TimeUnit.SECONDS));
            peer.send(RawPeer.upgrade("/echo"));
            peer.body(peer.head());
            assertEquals(101, peer.status());
            for (int i = 0; i < 3; i++) {
                assertEquals("here " + i, peer.send(RawPeer.text("here " + i)).read().text());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldAnswerAllInOrderWhenManyArePipelined(String transport) throws Exception {
        start(Hioload.server().transport(transport));
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            requests.append(RawPeer.get("/page?" + i));
        }
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            peer.send(requests + RawPeer.upgrade("/echo")).send(RawPeer.text("and up"));
            for (int i = 0; i < 1000; i++) {
                assertEquals("/page?" + i + "\n", peer.body(peer.head()));
            }
            assertEquals(101, peer.status());
            assertEquals("and up", peer.read().text());
            assertEquals("on", peer.send(RawPeer.text("on")).read().text());
        }
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            peer.send(requests.toString());
            peer.socket().shutdownOutput();
            for (int i = 0; i < 1000; i++) {
                assertEquals("/page?" + i + "\n", peer.body(peer.head()));
            }
            assertTrue(peer.atEnd());
        }
    }

    @Test
    void shouldServeOthersBetweenTheAnswersOfOneThatAsksForMuch() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        AtomicInteger answersBefore = new AtomicInteger();
        AtomicReference<Session> session = new AtomicReference<>();
        WebSocketHandler watch = (from, type, buffer, offset, length) -> session.set(from);
        start(Hioload.server().handle("/watch", watch).http("/count", request -> {
            if (answers.incrementAndGet() == 1) {
                session.get().executor().execute(() -> answersBefore.set(answers.get()));
            }
            return HttpResponse.text(200, "");
        }));
        try (RawPeer watching = new RawPeer(server.localAddress()); RawPeer peer = new RawPeer(server.localAddress())) {
            assertEquals(101, watching.send(RawPeer.upgrade("/watch")).status());
            watching.send(RawPeer.text("x"));
            while (session.get() == null) {
                Thread.onSpinWait();
            }
            peer.send(RawPeer.get("/count").repeat(500));
            for (int i = 0; i < 500; i++) {
                peer.body(peer.head());
            }
            assertEquals(16, answersBefore.get());
        }
    }

    @Test
    void shouldNameASubprotocolThatIsNoToken() {
        start(Hioload.server());
        String message = assertThrows(IllegalArgumentException.class, () -> Hioload.server().handle("/sub", List.of("v1", "a b"), ECHO))
                .getMessage();
        assertTrue(message.startsWith("subprotocol 'a b' of /sub: allowed are letters"), message);
    }

    @Test
    void shouldUseTheFirstCommonSubprotocol() throws Exception {
        start(Hioload.server().handle("/sub", List.of("v2", "v1"),
                (session, type, buffer, offset, length) -> session.sendText(session.subprotocol())));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            String head = peer.send(RawPeer.upgrade("/sub", "Sec-WebSocket-Protocol: v0, v1, v2")).head();
            assertTrue(head.contains("Sec-WebSocket-Protocol: v2"), head);
            assertEquals("v2", peer.send(RawPeer.text("?")).read().text());
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldServeFramesThatCameWithTheHandshake(String transport) throws Exception {
        start(Hioload.server().transport(transport));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            byte[] head = RawPeer.upgrade("/echo").getBytes(StandardCharsets.US_ASCII);
            byte[] frame = RawPeer.text("early");
            byte[] both = Arrays.copyOf(head, head.length + frame.length);
            System.arraycopy(frame, 0, both, head.length, frame.length);
            assertEquals(101, peer.send(both).status());
            assertEquals("early", peer.read().text());
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldAnswerTheSameWhenTheHandshakeComesByteByByte(String transport) throws Exception {
        start(Hioload.server().transport(transport));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            for (byte b : RawPeer.upgrade("/echo").getBytes(StandardCharsets.US_ASCII)) {
                peer.send(new byte[]{b});
            }
            assertEquals(101, peer.status());
            for (byte b : RawPeer.text("slow")) {
                peer.send(new byte[]{b});
            }
            assertEquals("slow", peer.read().text());
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldEndConnectionsThatSendNoRequestInTime(String transport) throws Exception {
        start(Hioload.server().transport(transport).set("handshake.timeout", "200ms").set("http.idle.timeout", "200ms"));
        try (RawPeer silent = new RawPeer(server.localAddress());
                RawPeer slow = new RawPeer(server.localAddress());
                RawPeer idle = new RawPeer(server.localAddress())) {
            slow.send("GET /page HT");
            idle.body(idle.send(RawPeer.get("/page")).head());
            assertTrue(silent.atEnd());
            assertEquals(408, slow.status());
            assertTrue(idle.atEnd());
        }
    }

    @Test
    void shouldGiveUpAPeerThatAsksOnWithoutReading() throws Exception {
        byte[] body = new byte[1 << 20];
        LinkedBlockingQueue<Boolean> asked = new LinkedBlockingQueue<>();
        start(Hioload.server().set("linger.timeout", "300ms").set("http.idle.timeout", "300ms").http("/large", request -> {
            asked.add(true);
            return HttpResponse.ok("application/octet-stream", body);
        }));
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            peer.send(RawPeer.get("/large").repeat(200));
            assertTrue(asked.poll(10, TimeUnit.SECONDS));
            while (server.control().probes().getFirst().probe().get("connections") instanceof Integer open && open > 0) {
                Thread.onSpinWait();
            }
            assertTrue(asked.size() < 20, () -> asked.size() + " answers were made");
        }
    }
}
