package io.hioload.session.internal;

import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import org.agrona.MutableDirectBuffer;

/** Writes text frames without anything between the characters and the frame. Any thread; allocates nothing. */
final class FrameWriter {

    private final FrameEncoder encoder;
    private final boolean masks;

    FrameWriter(FrameEncoder encoder, Role role) {
        this.encoder = encoder;
        this.masks = role == Role.CLIENT;
    }

    /**
     * The room that {@link #text} needs: the frame, and in the client role the unmasked text behind it, since masking is a
     * copy.
     *
     * @param maxLength the most bytes of UTF-8
     * @return bytes, from 0 to 2^33
     */
    long roomBytes(int maxLength) {
        return encoder.headerLength(maxLength) + (masks ? 2L * maxLength : maxLength);
    }

    /**
     * Writes a text message as one frame.
     *
     * @param target    has {@link #roomBytes}
     * @param offset    first byte of the frame
     * @param text      any
     * @param maxLength the most bytes of UTF-8 that it can be
     * @return bytes of the frame
     */
    int text(MutableDirectBuffer target, int offset, CharSequence text, int maxLength) {
        if (masks) {
            int behind = offset + encoder.headerLength(maxLength) + maxLength;
            int length = Utf8Writer.write(text, target, behind);
            return encoder.encode(target, offset, Opcode.TEXT, true, target, behind, length);
        }
        int asciiHeader = encoder.headerLength(text.length());
        int length = Utf8Writer.write(text, target, offset + asciiHeader);
        int header = encoder.headerLength(length);
        if (header != asciiHeader) {
            // Text that is not ASCII, near a limit of the header's length: rare enough to write it again.
            Utf8Writer.write(text, target, offset + header);
        }
        encoder.prepend(target, offset + header, Opcode.TEXT, true, length);
        return header + length;
    }
}
