package io.hioload.server.internal;

import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Topics;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;

/** The topics of a server, whether it runs at present or not: nothing that runs is held on to. Any thread. */
final class ServerTopics implements Topics {

    private final Supplier<Topics> running;

    /** Made with what gives the topics of what runs, or {@code null}. */
    ServerTopics(Supplier<Topics> running) {
        this.running = running;
    }

    @Override
    public SendStatus publish(String topic, MessageType type, DirectBuffer buffer, int offset, int length) {
        Topics now = running.get();
        return now == null ? SendStatus.CLOSED : now.publish(topic, type, buffer, offset, length);
    }

    @Override
    public SendStatus publishText(String topic, CharSequence text) {
        Topics now = running.get();
        return now == null ? SendStatus.CLOSED : now.publishText(topic, text);
    }

    @Override
    public SendStatus retain(String topic, MessageType type, DirectBuffer buffer, int offset, int length) {
        Topics now = running.get();
        return now == null ? SendStatus.CLOSED : now.retain(topic, type, buffer, offset, length);
    }

    @Override
    public boolean forget(String topic) {
        Topics now = running.get();
        return now != null && now.forget(topic);
    }
}
