package io.hioload.client;

import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** Remembers what a session was told. */
final class Recorder implements WebSocketHandler {

    final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();

    String next() throws InterruptedException {
        return events.poll(10, TimeUnit.SECONDS);
    }

    @Override
    public void onOpen(Session session) {
        events.add("open " + session.subprotocol());
    }

    @Override
    public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        if (type == MessageType.TEXT) {
            events.add("text " + new String(bytes, StandardCharsets.UTF_8));
        } else {
            binaries.add(bytes);
        }
    }

    @Override
    public void onPong(Session session, DirectBuffer buffer, int offset, int length) {
        events.add("pong " + buffer.getStringWithoutLengthUtf8(offset, length));
    }

    @Override
    public void onClose(Session session, int code, String reason) {
        events.add("close " + code + " " + reason);
    }
}
