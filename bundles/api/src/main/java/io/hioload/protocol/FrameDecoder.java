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
}
