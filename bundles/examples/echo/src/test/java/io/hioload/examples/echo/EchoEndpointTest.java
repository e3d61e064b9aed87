package io.hioload.examples.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class EchoEndpointTest {

    private final List<String> calls = new ArrayList<>();

    @Test
    void shouldSendTheSameBytesBackWhenAMessageArrives() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[32]);
        new EchoEndpoint().onMessage(session(SendStatus.ACCEPTED), MessageType.BINARY, buffer, 5, 7);
        assertEquals(List.of("send" + List.of(MessageType.BINARY, buffer, 5, 7)), calls);
    }

    @Test
    void shouldKeepTheTypeAndTakeEmptyMessages() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
        new EchoEndpoint().onMessage(session(SendStatus.BACKPRESSURE), MessageType.TEXT, buffer, 0, 0);
        assertEquals(List.of("send" + List.of(MessageType.TEXT, buffer, 0, 0)), calls);
    }

    @Test
    void shouldCloseInsteadOfLosingAMessageWhenTheQueueIsFull() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[1]);
        new EchoEndpoint().onMessage(session(SendStatus.DROPPED), MessageType.BINARY, buffer, 0, 1);
        assertEquals("close" + List.of(1013, "read what was echoed before sending more"), calls.get(1));
    }

    private Session session(SendStatus answer) {
        return (Session) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{Session.class}, (proxy, method, arguments) -> {
            calls.add(method.getName() + Arrays.asList(arguments));
            return method.getReturnType() == SendStatus.class ? answer : null;
        });
    }
}
