package io.hioload.transport.epoll;

import io.hioload.ffm.Os;
import io.hioload.transport.Availability;
import io.hioload.transport.Capability;
import io.hioload.transport.LoopContext;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportProvider;
import org.osgi.service.component.annotations.Component;

/**
 * The transport for Linux on x86-64 and AArch64. Any thread may call it; it holds nothing. A loop costs one epoll
 * instance, one eventfd and 17 bytes for each slot of its tables.
 */
@Component(service = TransportProvider.class, property = TransportProvider.NAME_PROPERTY + "=" + EpollTransportProvider.NAME)
public final class EpollTransportProvider implements TransportProvider {

    /** The transport's name. */
    public static final String NAME = "epoll";

    private static final int PREFERENCE = 100;

    /** Makes the provider. */
    public EpollTransportProvider() {
        // declared for its comment: DS and ServiceLoader make it
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int preference() {
        return PREFERENCE;
    }

    @Override
    public long capabilities() {
        return Capability.DETACH | Capability.REUSE_PORT | Capability.BLOCKING_POLL;
    }

    @Override
    public String handleKind() {
        return FILE_DESCRIPTOR;
    }

    @Override
    public Availability availability() {
        return availability(Os.current(), System.getProperty("os.arch", "unknown"));
    }

    static Availability availability(Os system, String arch) {
        if (system != Os.LINUX) {
            return Availability.unusable("needs Linux, this is " + system);
        }
        if (!EpollEvents.knows(arch)) {
            return Availability.unusable("needs x86-64 or AArch64, this is " + arch);
        }
        try {
            String refusal = Syscalls.probe();
            return refusal.isEmpty() ? Availability.USABLE : Availability.unusable(refusal);
        } catch (LinkageError | RuntimeException e) {
            return Availability.unusable("native calls are not possible: " + e);
        }
    }

    @Override
    public TransportLoop open(LoopContext context) throws TransportException {
        Availability availability = availability();
        if (!availability.usable()) {
            throw new TransportException(availability.reason());
        }
        return new EpollLoop(context, new Syscalls());
    }

    @Override
    public void discard(long handle) {
        Syscalls.discard((int) handle);
    }
}
