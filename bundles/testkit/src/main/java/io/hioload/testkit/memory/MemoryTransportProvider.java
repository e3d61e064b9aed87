package io.hioload.testkit.memory;

import io.hioload.transport.Availability;
import io.hioload.transport.Capability;
import io.hioload.transport.LoopContext;
import io.hioload.transport.Status;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportProvider;
import java.util.concurrent.atomic.AtomicInteger;

/** Loops on a {@link MemoryNetwork}. Any thread. */
public final class MemoryTransportProvider implements TransportProvider {

    /** The transport's name. */
    public static final String NAME = "memory";

    private final MemoryNetwork network;
    private final long capabilities;
    private final AtomicInteger openLoops = new AtomicInteger();

    /**
     * A transport that can do everything but zero-copy sends.
     *
     * @param network what its loops live in
     */
    public MemoryTransportProvider(MemoryNetwork network) {
        this(network, Capability.DETACH | Capability.REUSE_PORT | Capability.BLOCKING_POLL);
    }

    /**
     * A transport that says that it can do this much and no more.
     *
     * @param network      what its loops live in
     * @param capabilities bits of {@link Capability}
     */
    public MemoryTransportProvider(MemoryNetwork network, long capabilities) {
        this.network = network;
        this.capabilities = capabilities;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int preference() {
        return -1;
    }

    @Override
    public long capabilities() {
        return capabilities;
    }

    @Override
    public String handleKind() {
        return NAME;
    }

    @Override
    public Availability availability() {
        return Availability.USABLE;
    }

    @Override
    public TransportLoop open(LoopContext context) throws TransportException {
        int status = network.faults().nextOpen();
        if (status != Status.OK) {
            throw new TransportException("memory loop: " + Status.text(status));
        }
        openLoops.incrementAndGet();
        return new MemoryLoop(network, context, capabilities, openLoops::decrementAndGet);
    }

    @Override
    public void discard(long handle) {
        network.discard(handle);
    }

    /**
     * Loops that were opened and not closed.
     *
     * @return how many
     */
    public int openLoops() {
        return openLoops.get();
    }
}
