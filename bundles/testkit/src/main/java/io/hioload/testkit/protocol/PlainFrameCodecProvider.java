package io.hioload.testkit.protocol;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameDecoder;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.FrameListener;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.PartialMessage;
import io.hioload.protocol.Role;
import io.hioload.websocket.CloseCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A codec that is not WebSocket's: a frame is one byte of opcode, two bytes of length, big end first, and the payload; without
 * masks and fragments, and for payloads up to 65,535 bytes. A close frame's payload is two bytes of code and the reason.
 * {@link #frame} writes one. For tests of what stands above a codec. Any thread; what it makes is for one thread each.
 */
public final class PlainFrameCodecProvider implements FrameCodecProvider {

    private static final int HEADER_BYTES = 3;

    /** Makes the provider. */
    public PlainFrameCodecProvider() {
    }

    /**
     * A frame as the wire has it.
     *
     * @param opcode  one of {@link Opcode}
     * @param payload up to 65,535 bytes
     * @return header and payload
     */
    public static byte[] frame(int opcode, byte... payload) {
        byte[] frame = new byte[HEADER_BYTES + payload.length];
        frame[0] = (byte) opcode;
        frame[1] = (byte) (payload.length >> 8);
        frame[2] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, HEADER_BYTES, payload.length);
        return frame;
    }

    /**
     * A text frame as the wire has it.
     *
     * @param text its payload
     * @return header and payload
     */
    public static byte[] text(String text) {
        return frame(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public FrameDecoder decoder(Role role, FrameLimits limits, BufferPool buffers) {
        return new Decoder(limits, buffers);
    }

    @Override
    public FrameEncoder encoder(Role role) {
        return new Encoder();
    }

    /** The bytes of an unfinished frame. */
    private record Unfinished(byte[] bytes) implements PartialMessage {
        @Override
        public void discard() {
            // On the heap.
        }
    }

    private record Decoder(FrameLimits limits, BufferPool buffers) implements FrameDecoder {
        @Override
        public int decode(FrameListener listener, Buffer buffer, int offset, int length) {
            return PlainFrameCodecProvider.decode(listener, buffer, offset, length, limits, buffers);
        }

        @Override
        public boolean deliver(FrameListener listener, int opcode, Buffer buffer, int offset, int length) {
            return listener.onMessage(opcode, buffer, offset, length);
        }

        @Override
        public void takeOver(PartialMessage unfinished) {
            // Bytes on the heap belong to no thread.
        }
    }

    private static int decode(FrameListener listener, Buffer buffer, int offset, int length, FrameLimits limits, BufferPool buffers) {
        byte[] before = listener.partial() instanceof Unfinished unfinished ? unfinished.bytes : new byte[0];
        byte[] input = Arrays.copyOf(before, before.length + length);
        buffer.memory().getBytes(offset, input, before.length, length);
        listener.partial(null);
        int at = 0;
        boolean goesOn = true;
        while (goesOn && input.length - at >= HEADER_BYTES) {
            int payload = (input[at + 1] & 0xFF) << 8 | input[at + 2] & 0xFF;
            if (payload > limits.maxMessageBytes()) {
                listener.onViolation(CloseCode.TOO_BIG, "message too big");
                return length;
            }
            if (input.length - at - HEADER_BYTES < payload) {
                break;
            }
            goesOn = deliver(listener, input, at, payload, buffers);
            at += HEADER_BYTES + payload;
        }
        if (goesOn && at < input.length) {
            listener.partial(new Unfinished(Arrays.copyOfRange(input, at, input.length)));
        }
        return goesOn ? length : Math.max(0, at - before.length);
    }

    private static boolean deliver(FrameListener listener, byte[] input, int at, int length, BufferPool buffers) {
        Buffer payload = buffers.acquire(Math.max(1, length));
        if (payload == null) {
            listener.onViolation(CloseCode.INTERNAL_ERROR, "out of memory");
            return false;
        }
        try {
            payload.memory().putBytes(0, input, at + HEADER_BYTES, length);
            int opcode = input[at];
            switch (opcode) {
                case Opcode.TEXT, Opcode.BINARY -> {
                    return listener.onMessage(opcode, payload, 0, length);
                }
                case Opcode.PING, Opcode.PONG -> {
                    return listener.onControl(opcode, payload, 0, length);
                }
                case Opcode.CLOSE -> {
                    int code = length < 2 ? CloseCode.NO_STATUS
                            : (payload.memory().getByte(0) & 0xFF) << 8 | payload.memory().getByte(1) & 0xFF;
                    listener.onClose(code, payload, Math.min(2, length), Math.max(0, length - 2));
                    return false;
                }
                default -> {
                    listener.onViolation(CloseCode.PROTOCOL_ERROR, "unknown opcode");
                    return false;
                }
            }
        } finally {
            payload.release();
        }
    }

    private static final class Encoder implements FrameEncoder {
        @Override
        public int headerLength(int payloadLength) {
            return HEADER_BYTES;
        }

        @Override
        public int encode(MutableDirectBuffer target, int targetOffset, int opcode, boolean fin, DirectBuffer payload, int payloadOffset,
                int length) {
            target.putBytes(targetOffset + HEADER_BYTES, payload, payloadOffset, length);
            header(target, targetOffset, opcode, length);
            return HEADER_BYTES + length;
        }

        @Override
        public int prepend(MutableDirectBuffer target, int payloadOffset, int opcode, boolean fin, int length) {
            header(target, payloadOffset - HEADER_BYTES, opcode, length);
            return payloadOffset - HEADER_BYTES;
        }

        private static void header(MutableDirectBuffer target, int at, int opcode, int length) {
            if (length > 0xFFFF) {
                throw new IllegalArgumentException(length + " bytes, must be 0 to 65535");
            }
            target.putByte(at, (byte) opcode);
            target.putByte(at + 1, (byte) (length >> 8));
            target.putByte(at + 2, (byte) length);
        }
    }
}
