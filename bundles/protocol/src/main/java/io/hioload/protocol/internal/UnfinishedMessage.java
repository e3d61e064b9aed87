package io.hioload.protocol.internal;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.PartialMessage;
import org.agrona.UnsafeApi;

/**
 * What one connection has of a header, a control frame and a message that have not wholly arrived. Made and reused by its
 * decoder, whose thread it belongs to; owns one reference to each of its two buffers.
 */
final class UnfinishedMessage implements PartialMessage {

    private Rfc6455Decoder decoder;
    /** The next one in the decoder's free list. */
    UnfinishedMessage next;
    private boolean free;

    private final byte[] header = new byte[FrameHeader.MAX_BYTES];
    private int headerLength;

    /** The frame that is arriving: its opcode, or -1 between two frames. */
    int frame;
    boolean fin;
    int remaining;
    /** The key as it applies to the next byte. */
    int key;

    /** {@link Opcode#TEXT} or {@link Opcode#BINARY}; 0 without an open message. */
    int message;
    /** An extension has marked it: it is not to be looked into. */
    boolean extended;
    /** The message's bytes so far; {@code null} as long as there are none. */
    Buffer assembly;
    int assembled;
    int fragments;
    int utf8;

    /** The control frame's bytes so far; it may arrive amid a message. */
    Buffer control;
    int controlled;

    UnfinishedMessage(Rfc6455Decoder decoder) {
        this.decoder = decoder;
        clear();
    }

    /** It is another decoder's from now on. */
    void owner(Rfc6455Decoder next) {
        decoder = next;
    }

    void open() {
        free = false;
    }

    @Override
    public void discard() {
        if (free) {
            return;
        }
        if (assembly != null) {
            assembly.release();
        }
        if (control != null) {
            control.release();
        }
        clear();
        free = true;
        decoder.recycle(this);
    }

    private void clear() {
        headerLength = 0;
        frame = -1;
        control = null;
        controlled = 0;
        clearMessage();
    }

    void clearMessage() {
        message = Opcode.CONTINUATION;
        extended = false;
        assembly = null;
        assembled = 0;
        fragments = 0;
        utf8 = Utf8Validator.ACCEPT;
    }

    boolean inMessage() {
        return message != Opcode.CONTINUATION;
    }

    int headerLength() {
        return headerLength;
    }

    void addHeader(long address, int length) {
        for (int i = 0; i < length; i++) {
            header[headerLength++] = UnsafeApi.getByte(address + i);
        }
    }

    void takeHeader(long address) {
        for (int i = 0; i < headerLength; i++) {
            UnsafeApi.putByte(address + i, header[i]);
        }
        headerLength = 0;
    }
}
