package io.hioload.protocol.internal;

import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

/** The encoder of RFC 6455, section 5.2. Any thread; stateless but for the masking keys, which each thread has its own of. */
final class Rfc6455Encoder implements FrameEncoder {

    private static final int MAX_SHORT_LENGTH = 125;
    private static final int MAX_16_BIT_LENGTH = 0xFFFF;
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int KEY_BYTES = 4;
    /** Up to here a loop over words beats the call of the platform's copy routine. */
    private static final int MAX_LOOP_COPY_BYTES = 256;

    private final int maskBit;
    private final int keyBytes;

    Rfc6455Encoder(Role role) {
        this.maskBit = role == Role.CLIENT ? MASKED : 0;
        this.keyBytes = role == Role.CLIENT ? KEY_BYTES : 0;
    }

    @Override
    public int headerLength(int payloadLength) {
        return plainHeaderLength(payloadLength) + keyBytes;
    }

    @Override
    public int encode(MutableDirectBuffer target, int targetOffset, int opcode, boolean fin, DirectBuffer payload, int payloadOffset,
            int length) {
        check(opcode, fin, length);
        int plainHeader = plainHeaderLength(length);
        int header = plainHeader + keyBytes;
        target.boundsCheck(targetOffset, header + length);
        payload.boundsCheck(payloadOffset, length);
        byte[] targetArray = target.byteArray();
        long to = target.addressOffset() + targetOffset;
        byte[] payloadArray = payload.byteArray();
        long from = payload.addressOffset() + payloadOffset;
        putHeader(targetArray, to, opcode, fin, length);
        if (keyBytes != 0) {
            int key = MaskKeys.next();
            UnsafeApi.putInt(targetArray, to + plainHeader, key);
            Masking.copyMasked(payloadArray, from, targetArray, to + header, length, key);
        } else if (length <= MAX_LOOP_COPY_BYTES) {
            Masking.copyMasked(payloadArray, from, targetArray, to + header, length, 0);
        } else {
            UnsafeApi.copyMemory(payloadArray, from, targetArray, to + header, length);
        }
        return header + length;
    }

    @Override
    public int prepend(MutableDirectBuffer target, int payloadOffset, int opcode, boolean fin, int length) {
        if (keyBytes != 0) {
            throw new IllegalStateException("clients mask: encode copies the payload");
        }
        check(opcode, fin, length);
        int header = plainHeaderLength(length);
        target.boundsCheck(payloadOffset - header, header + length);
        putHeader(target.byteArray(), target.addressOffset() + payloadOffset - header, opcode, fin, length);
        return payloadOffset - header;
    }

    private static void check(int opcode, boolean fin, int length) {
        if (length < 0 || (opcode & Opcode.CLOSE) != 0 && (!fin || length > MAX_SHORT_LENGTH)) {
            throw new IllegalArgumentException("length " + length + ", fin " + fin + " in a frame with opcode " + opcode);
        }
    }

    private static int plainHeaderLength(int length) {
        return length <= MAX_SHORT_LENGTH ? 2 : length <= MAX_16_BIT_LENGTH ? 4 : 10;
    }

    private void putHeader(byte[] array, long to, int opcode, boolean fin, int length) {
        int first = fin ? FIN | opcode : opcode;
        if (length <= MAX_SHORT_LENGTH) {
            UnsafeApi.putShortUnaligned(array, to, (short) (first << 8 | maskBit | length), true);
        } else if (length <= MAX_16_BIT_LENGTH) {
            UnsafeApi.putShortUnaligned(array, to, (short) (first << 8 | maskBit | 126), true);
            UnsafeApi.putShortUnaligned(array, to + 2, (short) length, true);
        } else {
            UnsafeApi.putShortUnaligned(array, to, (short) (first << 8 | maskBit | 127), true);
            UnsafeApi.putLongUnaligned(array, to + 2, length, true);
        }
    }
}
