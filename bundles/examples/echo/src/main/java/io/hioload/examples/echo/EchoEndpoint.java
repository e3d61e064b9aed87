package io.hioload.examples.echo;

import io.hioload.websocket.CloseCode;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketEndpoint;
import io.hioload.websocket.WebSocketHandler;
import org.agrona.DirectBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * Sends every message back as it came, at {@code /echo}.
 *
 * <p>Threads: called on the reactor thread of each session; has no state, so any number of reactors share it.
 *
 * <p>Cost: nothing is copied and nothing allocated; the very bytes that were received go out again.
 */
@Component(service = WebSocketHandler.class)
@WebSocketEndpoint(path = "/echo")
public final class EchoEndpoint implements WebSocketHandler {

    /** Made by Declarative Services. */
    public EchoEndpoint() {
    }

    /**
     * Echoes. A peer that sends without reading fills its queue; then an echo would be lost, and the session is closed with
     * 1013 instead, so that what arrives is always the whole of what was sent up to the close.
     */
    @Override
    public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
        if (session.send(type, buffer, offset, length) == SendStatus.DROPPED) {
            session.close(CloseCode.TRY_AGAIN_LATER, "read what was echoed before sending more");
        }
    }
}
