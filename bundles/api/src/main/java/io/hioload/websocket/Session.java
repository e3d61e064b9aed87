package io.hioload.websocket;

import io.hioload.http.HttpRequest;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import org.agrona.DirectBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One open WebSocket connection.
 *
 * <p>Threads: {@link #send}, {@link #sendText}, {@link #ping}, {@link #close}, {@link #isOpen}, {@link #id},
 * {@link #unsentBytes} and what has to do with topics are for any thread; from the session's reactor thread they are direct, from others they pass
 * through the reactor's queue, and each thread's own sends keep their order. The rest is for the reactor thread, which is
 * where handlers are called; {@link #executor} leads there.
 *
 * <p>Payloads are copied or sent before {@code send} returns: the caller's buffer is the caller's again.
 */
@ProviderType
public interface Session {

    /**
     * A number for logs.
     *
     * @return unique in this process, and the same for as long as the session lives, wherever it moves
     */
    long id();

    /**
     * The request that opened the session.
     *
     * @return path, query, headers; {@code null} on the client side
     */
    HttpRequest request();

    /**
     * A parameter of the handler's path pattern.
     *
     * @param name as it stands in the pattern between braces
     * @return the decoded path segment, or {@code null} if the pattern has no such parameter
     */
    String parameter(String name);

    /**
     * The subprotocol that was agreed on.
     *
     * @return its name, or the empty string
     */
    String subprotocol();

    /**
     * The peer's address. Cold: a system call.
     *
     * @return the address, or {@code null} if the connection is gone
     */
    SocketAddress remoteAddress();

    /**
     * Attributes of this session, made when first asked for.
     *
     * @return always the same object
     */
    Context context();

    /**
     * Runs tasks on this session's reactor thread, wherever the session is by then.
     *
     * @return leads there; rejects when the reactor's queue is full
     */
    Executor executor();

    /**
     * Sends a message.
     *
     * @param type   text must be UTF-8 (not checked)
     * @param buffer holds the payload
     * @param offset first byte
     * @param length from 0
     * @return what became of it
     */
    SendStatus send(MessageType type, DirectBuffer buffer, int offset, int length);

    /**
     * Sends a message as it is, also where the session would compress it: for what is compressed already, or what must not be
     * put into one stream with what others have a hand in, such as secrets (RFC 7692, section 8).
     *
     * @param type   text must be UTF-8 (not checked)
     * @param buffer holds the payload
     * @param offset first byte
     * @param length from 0
     * @return what became of it
     */
    default SendStatus sendUncompressed(MessageType type, DirectBuffer buffer, int offset, int length) {
        return send(type, buffer, offset, length);
    }

    /**
     * Sends a text message.
     *
     * @param text encoded as UTF-8; an unpaired surrogate becomes '?'
     * @return what became of it
     */
    SendStatus sendText(CharSequence text);

    /**
     * Sends a message and tells when the system has taken all of it. It has a buffer of its own and is not compressed; costs
     * some objects. Any thread.
     *
     * @param type     text must be UTF-8 (not checked)
     * @param buffer   holds the payload
     * @param offset   first byte
     * @param length   from 0
     * @param listener is told, if the result is ACCEPTED or BACKPRESSURE
     * @return what became of it so far
     */
    SendStatus sendTracked(MessageType type, DirectBuffer buffer, int offset, int length, SendListener listener);

    /**
     * Begins a message that is sent in pieces. One at a time.
     *
     * @param type text must be UTF-8 over all pieces (not checked)
     * @return takes the pieces; must be brought to its end
     * @throws IllegalStateException if one is open already, or this is neither the reactor's thread nor that of a handler that
     *                               blocks
     */
    MessageStream begin(MessageType type);

    /**
     * Sends a ping; the answer comes to {@link WebSocketHandler#onPong}.
     *
     * @param buffer holds the payload
     * @param offset first byte
     * @param length from 0 to 125
     * @return what became of it
     * @throws IllegalArgumentException if the length is out of range
     */
    SendStatus ping(DirectBuffer buffer, int offset, int length);

    /**
     * Has publications of topics sent to this session, as text or binary messages, from now until {@link #unsubscribe} or its
     * end; first the last values of the topics. Subscribing again changes nothing. Any thread; on another one than the reactor's
     * it takes effect in turn.
     *
     * @param filter a topic, perhaps with wildcards, see {@link Topics}
     * @return false if the session is not open, has as many subscriptions as allowed (counted), or the queue of its reactor is
     *         full
     * @throws IllegalArgumentException if it is no filter; the message says why
     * @throws IllegalStateException    on the client side
     */
    boolean subscribe(String filter);

    /**
     * Ends a subscription; nothing happens if there is none. Any thread.
     *
     * @param filter as it was given to {@link #subscribe}
     */
    void unsubscribe(String filter);

    /**
     * The topics of the server.
     *
     * @return always the same; {@code null} on the client side
     */
    Topics topics();

    /**
     * What was published for this session and dropped because it reads too slowly, or memory was gone. Any thread.
     *
     * @return how many publications
     */
    long missed();

    /**
     * What was sent and has not been taken by the system.
     *
     * @return bytes
     */
    int unsentBytes();

    /**
     * Turns receiving off and on again, so that a handler that cannot keep up slows the peer down. What has been received but
     * not yet delivered still comes, up to one receive buffer of it. A session that does not receive is not closed for being
     * idle; one that closes receives again. Reactor thread only.
     *
     * @param on whether to receive
     */
    void receiving(boolean on);

    /**
     * Starts the close handshake (RFC 6455, section 7.1.2), after what was sent before. The peer has a configured time to
     * answer; then {@link WebSocketHandler#onClose} comes in any case. Closing again is no error.
     *
     * @param code   see {@link CloseCode#isSendable}
     * @param reason at most 123 bytes of UTF-8; a longer one is cut at a character
     * @throws IllegalArgumentException if the code may not be sent
     */
    void close(int code, String reason);

    /**
     * Whether the session is neither closed nor closing. May be outdated when it returns.
     *
     * @return true if messages can be sent
     */
    boolean isOpen();
}
