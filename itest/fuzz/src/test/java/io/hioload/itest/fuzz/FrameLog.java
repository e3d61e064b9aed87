package io.hioload.itest.fuzz;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.FrameListener;
import io.hioload.protocol.PartialMessage;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A connection that writes down what it hears. One thread. */
final class FrameLog implements FrameListener {

    final List<String> events = new ArrayList<>();
    private final boolean extension;
    private final int stopEvery;
    private PartialMessage partial;
    private String rule;
    private boolean over;

    /** With or without an extension that marks messages; stops the decoder at each so-many-th event. */
    FrameLog(boolean extension, int stopEvery) {
        this.extension = extension;
        this.stopEvery = stopEvery;
    }

    static String message(int opcode, byte[] payload) {
        return opcode + " " + HexFormat.of().formatHex(payload);
    }

    static String extended(int opcode, byte[] payload) {
        return "extended " + message(opcode, payload);
    }

    static String close(int code, byte[] reason) {
        return "close " + code + " " + HexFormat.of().formatHex(reason);
    }

    static String violation(int code) {
        return "violation " + code;
    }

    /** A close frame or a violation: nothing may follow. */
    boolean over() {
        return over;
    }

    /** Which rule was broken, or null. */
    String rule() {
        return rule;
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
        return add(message(opcode, bytes(buffer, offset, length)));
    }

    @Override
    public boolean acceptsExtended() {
        return extension;
    }

    @Override
    public boolean onExtendedMessage(int opcode, Buffer buffer, int offset, int length) {
        return add(extended(opcode, bytes(buffer, offset, length)));
    }

    @Override
    public boolean onControl(int opcode, Buffer buffer, int offset, int length) {
        return add(message(opcode, bytes(buffer, offset, length)));
    }

    @Override
    public void onClose(int code, Buffer buffer, int offset, int length) {
        add(close(code, bytes(buffer, offset, length)));
        over = true;
    }

    @Override
    public void onViolation(int code, String reason) {
        add(violation(code));
        rule = reason;
        over = true;
    }

    private boolean add(String event) {
        if (over) {
            throw new AssertionError(event + " after " + events.getLast());
        }
        events.add(event);
        return events.size() % stopEvery != 0;
    }

    private static byte[] bytes(Buffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.memory().getBytes(offset, bytes);
        return bytes;
    }
}
