package io.hioload.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.websocket.Session;
import io.hioload.websocket.TextHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HandleBlockingTest {

    private static final int SESSIONS = 200;

    /** With one reactor: if any of the blocked handlers held it, or one held another, nothing would be answered. */
    @Test
    void shouldServeOthersWhileManyHandlersBlock() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(SESSIONS);
        AtomicInteger onReactor = new AtomicInteger();
        TextHandler slow = (session, text) -> {
            if (!Thread.currentThread().isVirtual()) {
                onReactor.incrementAndGet();
            }
            blocked.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            session.sendText(text);
        };
        try (HioloadServer server = Hioload.server().port(0).reactors(1).handleBlocking("/slow", slow)
                .handle("/echo", (s, t, b, o, l) -> s.send(t, b, o, l)).start()) {
            List<RawPeer> peers = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                RawPeer peer = new RawPeer(server.localAddress());
                assertEquals(101, peer.send(RawPeer.upgrade("/slow")).status());
                for (int n = 0; n < 5; n++) {
                    peer.send(RawPeer.text(i + "." + n));
                }
                peers.add(peer);
            }
            blocked.await();
            try (RawPeer echo = new RawPeer(server.localAddress())) {
                assertEquals(101, echo.send(RawPeer.upgrade("/echo")).status());
                assertEquals("x", echo.send(RawPeer.text("x")).read().text());
            }
            gate.countDown();
            for (int i = 0; i < SESSIONS; i++) {
                for (int n = 0; n < 5; n++) {
                    assertEquals(i + "." + n, peers.get(i).read().text());
                }
                peers.get(i).close();
            }
        }
        assertEquals(0, onReactor.get());
    }

    @Test
    void shouldTellBlockingHandlerOfTheEndWhenServerStops() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        List<Integer> codes = new ArrayList<>();
        TextHandler handler = new TextHandler() {
            @Override
            public void onText(Session session, String text) {
                session.sendText(text);
            }

            @Override
            public void onClose(Session session, int code, String reason) {
                codes.add(code);
                ended.countDown();
            }
        };
        RawPeer peer;
        try (HioloadServer server = Hioload.server().port(0).reactors(1).set("drain.timeout", "200ms").handleBlocking("/slow", handler)
                .start()) {
            peer = new RawPeer(server.localAddress());
            assertEquals(101, peer.send(RawPeer.upgrade("/slow")).status());
            assertEquals("x", peer.send(RawPeer.text("x")).read().text());
        }
        ended.await();
        peer.close();
        assertTrue(codes.size() == 1, codes.toString());
    }
}
