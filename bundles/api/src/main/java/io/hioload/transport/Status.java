package io.hioload.transport;

/** Results of transport calls: 0 or more is success, the negative constants below say what was in the way. */
public final class Status {

    /** Done, or accepted to be done. */
    public static final int OK = 0;
    /** Of {@link TransportLoop#send}: done at once, with everything still the caller's. */
    public static final int SENT = 1;
    /** Not now: a queue or the kernel has no room. Nothing was taken; try again after the next event. */
    public static final int BACK_PRESSURED = -1;
    /** The connection or listener is not open (any more). */
    public static final int CLOSED = -2;
    /** This transport cannot do that. */
    public static final int NOT_SUPPORTED = -3;
    /** The peer refused the connection (ECONNREFUSED), or admission control did. */
    public static final int REFUSED = -4;
    /** The peer reset the connection (ECONNRESET, EPIPE). */
    public static final int RESET = -5;
    /** The peer ended its stream in order. */
    public static final int END_OF_INPUT = -6;
    /** A deadline passed (ETIMEDOUT, or one of ours). */
    public static final int TIMED_OUT = -7;
    /** No way to the peer (ENETUNREACH, EHOSTUNREACH). */
    public static final int UNREACHABLE = -8;
    /** The local address is taken (EADDRINUSE). */
    public static final int ADDRESS_IN_USE = -9;
    /** The local address is not one of this host (EADDRNOTAVAIL). */
    public static final int ADDRESS_NOT_AVAILABLE = -10;
    /** Not permitted (EACCES, EPERM), such as a port below 1024. */
    public static final int NOT_PERMITTED = -11;
    /** Out of descriptors, buffers or kernel memory (EMFILE, ENFILE, ENOBUFS, ENOMEM). */
    public static final int NO_RESOURCES = -12;
    /** Closed or aborted by this side. */
    public static final int LOCAL_CLOSE = -13;
    /** Any other error of the operating system; the transport has logged or counted it. */
    public static final int OS_ERROR = -14;

    private static final String[] TEXT = {"ok", "back-pressured", "closed", "not supported", "connection refused",
            "connection reset by peer", "end of input", "timed out", "unreachable", "address already in use",
            "address not available on this host", "not permitted", "out of descriptors, buffers or kernel memory",
            "closed by this side", "operating system error"};

    private Status() {
    }

    /**
     * A status in words.
     *
     * @param status one of the constants; anything from 0 up is "ok"
     * @return a short text for logs and exceptions
     */
    public static String text(int status) {
        return status >= 0 ? TEXT[0] : -status < TEXT.length ? TEXT[-status] : "status " + status;
    }

    /**
     * What an error number of Linux means to users of a transport: those of asm-generic/errno.h, which x86-64 and AArch64
     * have. Other systems' differ.
     *
     * @param errno the error number, positive
     * @return one of the negative constants, {@link #OS_ERROR} for what has none of its own
     */
    public static int ofErrno(int errno) {
        return switch (errno) {
            case 11 /* EAGAIN */ -> BACK_PRESSURED;
            case 111 /* ECONNREFUSED */ -> REFUSED;
            case 32 /* EPIPE */, 103 /* ECONNABORTED */, 104 /* ECONNRESET */, 107 /* ENOTCONN */ -> RESET;
            case 110 /* ETIMEDOUT */ -> TIMED_OUT;
            case 100 /* ENETDOWN */, 101 /* ENETUNREACH */, 113 /* EHOSTUNREACH */ -> UNREACHABLE;
            case 98 /* EADDRINUSE */ -> ADDRESS_IN_USE;
            case 99 /* EADDRNOTAVAIL */ -> ADDRESS_NOT_AVAILABLE;
            case 1 /* EPERM */, 13 /* EACCES */ -> NOT_PERMITTED;
            case 12 /* ENOMEM */, 23 /* ENFILE */, 24 /* EMFILE */, 28 /* ENOSPC */, 105 /* ENOBUFS */ -> NO_RESOURCES;
            case 92 /* ENOPROTOOPT */, 95 /* EOPNOTSUPP */, 97 /* EAFNOSUPPORT */ -> NOT_SUPPORTED;
            case 9 /* EBADF */, 88 /* ENOTSOCK */ -> CLOSED;
            default -> OS_ERROR;
        };
    }
}
