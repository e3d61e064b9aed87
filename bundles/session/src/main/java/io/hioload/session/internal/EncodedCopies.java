package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.MessageExtensionProvider;

/**
 * One message for many sessions, as their extensions have encoded it: once for each kind of encoding, however many sessions
 * there are. Reactor thread only. Owns a reference of each frame until {@link #forget}.
 */
final class EncodedCopies {

    /**
     * A whole frame.
     *
     * @param by     whose extension made it
     * @param kind   of encoding
     * @param opcode of the message
     * @param frame  {@code null} if the message is to be sent as it is
     * @param offset first byte of the frame
     * @param length of the frame
     * @param next   the one made before
     */
    record Copy(MessageExtensionProvider by, int kind, int opcode, Buffer frame, int offset, int length, Copy next) {
    }

    private Copy first;

    /** What an extension made of it before, or {@code null}. */
    Copy find(MessageExtensionProvider by, int kind, int opcode) {
        Copy copy = first;
        while (copy != null && (copy.by != by || copy.kind != kind || copy.opcode != opcode)) {
            copy = copy.next;
        }
        return copy;
    }

    /** Keeps a frame, whose reference becomes this object's; {@code null} if there is none. */
    void keep(MessageExtensionProvider by, int kind, int opcode, Buffer frame, int offset, int length) {
        first = new Copy(by, kind, opcode, frame, offset, length, first);
    }

    /** The message is done. */
    void forget() {
        for (Copy copy = first; copy != null; copy = copy.next) {
            if (copy.frame != null) {
                copy.frame.release();
            }
        }
        first = null;
    }
}
