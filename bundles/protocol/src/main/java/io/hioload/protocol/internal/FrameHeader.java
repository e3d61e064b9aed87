package io.hioload.protocol.internal;

import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.FrameLimits;
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

    private static final int RESERVED_BITS = 0x70;
    private static final int MASK_BIT = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    static final int MAX_CONTROL_BYTES = 125;

    private final boolean masked;
    private final int maxBytes;

    int opcode;
    boolean fin;
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
     * @return the header's size, {@link #NEED_MORE} or {@link #BAD}
     */
    int read(long address, int available, boolean continued) {
        if (available < 2) {
            return NEED_MORE;
        }
        int first = UnsafeApi.getByte(address);
        int second = UnsafeApi.getByte(address + 1) & 0xFF;
        opcode = first & 0xF;
        fin = first < 0;
        if ((first & RESERVED_BITS) != 0) {
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
