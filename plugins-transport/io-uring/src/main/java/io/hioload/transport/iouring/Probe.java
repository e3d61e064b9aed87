package io.hioload.transport.iouring;

import io.hioload.control.Counters;
import io.hioload.ffm.Memory;
import io.hioload.transport.Availability;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportSettings;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.function.Function;

/**
 * Tries everything that a loop cannot do without, on a small ring of its own: setting it up, registering a ring of buffers,
 * entering it. A sandbox may forbid each of the three. Any thread, a virtual one too. Gives back what it took.
 */
final class Probe {

    private static final int PAGE_BYTES = 4096;
    private static final int REGISTRATION_BYTES = 40;
    private static final Map<String, String> SMALL = Map.of(UringSettings.ENTRIES, "8");

    private Probe() {
    }

    /**
     * Tries.
     *
     * @param syscalls makes the system calls, with memory that lives as long as they do
     * @return usable, or what is in the way
     */
    static Availability run(Function<Arena, Syscalls> syscalls) {
        try (Arena arena = Arena.ofConfined()) {
            UringSettings settings = UringSettings.of(new TransportSettings(PAGE_BYTES, SMALL));
            Ring ring = new Ring(syscalls.apply(arena), arena, settings, new UringCounters(new Counters()));
            try {
                exercise(ring, arena);
            } finally {
                ring.close();
            }
            return Availability.USABLE;
        } catch (TransportException | IllegalStateException e) {
            return Availability.unusable(e.getMessage());
        } catch (LinkageError | RuntimeException e) {
            return Availability.unusable("native calls are not possible: " + e);
        }
    }

    private static void exercise(Ring ring, Arena arena) throws TransportException {
        long registration = arena.allocate(REGISTRATION_BYTES, 8).address();
        Memory.putLong(registration, arena.allocate(PAGE_BYTES, PAGE_BYTES).address());
        Memory.putInt(registration + 8, 1);
        int result = ring.register(Abi.REGISTER_PBUF_RING, registration, 1);
        if (result < 0) {
            throw new TransportException(ring.refusal("registering receive buffers with io_uring", -result));
        }
        ring.register(Abi.UNREGISTER_PBUF_RING, registration, 1);
        ring.prepare(Abi.OP_NOP, 0, -1, Operation.data(Operation.NONE, 0, 0));
        ring.enter(false, 0);
        if (!ring.hasCompletions()) {
            throw new TransportException("io_uring_enter takes no submissions: most likely a seccomp filter hides it");
        }
    }
}
