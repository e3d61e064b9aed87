package io.hioload.protocol.internal;

import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.FrameListener;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.websocket.CloseCode;
import org.agrona.UnsafeApi;

/**
 * Reads one frame header (RFC 6455, section 5.2) and holds it until the next. One per decoder, its thread only; allocates
 * nothing.
 */
final class FrameHeader {

    static final int MAX_BYTES = FrameEncoder.MAX_HEADER_BYTES;
    /** Not all of the header is there. */
    static final int NEED_MORE = 0;
    /** The header breaks a rule: see {@link #code} and {@link #reason}. */
    static final int BAD = -1;

    /** Not {@link #smallMessage}. */
    static final int NOT_SMALL = -1;
    /** The header of a masked frame of up to 125 bytes. */
    static final int SMALL_MASKED_BYTES = 6;

    /** FIN, the reserved bits, the opcode but for text and binary, and MASK, of the first two bytes in this order. */
    private static final int SMALL_SHAPE = 0xFC80;
    /** FIN and MASK are set. */
    private static final int SMALL = 0x8080;

    private static final int RESERVED_BITS = 0x70;
    private static final int MASK_BIT = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    static final int MAX_CONTROL_BYTES = 125;

    private final boolean masked;
    private final int maxBytes;

    int opcode;
    boolean fin;
    /** An extension has marked the message that begins here. */
    boolean extended;
    int length;
    /** As it lies in memory; 0 without. */
    int key;
    int code;
    String reason;

    FrameHeader(Role role, FrameLimits limits, int maxMessageBytes) {
        this.masked = role == Role.SERVER;
        this.maxBytes = Math.min(limits.maxFrameBytes(), maxMessageBytes);
    }

    /**
     * Reads a header.
     *
     * @param address   its first byte
     * @param available bytes there, at least 1
     * @param continued whether a fragmented message is open
     * @param listener  the connection
     * @return the header's size, {@link #NEED_MORE} or {@link #BAD}
     */
    int read(long address, int available, boolean continued, FrameListener listener) {
        if (available < 2) {
            return NEED_MORE;
        }
        int first = UnsafeApi.getByte(address);
        int second = UnsafeApi.getByte(address + 1) & 0xFF;
        opcode = first & 0xF;
        fin = first < 0;
        int reserved = first & RESERVED_BITS;
        extended = reserved != 0;
        if (extended && !(reserved == Opcode.RSV1 && isFirstOfData() && listener.acceptsExtended())) {
            return bad("reserved bits are set");
        }
        if ((second & MASK_BIT) != 0 != masked) {
            return bad(masked ? "frame is not masked" : "frame is masked");
        }
        int shortLength = second & ~MASK_BIT;
        if (opcode == Opcode.CONTINUATION) {
            if (!continued) {
                return bad("continuation without a message");
            }
        } else if (opcode <= Opcode.BINARY) {
            if (continued) {
                return bad("message within a fragmented message");
            }
        } else if (opcode < Opcode.CLOSE || opcode > Opcode.PONG) {
            return bad("reserved opcode");
        } else if (!fin) {
            return bad("fragmented control frame");
        } else if (shortLength > MAX_CONTROL_BYTES) {
            return bad("control frame too long");
        }
        return shortLength < LENGTH_16 ? shortHeader(address, available, shortLength) : longHeader(address, available, shortLength);
    }

    /**
     * Whether a masked text or binary message of up to 125 bytes lies here whole: the most frequent frame by far, found with
     * one look at two bytes.
     *
     * @param address   its first byte
     * @param available bytes there, at least 1
     * @return its length, or {@link #NOT_SMALL}, and then it is for {@link #read}
     */
    static int smallMessage(long address, int available) {
        if (available < SMALL_MASKED_BYTES) {
            return NOT_SMALL;
        }
        int head = UnsafeApi.getShortUnaligned(null, address, true);
        int length = head & ~MASK_BIT & 0xFF;
        int opcode = head >> 8 & 3;
        boolean small = (head & SMALL_SHAPE) == SMALL && opcode != Opcode.CONTINUATION && opcode <= Opcode.BINARY
                && length < LENGTH_16 && length <= available - SMALL_MASKED_BYTES;
        return small ? length : NOT_SMALL;
    }

    /** The opcode of the frame that begins here. */
    static int opcode(long address) {
        return UnsafeApi.getByte(address) & 0xF;
    }

    /** The key in front of a payload. */
    static int key(long payloadAddress) {
        return UnsafeApi.getInt(payloadAddress - Integer.BYTES);
    }

    /** RFC 7692, section 6.1: no other frames are marked. */
    private boolean isFirstOfData() {
        return opcode == Opcode.TEXT || opcode == Opcode.BINARY;
    }

    private int shortHeader(long address, int available, int shortLength) {
        int size = masked ? 6 : 2;
        if (available < size) {
            return NEED_MORE;
        }
        if (shortLength > maxBytes && opcode < Opcode.CLOSE) {
            return tooBig();
        }
        length = shortLength;
        key = masked ? UnsafeApi.getInt(address + 2) : 0;
        return size;
    }

    /** RFC 6455, section 5.2: the minimal number of bytes must be used, and the most significant bit must be 0. */
    private int longHeader(long address, int available, int shortLength) {
        int lengthEnd = shortLength == LENGTH_16 ? 4 : 10;
        int size = masked ? lengthEnd + 4 : lengthEnd;
        if (available < size) {
            return NEED_MORE;
        }
        long announced;
        if (shortLength == LENGTH_16) {
            announced = UnsafeApi.getShortUnaligned(null, address + 2, true) & 0xFFFF;
            if (announced < LENGTH_16) {
                return bad("length is not minimal");
            }
        } else {
            announced = UnsafeApi.getLongUnaligned(null, address + 2, true);
            if (announced < 0) {
                return bad("length has its top bit set");
            }
            if (announced <= 0xFFFF) {
                return bad("length is not minimal");
            }
        }
        if (announced > maxBytes) {
            return tooBig();
        }
        length = (int) announced;
        key = masked ? UnsafeApi.getInt(address + lengthEnd) : 0;
        return size;
    }

    private int tooBig() {
        code = CloseCode.TOO_BIG;
        reason = "frame too big";
        return BAD;
    }

    private int bad(String rule) {
        code = CloseCode.PROTOCOL_ERROR;
        reason = rule;
        return BAD;
    }
}
