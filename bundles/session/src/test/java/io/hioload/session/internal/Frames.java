package io.hioload.session.internal;

import io.hioload.protocol.Opcode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Frames as the wire has them, written and read plainly, so that the codec under the session is checked as well. */
final class Frames {

    /** One frame of the wire. */
    record Frame(int opcode, boolean fin, byte[] payload, boolean marked) {

        Frame(int opcode, boolean fin, byte[] payload) {
            this(opcode, fin, payload, false);
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            return (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        }

        String closeReason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    private Frames() {
    }

    static byte[] frame(boolean masked, int opcode, boolean fin, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(payload.length + 14);
        out.put((byte) (fin ? 0x80 | opcode : opcode));
        int mask = masked ? 0x80 : 0;
        if (payload.length <= 125) {
            out.put((byte) (mask | payload.length));
        } else if (payload.length <= 0xFFFF) {
            out.put((byte) (mask | 126)).putShort((short) payload.length);
        } else {
            out.put((byte) (mask | 127)).putLong(payload.length);
        }
        byte[] key = {0x12, (byte) 0xF4, 0x56, 0x78};
        if (masked) {
            out.put(key);
        }
        for (int i = 0; i < payload.length; i++) {
            out.put((byte) (masked ? payload[i] ^ key[i & 3] : payload[i]));
        }
        return java.util.Arrays.copyOf(out.array(), out.position());
    }

    static byte[] closePayload(int code, String reason) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(code >> 8);
        out.write(code);
        out.writeBytes(reason.getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    static List<Frame> read(byte[] wire, boolean masked) {
        List<Frame> frames = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(wire);
        while (in.hasRemaining()) {
            int first = in.get();
            int second = in.get();
            if ((second & 0x80) != 0 != masked) {
                throw new AssertionError("mask bit");
            }
            int length = second & 0x7F;
            length = length == 126 ? in.getShort() & 0xFFFF : length == 127 ? (int) in.getLong() : length;
            byte[] key = new byte[4];
            if (masked) {
                in.get(key);
            }
            byte[] payload = new byte[length];
            in.get(payload);
            for (int i = 0; i < length; i++) {
                payload[i] ^= key[i & 3];
            }
            if ((first & 0xF) == Opcode.CLOSE && in.hasRemaining()) {
                throw new AssertionError("bytes behind a close frame");
            }
            frames.add(new Frame(first & 0xF, (first & 0x80) != 0, payload, (first & 0x40) != 0));
        }
        return frames;
    }
}
