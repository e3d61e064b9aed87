package io.hioload.websocket;

/** Close codes of RFC 6455, section 7.4.1, and the IANA registry. */
public final class CloseCode {

    /** The purpose is fulfilled. */
    public static final int NORMAL = 1000;
    /** The endpoint goes away: server stops, handler is removed, page is left. */
    public static final int GOING_AWAY = 1001;
    /** The peer broke the protocol. */
    public static final int PROTOCOL_ERROR = 1002;
    /** A type of data that cannot be accepted. */
    public static final int UNSUPPORTED_DATA = 1003;
    /** The close frame had no code. Never on the wire. */
    public static final int NO_STATUS = 1005;
    /** The connection ended without a close frame. Never on the wire. */
    public static final int ABNORMAL = 1006;
    /** Text that is not UTF-8. */
    public static final int INVALID_PAYLOAD = 1007;
    /** A policy was breached. */
    public static final int POLICY_VIOLATION = 1008;
    /** The message is too big. */
    public static final int TOO_BIG = 1009;
    /** The server met something unexpected, such as an exception in a handler. */
    public static final int INTERNAL_ERROR = 1011;
    /** The server restarts what serves this session; reconnect. */
    public static final int SERVICE_RESTART = 1012;
    /** The server is overloaded; reconnect later. */
    public static final int TRY_AGAIN_LATER = 1013;

    private CloseCode() {
    }

    /**
     * Whether a code may stand in a close frame.
     *
     * @param code any number
     * @return true for 1000 to 1003, 1007 to 1014 and 3000 to 4999
     */
    public static boolean isSendable(int code) {
        return code >= 1000 && code <= 1014 && code != 1004 && code != NO_STATUS && code != ABNORMAL || code >= 3000 && code <= 4999;
    }
}
