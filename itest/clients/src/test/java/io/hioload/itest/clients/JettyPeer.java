package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/** A session of Jetty's client; keeps what comes. */
public final class JettyPeer implements Session.Listener.AutoDemanding {

    private static final long DEADLINE_S = 20;

    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

    /** Echoes a few messages that are alike. */
    static void talk(WebSocketClient client, String url, String offer) throws Exception {
        JettyPeer peer = new JettyPeer();
        ClientUpgradeRequest request = new ClientUpgradeRequest(URI.create(url));
        request.addExtensions(offer);
        try (Session session = client.connect(peer, request).get(DEADLINE_S, TimeUnit.SECONDS)) {
            assertTrue(session.getUpgradeResponse().getHeader("Sec-WebSocket-Extensions").startsWith("permessage-deflate"), offer);
            for (int i = 0; i < 6; i++) {
                String message = "{\"id\":17,\"name\":\"item 17\",\"price\":21.25},".repeat(1 + i * i * 10) + i;
                session.sendText(message, Callback.NOOP);
                assertEquals(message, peer.texts.poll(DEADLINE_S, TimeUnit.SECONDS), offer);
            }
        }
    }

    @Override
    public void onWebSocketText(String message) {
        texts.add(message);
    }
}
