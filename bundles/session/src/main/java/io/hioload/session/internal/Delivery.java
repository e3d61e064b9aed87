package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.FrameEncoder;
import org.agrona.DirectBuffer;

/**
 * The message that is being delivered, so that sending these very bytes back, or on to other sessions of the same reactor,
 * needs no copy: a server's header takes the place of the client's in the receive buffer. Where that cannot be, one copy
 * serves all. One for each engine; reactor thread only. Owns a reference of the copy until the message is done.
 */
final class Delivery {

    /** What a client's header has more than a server's. */
    private static final int MASK_BYTES = 4;
    private static final int NONE = -1;

    private final FrameEncoder encoder;
    private Buffer input;
    private int inputOffset;
    private Buffer buffer;
    private int offset;
    private int length;
    private int writtenOpcode;
    private int frameOffset;
    private Buffer copy;
    private int copyOpcode;
    /** What extensions made of the message. */
    private final EncodedCopies encoded = new EncodedCopies();

    Delivery(FrameEncoder encoder) {
        this.encoder = encoder;
    }

    void beginInput(Buffer received, int first) {
        // Nearly always the loop's one receive buffer; a store of a reference costs more than this look.
        if (input != received) {
            input = received;
        }
        inputOffset = first;
    }

    void beginMessage(Buffer holder, int first, int lengthBytes) {
        buffer = holder;
        offset = first;
        length = lengthBytes;
        writtenOpcode = NONE;
    }

    void endMessage() {
        buffer = null;
        encoded.forget();
        if (copy != null) {
            copy.release();
            copy = null;
        }
    }

    /** The buffer that holds exactly this payload, or {@code null} if it is not the message that is being delivered. */
    Buffer holderOf(DirectBuffer payload, int first, int lengthBytes) {
        Buffer holder = buffer;
        return holder != null && holder.memory() == payload && offset == first && length == lengthBytes ? holder : null;
    }

    /** Where what extensions make of this payload is kept, or {@code null} if it is not the message that is being delivered. */
    EncodedCopies copiesOf(DirectBuffer payload, int first, int lengthBytes) {
        return holderOf(payload, first, lengthBytes) == null ? null : encoded;
    }

    /**
     * Makes the message a frame where it is. Possible if its own header stood whole in the input, directly in front of it:
     * what lies before that may be another message that is still being sent. The header is written once; a later send of
     * the same message with another opcode cannot share the frame.
     *
     * @param opcode of the frame
     * @return offset of the frame in the buffer, or -1
     */
    int frameInPlace(int opcode) {
        if (writtenOpcode == NONE && buffer == input && offset - inputOffset >= encoder.headerLength(length) + MASK_BYTES) {
            frameOffset = encoder.prepend(buffer.memory(), offset, opcode, true, length);
            writtenOpcode = opcode;
        }
        return writtenOpcode == opcode ? frameOffset : -1;
    }

    /** The message as a whole frame in a buffer of its own, if it was made before; the caller retains it. */
    Buffer copy(int opcode) {
        return copyOpcode == opcode ? copy : null;
    }

    /** Keeps a frame of the message for further sends; retains it. The first one is kept. */
    void keepCopy(Buffer frame, int opcode) {
        if (copy == null) {
            copy = frame.retain();
            copyOpcode = opcode;
        }
    }
}
