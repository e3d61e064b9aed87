package io.hioload.websocket;

import org.agrona.DirectBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A handler for text only: it is given Strings, and a binary message closes the session with 1003. Allocates the String of
 * each message.
 */
@ConsumerType
@FunctionalInterface
public interface TextHandler extends WebSocketHandler {

    /**
     * A text message arrived.
     *
     * @param session the session
     * @param text    the message
     */
    void onText(Session session, String text);

    @Override
    default void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
        if (type == MessageType.TEXT) {
            onText(session, Utf8.toString(buffer, offset, length));
        } else {
            session.close(CloseCode.UNSUPPORTED_DATA, "text only");
        }
    }
}
