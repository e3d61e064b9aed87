package io.hioload.transport;

/** Bits of {@link TransportProvider#capabilities}. */
public final class Capability {

    /** Live connections can be handed to another loop of the same {@link TransportProvider#handleKind}. */
    public static final long DETACH = 1;
    /** Several loops can listen on one address (SO_REUSEPORT, Linux 3.9) and the system spreads connections. */
    public static final long REUSE_PORT = 1 << 1;
    /** {@link TransportLoop#poll} can block and be woken. */
    public static final long BLOCKING_POLL = 1 << 2;
    /** Large sends go out without being copied by the kernel. */
    public static final long ZERO_COPY_SEND = 1 << 3;

    private Capability() {
    }
}
