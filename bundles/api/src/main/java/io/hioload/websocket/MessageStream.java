package io.hioload.websocket;

import org.agrona.DirectBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A message that is sent in pieces, each a frame (RFC 6455, section 5.4), for what is too long to be at hand as a whole. The
 * thread of the session's reactor only, or that of a handler that blocks. Messages that are sent to the session meanwhile wait
 * behind it, and count toward its limit; pings, pongs and a close do not wait.
 *
 * <p>Pieces are sent as they are, not compressed.
 */
@ProviderType
public interface MessageStream {

    /**
     * Sends a piece.
     *
     * @param buffer holds it; the caller's again when this returns
     * @param offset first byte
     * @param length from 0
     * @return as {@link Session#send}; after DROPPED the message is still open, and the same piece can be given again when
     *         {@link WebSocketHandler#onWritable} comes
     * @throws IllegalStateException    if the message has ended, or this is the wrong thread
     * @throws IllegalArgumentException if the piece is larger than the largest buffer
     */
    SendStatus append(DirectBuffer buffer, int offset, int length);

    /**
     * Sends the last piece.
     *
     * @param buffer holds it
     * @param offset first byte
     * @param length from 0; an empty last piece is allowed
     * @return as above; with ACCEPTED and BACKPRESSURE the message has ended
     * @throws IllegalStateException    as above
     * @throws IllegalArgumentException as above
     */
    SendStatus end(DirectBuffer buffer, int offset, int length);
}
