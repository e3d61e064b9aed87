package io.hioload.session.internal;

import io.hioload.websocket.CloseCode;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/** The payload of close frames (RFC 6455, section 5.5.1). Any thread. */
final class CloseReason {

    /** The longest payload of a control frame (section 5.5). */
    static final int MAX_CONTROL_BYTES = 125;
    private static final int CODE_BYTES = 2;
    private static final int MAX_REASON_BYTES = MAX_CONTROL_BYTES - CODE_BYTES;

    private CloseReason() {
    }

    static void check(int code) {
        if (!CloseCode.isSendable(code)) {
            throw new IllegalArgumentException("close code " + code + " may not be sent");
        }
    }

    /** Cuts a reason at a character so that it fits; {@code null} becomes empty. */
    static String fit(String reason) {
        if (reason == null) {
            return "";
        }
        String fitting = reason;
        if (fitting.length() > MAX_REASON_BYTES) {
            fitting = fitting.substring(0, MAX_REASON_BYTES);
        }
        while (Utf8Writer.lengthBytes(fitting) > MAX_REASON_BYTES) {
            fitting = fitting.substring(0, fitting.length() - 1);
        }
        boolean cutsPair = fitting.length() < reason.length() && !fitting.isEmpty()
                && Character.isHighSurrogate(fitting.charAt(fitting.length() - 1));
        return cutsPair ? fitting.substring(0, fitting.length() - 1) : fitting;
    }

    /** Writes code and reason, which must fit; returns the length. */
    static int write(int code, String reason, MutableDirectBuffer target) {
        target.putShort(0, (short) code, ByteOrder.BIG_ENDIAN);
        return CODE_BYTES + Utf8Writer.write(reason, target, CODE_BYTES);
    }
}
