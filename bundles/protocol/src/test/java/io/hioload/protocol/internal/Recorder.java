package io.hioload.protocol.internal;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.FrameListener;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.PartialMessage;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A connection that writes down what it hears. */
final class Recorder implements FrameListener {

    final List<String> events = new ArrayList<>();
    final List<Buffer> kept = new ArrayList<>();
    PartialMessage partial;
    /** Stops the decoder at this many events. */
    int stopAt = Integer.MAX_VALUE;
    boolean keep;
    int violation;
    /** An extension was agreed on. */
    boolean extended;

    static String text(String text) {
        return "1 " + text;
    }

    static String message(int opcode, byte[] payload) {
        return opcode == Opcode.TEXT ? text(new String(payload, java.nio.charset.StandardCharsets.UTF_8))
                : opcode + " " + HexFormat.of().formatHex(payload);
    }

    static String closed(int code, String reason) {
        return "close " + code + " " + reason;
    }

    boolean isOver() {
        return !events.isEmpty() && (events.getLast().startsWith("close") || violation != 0);
    }

    @Override
    public PartialMessage partial() {
        return partial;
    }

    @Override
    public void partial(PartialMessage partial) {
        this.partial = partial;
    }

    @Override
    public boolean onMessage(int opcode, Buffer buffer, int offset, int length) {
        if (keep) {
            kept.add(buffer.retain());
        }
        return add(message(opcode, bytes(buffer, offset, length)));
    }

    @Override
    public boolean acceptsExtended() {
        return extended;
    }

    @Override
    public boolean onExtendedMessage(int opcode, Buffer buffer, int offset, int length) {
        return add("extended " + opcode + " " + HexFormat.of().formatHex(bytes(buffer, offset, length)));
    }

    @Override
    public boolean onControl(int opcode, Buffer buffer, int offset, int length) {
        return add(message(opcode, bytes(buffer, offset, length)));
    }

    @Override
    public void onClose(int code, Buffer buffer, int offset, int length) {
        add(closed(code, new String(bytes(buffer, offset, length), java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Override
    public void onViolation(int code, String reason) {
        add("violation " + code + " " + reason);
        violation = code;
    }

    private boolean add(String event) {
        if (isOver()) {
            throw new AssertionError(event + " after " + events.getLast());
        }
        events.add(event);
        return events.size() < stopAt;
    }

    private static byte[] bytes(Buffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.memory().getBytes(offset, bytes);
        return bytes;
    }
}
