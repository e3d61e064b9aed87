package io.hioload.protocol;

import io.hioload.buffer.Buffer;
import org.agrona.DirectBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An extension at work on one session. The thread of its session's reactor only. After a result of 0 or more
 * {@link #takeOutput} must be called, or of {@link #encode} {@link #discard}.
 */
@ConsumerType
public interface MessageCoder extends AutoCloseable {

    /** Of {@link #encode}: the message is to be sent as it is. */
    int DECLINED = -1;
    /** Of {@link #decode}: there is more than allowed. */
    int TOO_BIG = -2;
    /** Of {@link #decode}: the message is not what the extension makes of one. */
    int BAD_DATA = -3;
    /** No memory. */
    int NO_MEMORY = -4;

    /**
     * What the server answers to the offer.
     *
     * @return an element of {@code Sec-WebSocket-Extensions}
     */
    String answer();

    /**
     * Encodes a message to be sent.
     *
     * @param payload holds the message
     * @param offset  first byte
     * @param length  from 0
     * @return bytes of the encoded payload, which begins at {@link FrameEncoder#MAX_HEADER_BYTES} of the output; or DECLINED
     *         or NO_MEMORY, and then the message may be sent as it is
     */
    int encode(DirectBuffer payload, int offset, int length);

    /**
     * Decodes a message that was received.
     *
     * @param payload  holds the message
     * @param offset   first byte
     * @param length   from 0
     * @param maxBytes what it may become
     * @return bytes of the message, which begins at 0 of the output; or TOO_BIG, BAD_DATA or NO_MEMORY, after which the coder
     *         is of no more use
     */
    int decode(Buffer payload, int offset, int length, int maxBytes);

    /**
     * The result of the last call.
     *
     * @return a buffer whose reference is the caller's
     */
    Buffer takeOutput();

    /** The message that was encoded last is not sent: gives the output back. What comes later must not build on it. */
    void discard();

    /**
     * Which coders of this extension would have encoded a message exactly so: a message for many sessions is encoded once for
     * each kind.
     *
     * @return a number, or -1 if encoding depends on what was sent before
     */
    int encodingKind();

    /** The session leaves its reactor for another one. Called on the thread of the old one, last there. */
    void leave();

    /**
     * The session has come to another reactor. Called on the thread of the new one, first there.
     *
     * @param to the extension on the new reactor, made by the same provider
     */
    void enter(MessageExtension to);

    /** Gives its memory back: the session is over. Perhaps between {@link #leave} and {@link #enter}. */
    @Override
    void close();
}
