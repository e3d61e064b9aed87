package io.hioload.protocol;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.osgi.annotation.versioning.ProviderType;

/** Writes frames (RFC 6455, section 5.2). Any thread; allocates nothing. */
@ProviderType
public interface FrameEncoder {

    /** The longest header: 2 bytes, 8 of extended length, 4 of mask. */
    int MAX_HEADER_BYTES = 14;

    /**
     * The size of a frame's header in this role.
     *
     * @param payloadLength bytes, from 0
     * @return 2, 4 or 10, and 4 more with a mask
     */
    int headerLength(int payloadLength);

    /**
     * Writes a whole frame: header and payload, masked in the client role.
     *
     * @param target        where to write; {@code headerLength(length) + length} bytes are needed
     * @param targetOffset  first byte
     * @param opcode        see {@link Opcode}; with {@link Opcode#RSV1} in the first frame of a message that an extension changed
     * @param fin           whether it is the last frame of its message
     * @param payload       what to send; must not overlap the place of the frame
     * @param payloadOffset first byte
     * @param length        from 0; at most 125 in control frames
     * @return bytes written
     */
    int encode(MutableDirectBuffer target, int targetOffset, int opcode, boolean fin, DirectBuffer payload, int payloadOffset, int length);

    /**
     * Writes an unmasked header in front of a payload that is already in place. Server role only.
     *
     * @param target        where the payload is
     * @param payloadOffset first byte of the payload; at least {@code headerLength(length)} bytes before it are free
     * @param opcode        see {@link Opcode}; with {@link Opcode#RSV1} in the first frame of a message that an extension changed
     * @param fin           whether it is the last frame of its message
     * @param length        of the payload
     * @return offset of the first byte of the frame
     */
    int prepend(MutableDirectBuffer target, int payloadOffset, int opcode, boolean fin, int length);
}
