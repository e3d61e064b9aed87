package io.hioload.testkit.websocket;

import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.agrona.DirectBuffer;

/** Topics without subscribers: the session that they belong to writes down what is published. Any thread. */
final class FakeTopics implements Topics {

    private final Function<FakeSession.Sent, SendStatus> record;
    private final Set<String> retained = ConcurrentHashMap.newKeySet();

    FakeTopics(Function<FakeSession.Sent, SendStatus> record) {
        this.record = record;
    }

    @Override
    public SendStatus publish(String topic, MessageType type, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return record.apply(new FakeSession.Sent("topic " + topic, bytes, 0));
    }

    @Override
    public SendStatus publishText(String topic, CharSequence text) {
        return record.apply(new FakeSession.Sent("topic " + topic, text.toString().getBytes(StandardCharsets.UTF_8), 0));
    }

    @Override
    public SendStatus retain(String topic, MessageType type, DirectBuffer buffer, int offset, int length) {
        retained.add(topic);
        return publish(topic, type, buffer, offset, length);
    }

    @Override
    public boolean forget(String topic) {
        return retained.remove(topic);
    }
}
