package io.hioload.transport;

/** How a connection is closed. */
public enum CloseMode {
    /**
     * Queued bytes go out, then the write side is shut down (FIN), then input is read and dropped until the peer's FIN:
     * closing with unread input would make the kernel send RST, which destroys what was sent last (RFC 9293, section
     * 3.6.1, half-close; RFC 1122, section 4.2.2.13). Has no deadline of its own.
     */
    FLUSH,
    /** Queued bytes are dropped and the connection is reset (SO_LINGER 0). */
    ABORT
}
