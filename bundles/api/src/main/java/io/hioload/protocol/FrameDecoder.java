package io.hioload.protocol;

import io.hioload.buffer.Buffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Turns received bytes into messages (RFC 6455, section 5). One for all connections of a reactor in one role; the
 * reactor's thread only. Messages that lie whole in the input are unmasked and delivered in place. Allocates nothing per
 * message.
 */
@ProviderType
public interface FrameDecoder {

    /**
     * Decodes the next bytes of a connection.
     *
     * @param listener the connection
     * @param buffer   holds the bytes, which are changed in place
     * @param offset   first byte
     * @param length   how many
     * @return how many bytes were consumed: all, unless the listener stopped the decoder or the input was in error
     */
    int decode(FrameListener listener, Buffer buffer, int offset, int length);

    /**
     * Delivers a message that an extension has decoded, from within {@link FrameListener#onExtendedMessage}: to
     * {@link FrameListener#onMessage}, or if it is text and not UTF-8, as a violation.
     *
     * @param listener the connection
     * @param opcode   {@link Opcode#TEXT} or {@link Opcode#BINARY}
     * @param buffer   holds the message
     * @param offset   first byte
     * @param length   from 0
     * @return what onExtendedMessage is to return
     */
    boolean deliver(FrameListener listener, int opcode, Buffer buffer, int offset, int length);

    /**
     * Takes over what another decoder of the same provider, on another thread, has begun for a connection that comes from
     * there. The two threads have to be in order by something else. The default is for decoders whose unfinished messages do
     * not know them.
     *
     * @param unfinished of the connection
     */
    default void takeOver(PartialMessage unfinished) {
    }
}
