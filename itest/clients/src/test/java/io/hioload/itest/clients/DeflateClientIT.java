package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.client.WebSocketClient;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

/** Our client, with compression, against servers of the Node package {@code ws} that want different parameters. */
class DeflateClientIT {

    private static final long DEADLINE_S = 20;
    private static final String ITEM = "{\"id\":17,\"name\":\"item 17\",\"tags\":[\"new\",\"sale\"],\"price\":21.25},";

    /** Keeps what comes. */
    private static final class Heard implements WebSocketHandler {
        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

        @Override
        public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
            texts.add(buffer.getStringWithoutLengthUtf8(offset, length));
        }

        @Override
        public void onClose(Session session, int code, String reason) {
            texts.add("closed " + code);
        }
    }

    @Test
    void shouldTalkToNodeWsInEveryCombination() throws Exception {
        Process node = new ProcessBuilder(NodeClientIT.node(), "deflate.js", "server").directory(NodeClientIT.installWs())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader said = new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.US_ASCII))) {
            String[] ports = said.readLine().split(" ");
            assertEquals(5, ports.length);
            for (boolean own : new boolean[]{false, true}) {
                for (boolean peer : new boolean[]{false, true}) {
                    for (int bits : new int[]{9, 12, 15}) {
                        talk(ports, own, peer, bits);
                    }
                }
            }
        } finally {
            node.destroyForcibly();
        }
    }

    private static void talk(String[] ports, boolean own, boolean peer, int bits) throws Exception {
        try (WebSocketClient client = WebSocketClient.builder().set("extension.deflate.takeover.own", own)
                .set("extension.deflate.takeover.peer", peer).set("extension.deflate.window.own", bits)
                .set("extension.deflate.window.peer", bits).open()) {
            for (String port : ports) {
                Heard heard = new Heard();
                Session session = client.connect("ws://127.0.0.1:" + port + "/echo", heard);
                for (int i = 0; i < 5; i++) {
                    String message = i + ITEM.repeat(20 + i * 100);
                    session.sendText(message);
                    assertEquals(message, heard.texts.poll(DEADLINE_S, TimeUnit.SECONDS));
                }
                session.close(1000, "");
                assertEquals("closed 1000", heard.texts.poll(DEADLINE_S, TimeUnit.SECONDS));
            }
        }
    }
}
