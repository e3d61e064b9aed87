package io.hioload.websocket;

import org.agrona.DirectBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A WebSocket endpoint. Registered as an OSGi service with the property {@link #PATH_PROPERTY} (see
 * {@link WebSocketEndpoint}) it is served by every server as long as it is registered; outside OSGi it is given to the
 * builder.
 *
 * <p>Threads: calls for one session come one at a time on the session's reactor thread, and must not
 * block unless the handler says so ({@link #BLOCKING_PROPERTY}). One handler
 * serves many sessions, on several reactors at once.
 *
 * <p>An exception costs its own session only: it is logged and counted, and the session is closed with 1011.
 */
@ConsumerType
@FunctionalInterface
public interface WebSocketHandler {

    /**
     * Service property: the path pattern, such as {@code /chat/{room}}. Segments are literal, {@code {name}} for one
     * segment, or a last <code>*</code> for any rest. Literal beats parameter beats rest.
     */
    String PATH_PROPERTY = "hioload.websocket.path";

    /** Service property: subprotocols that the handler speaks, the preferred one first (RFC 6455, section 1.9). */
    String SUBPROTOCOLS_PROPERTY = "hioload.websocket.subprotocols";

    /**
     * Service property, Boolean: the handler blocks. Its calls then come on virtual threads, still one at a time and in order
     * for each session, and what a session receives meanwhile waits: above a mark its peer is slowed down.
     */
    String BLOCKING_PROPERTY = "hioload.websocket.blocking";

    /** Service property of any endpoint: names of the servers that serve it; absent means all. */
    String SERVER_PROPERTY = "hioload.server";

    /**
     * A session is open.
     *
     * @param session the session
     */
    default void onOpen(Session session) {
    }

    /**
     * A whole message arrived. Its bytes are valid until this returns; whoever needs them longer copies them. Text is
     * valid UTF-8; {@link Utf8#toString} makes a String of it. Sending these very bytes back costs no copy.
     *
     * @param session the session
     * @param type    text or binary
     * @param buffer  holds the payload
     * @param offset  first byte
     * @param length  from 0
     */
    void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length);

    /**
     * A pong arrived.
     *
     * @param session the session
     * @param buffer  holds the payload
     * @param offset  first byte
     * @param length  from 0 to 125
     */
    default void onPong(Session session, DirectBuffer buffer, int offset, int length) {
    }

    /**
     * The queue has drained to its low water mark after a send answered {@link SendStatus#BACKPRESSURE} or
     * {@link SendStatus#DROPPED}.
     *
     * @param session the session
     */
    default void onWritable(Session session) {
    }

    /**
     * The session is over: exactly once for each one that opened, in every case, and last.
     *
     * @param session the session; its context is still there
     * @param code    from the peer's close frame, or from ours when the peer sent none in time, or
     *                {@link CloseCode#ABNORMAL} when the connection ended without
     * @param reason  text of that close frame, or what went wrong
     */
    default void onClose(Session session, int code, String reason) {
    }
}
