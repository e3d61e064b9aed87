package io.hioload.itest.fuzz;

import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** RFC 6455, section 5, as simply as it can be written: all bytes at once, one frame after the other. One thread. */
final class FrameReference {

    private final boolean masked;
    private final boolean extension;
    private final FrameLimits limits;
    private final byte[] wire;
    private final List<String> events = new ArrayList<>();
    private int at;
    private int open;
    private boolean extended;
    private int fragments;
    private ByteArrayOutputStream message = new ByteArrayOutputStream();

    private FrameReference(Role role, boolean extension, FrameLimits limits, byte[] wire) {
        this.masked = role == Role.SERVER;
        this.extension = extension;
        this.limits = limits;
        this.wire = wire;
    }

    /** What a receiver in a role hears of these bytes, as {@link FrameLog} writes it down. */
    static List<String> events(Role role, boolean extension, FrameLimits limits, byte[] wire) {
        FrameReference reference = new FrameReference(role, extension, limits, wire);
        int violation = 0;
        while (violation == 0) {
            violation = reference.frame();
        }
        if (violation > 0) {
            reference.events.add(FrameLog.violation(violation));
        }
        return reference.events;
    }

    /** Takes one frame. Returns 0, the close code of a violation, or -1 when nothing more is to be decoded. */
    private int frame() {
        int left = wire.length - at;
        if (left < 2) {
            return -1;
        }
        int opcode = wire[at] & 0xF;
        boolean fin = wire[at] < 0;
        boolean control = opcode >= 8;
        int length7 = wire[at + 1] & 0x7F;
        boolean marked = extension && (wire[at] & 0x70) == 0x40 && (opcode == 1 || opcode == 2);
        if ((wire[at] & 0x70) != 0 && !marked || wire[at + 1] < 0 != masked || opcode > 10 || opcode > 2 && opcode < 8) {
            return 1002;
        }
        if (control ? !fin || length7 > 125 : opcode == 0 != (open != 0)) {
            return 1002;
        }
        int lengthEnd = length7 < 126 ? 2 : length7 == 126 ? 4 : 10;
        int headerBytes = lengthEnd + (masked ? 4 : 0);
        if (left < headerBytes) {
            return -1;
        }
        long length = switch (lengthEnd) {
            case 2 -> length7;
            case 4 -> ByteBuffer.wrap(wire).getShort(at + 2) & 0xFFFF;
            default -> ByteBuffer.wrap(wire).getLong(at + 2);
        };
        if (lengthEnd == 4 && length < 126 || lengthEnd == 10 && length < 65_536) {
            return 1002; // not minimal, or negative
        }
        if (!control && (length > limits.maxFrameBytes() || message.size() + length > limits.maxMessageBytes())) {
            return 1009;
        }
        if (!control && ++fragments > limits.maxFragments()) {
            return 1008;
        }
        byte[] payload = Arrays.copyOfRange(wire, at + headerBytes, (int) Math.min(wire.length, at + headerBytes + length));
        for (int i = 0; masked && i < payload.length; i++) {
            payload[i] ^= wire[at + lengthEnd + (i & 3)];
        }
        at += headerBytes + payload.length;
        boolean whole = payload.length == length;
        if (opcode == 1 || opcode == 2) {
            open = opcode;
            extended = marked;
        }
        return control ? whole ? control(opcode, payload) : -1 : data(payload, fin, whole);
    }

    private int data(byte[] payload, boolean fin, boolean whole) {
        message.writeBytes(payload);
        byte[] bytes = message.toByteArray();
        if (open == 1 && !extended && !Utf8Reference.isBeginning(bytes, bytes.length)) {
            return 1007;
        }
        if (!whole) {
            return -1;
        }
        if (fin) {
            if (open == 1 && !extended && !Utf8Reference.isValid(bytes)) {
                return 1007;
            }
            events.add(extended ? FrameLog.extended(open, bytes) : FrameLog.message(open, bytes));
            open = 0;
            fragments = 0;
            message = new ByteArrayOutputStream();
        }
        return 0;
    }

    private int control(int opcode, byte[] payload) {
        if (opcode != 8) {
            events.add(FrameLog.message(opcode, payload));
            return 0;
        }
        if (payload.length == 0) {
            events.add(FrameLog.close(1005, payload));
            return -1;
        }
        int code = payload.length < 2 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        boolean sendable = code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
        if (!sendable) {
            return 1002;
        }
        byte[] reason = Arrays.copyOfRange(payload, 2, payload.length);
        if (!Utf8Reference.isValid(reason)) {
            return 1007;
        }
        events.add(FrameLog.close(code, reason));
        return -1;
    }
}
