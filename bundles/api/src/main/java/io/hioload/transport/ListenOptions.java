package io.hioload.transport;

/**
 * How to listen. Socket options are inherited by the accepted connections where the system allows, else set on accept.
 *
 * @param backlog            accept queue length, capped by the system (net.core.somaxconn)
 * @param reusePort          set SO_REUSEPORT; needs {@link Capability#REUSE_PORT}
 * @param noDelay            set TCP_NODELAY on accepted connections
 * @param sendBufferBytes    SO_SNDBUF, 0 leaves it to the system
 * @param receiveBufferBytes SO_RCVBUF, 0 leaves it to the system
 */
public record ListenOptions(int backlog, boolean reusePort, boolean noDelay, int sendBufferBytes, int receiveBufferBytes) {

    /** Accept queue length when none is given. */
    public static final int DEFAULT_BACKLOG = 4096;

    /** Backlog 4096, no SO_REUSEPORT, TCP_NODELAY, system buffers. */
    public static final ListenOptions DEFAULT = new ListenOptions(DEFAULT_BACKLOG, false, true, 0, 0);

    /**
     * The same with another SO_REUSEPORT.
     *
     * @param on whether to set it
     * @return new options
     */
    public ListenOptions withReusePort(boolean on) {
        return new ListenOptions(backlog, on, noDelay, sendBufferBytes, receiveBufferBytes);
    }
}
