package io.hioload.protocol;

import io.hioload.buffer.Buffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One connection as a decoder sees it: takes its messages and keeps its unfinished one. Called within
 * {@link FrameDecoder#decode}. Payloads are unmasked and valid until the call returns, unless the buffer is retained.
 */
@ConsumerType
public interface FrameListener {

    /**
     * The piece of input that the decoder put aside for this connection.
     *
     * @return what {@link #partial(PartialMessage)} was last given, at first {@code null}
     */
    PartialMessage partial();

    /**
     * Keeps an unfinished message between two calls of the decoder.
     *
     * @param partial to be kept, or {@code null} when nothing is unfinished
     */
    void partial(PartialMessage partial);

    /**
     * A whole text or binary message. Text is valid UTF-8.
     *
     * @param opcode {@link Opcode#TEXT} or {@link Opcode#BINARY}
     * @param buffer holds the payload
     * @param offset first byte
     * @param length from 0
     * @return false stops the decoder: the rest of the input is left
     */
    boolean onMessage(int opcode, Buffer buffer, int offset, int length);

    /**
     * Whether messages may be marked by {@link Opcode#RSV1}. Asked only for frames with a reserved bit.
     *
     * @return true if an extension was agreed on that does so
     */
    default boolean acceptsExtended() {
        return false;
    }

    /**
     * A whole message that is marked by {@link Opcode#RSV1}, as it came: neither checked nor decoded. What the extension makes
     * of it may be given to {@link FrameDecoder#deliver}. Comes only if {@link #acceptsExtended()}.
     *
     * @param opcode {@link Opcode#TEXT} or {@link Opcode#BINARY}
     * @param buffer holds the payload
     * @param offset first byte
     * @param length from 0
     * @return false stops the decoder
     */
    default boolean onExtendedMessage(int opcode, Buffer buffer, int offset, int length) {
        throw new IllegalStateException("no extension was agreed on");
    }

    /**
     * A ping or pong.
     *
     * @param opcode {@link Opcode#PING} or {@link Opcode#PONG}
     * @param buffer holds the payload
     * @param offset first byte
     * @param length from 0 to 125
     * @return false stops the decoder
     */
    boolean onControl(int opcode, Buffer buffer, int offset, int length);

    /**
     * A valid close frame. Nothing that follows is decoded.
     *
     * @param code   close code, 1005 when the frame had none
     * @param buffer holds the reason, valid UTF-8
     * @param offset first byte
     * @param length of the reason, from 0 to 123
     */
    void onClose(int code, Buffer buffer, int offset, int length);

    /**
     * The input breaks the protocol or a limit. Nothing that follows is decoded; the connection is to be failed (RFC
     * 6455, section 7.1.7).
     *
     * @param code   the close code to fail it with: 1002, 1007, 1008, 1009, or 1011 when out of memory
     * @param reason a short constant text that names the rule
     */
    void onViolation(int code, String reason);
}
