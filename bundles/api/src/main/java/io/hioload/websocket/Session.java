package io.hioload.websocket;

import io.hioload.http.HttpRequest;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import org.agrona.DirectBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One open WebSocket connection.
 *
 * <p>Threads: {@link #send}, {@link #sendText}, {@link #ping}, {@link #close}, {@link #isOpen}, {@link #id} and
 * {@link #unsentBytes} are for any thread; from the session's reactor thread they are direct, from others they pass
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
     * @return the connection's id, unique within its reactor
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
     * Runs tasks on this session's reactor thread.
     *
     * @return the reactor
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
     * Sends a text message.
     *
     * @param text encoded as UTF-8; an unpaired surrogate becomes '?'
     * @return what became of it
     */
    SendStatus sendText(CharSequence text);

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
     * What was sent and has not been taken by the system.
     *
     * @return bytes
     */
    int unsentBytes();

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
