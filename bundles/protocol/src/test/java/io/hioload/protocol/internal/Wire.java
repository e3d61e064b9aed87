package io.hioload.protocol.internal;

import io.hioload.protocol.Role;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts raw frames together byte by byte, wrong ones too, as the peer of a decoder in a role would. */
final class Wire {

    static final byte[] KEY = {(byte) 0x9A, 0x37, (byte) 0xF0, 0x51};
    static final int FIN = 0x80;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final boolean masked;

    Wire(Role receiver) {
        masked = receiver == Role.SERVER;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Wire text(String text) {
        return frame(FIN | 1, utf8(text));
    }

    /** A frame with the shortest header; the first byte is given whole. */
    Wire frame(int first, byte... payload) {
        int length = payload.length;
        if (length < 126) {
            raw(first, mask() | length);
        } else if (length <= 0xFFFF) {
            raw(first, mask() | 126, length >> 8, length);
        } else {
            raw(first, mask() | 127, 0, 0, 0, 0, length >> 24, length >> 16, length >> 8, length);
        }
        return keyed(payload);
    }

    /** What stands behind the length: key and payload. */
    Wire keyed(byte... payload) {
        if (masked) {
            out.writeBytes(KEY);
        }
        for (int i = 0; i < payload.length; i++) {
            out.write(masked ? payload[i] ^ KEY[i & 3] : payload[i]);
        }
        return this;
    }

    Wire raw(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    Wire close(int code, String reason) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(code >> 8);
        payload.write(code);
        payload.writeBytes(utf8(reason));
        return frame(FIN | 8, payload.toByteArray());
    }

    int mask() {
        return masked ? 0x80 : 0;
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
