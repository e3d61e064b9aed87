package io.hioload.protocol;

/** Opcodes of RFC 6455, section 5.2. */
public final class Opcode {

    /** Continuation of a fragmented message. */
    public static final int CONTINUATION = 0x0;
    /** Text message, UTF-8. */
    public static final int TEXT = 0x1;
    /** Binary message. */
    public static final int BINARY = 0x2;
    /** Close, with an optional code and reason. */
    public static final int CLOSE = 0x8;
    /** Ping, to be answered with the same bytes. */
    public static final int PING = 0x9;
    /** Pong. */
    public static final int PONG = 0xA;

    /**
     * The reserved bit that a {@link MessageExtension} marks the messages by that it has changed (RFC 6455, section 5.2; RFC
     * 7692, section 6). To be added to the opcode of the first frame of such a message when it is encoded.
     */
    public static final int RSV1 = 0x40;

    private Opcode() {
    }
}
