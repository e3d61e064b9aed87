package io.hioload.transport.iouring;

import io.hioload.control.ConfigKey;
import io.hioload.ffm.Os;
import io.hioload.ffm.socket.Sockets;
import io.hioload.transport.Availability;
import io.hioload.transport.Capability;
import io.hioload.transport.LoopContext;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportProvider;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.Function;
import org.osgi.service.component.annotations.Component;

/**
 * The transport for Linux from 6.1 on x86-64 and AArch64 where io_uring is permitted. Any thread may call it; it holds
 * nothing. A loop costs one ring with its queues (100 KiB), 1 MiB of receive buffers from the pool, one eventfd and 20
 * bytes for each slot of its tables.
 */
@Component(service = TransportProvider.class, property = TransportProvider.NAME_PROPERTY + "=" + IoUringTransportProvider.NAME)
public final class IoUringTransportProvider implements TransportProvider {

    /** The transport's name. */
    public static final String NAME = "io_uring";

    private static final int PREFERENCE = 200;

    private final Function<Arena, Syscalls> syscalls;

    /** Makes the provider. */
    public IoUringTransportProvider() {
        this(Syscalls::new);
    }

    /**
     * Makes the provider of another kernel.
     *
     * @param syscalls makes its calls
     */
    IoUringTransportProvider(Function<Arena, Syscalls> syscalls) {
        this.syscalls = syscalls;
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
    public List<ConfigKey> keys() {
        return UringSettings.KEYS;
    }

    @Override
    public Availability availability() {
        String system = System.getProperty("os.name", "unknown");
        String arch = System.getProperty("os.arch", "unknown");
        if (Os.current() != Os.LINUX) {
            return Availability.unusable("needs Linux, this is " + system);
        }
        if (!arch.equals("amd64") && !arch.equals("x86_64") && !arch.equals("aarch64")) {
            return Availability.unusable("needs x86-64 or AArch64, this is " + arch);
        }
        return Probe.run(syscalls);
    }

    @Override
    public TransportLoop open(LoopContext context) throws TransportException {
        Availability availability = availability();
        if (!availability.usable()) {
            throw new TransportException(availability.reason());
        }
        Arena arena = Arena.ofConfined();
        try {
            return new UringLoop(context, arena, syscalls.apply(arena));
        } catch (TransportException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public void discard(long handle) {
        Sockets.discard((int) handle);
    }
}
