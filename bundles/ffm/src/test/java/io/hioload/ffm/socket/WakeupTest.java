package io.hioload.ffm.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import io.hioload.ffm.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class WakeupTest {

    private static final MethodHandle READ = Native.critical("read",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));

    /** How often the eventfd was written since the last call, or {@code -errno}. */
    private static long writes(int fd, Arena arena) throws Throwable {
        long errno = Errno.location();
        long value = arena.allocate(8, 8).address();
        long bytes = (long) READ.invokeExact(fd, value, 8L);
        return bytes < 0 ? -Errno.at(errno) : Memory.getLong(value);
    }

    @Test
    void shouldWriteOnceWhenSignalledAgainAndAgain() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            Wakeup wakeup = new Wakeup(new Sockets(arena).eventfd());
            assertEquals(-Errno.EAGAIN, writes(wakeup.fd(), arena));
            wakeup.signal();
            wakeup.signal();
            assertEquals(1, writes(wakeup.fd(), arena));
            wakeup.arrived();
            Thread other = Thread.ofVirtual().start(wakeup::signal);
            other.join();
            assertEquals(1, writes(wakeup.fd(), arena));
            wakeup.close();
        }
    }

    @Test
    void shouldLeaveDescriptorAloneWhenClosed() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            Sockets sockets = new Sockets(arena);
            Wakeup wakeup = new Wakeup(sockets.eventfd());
            wakeup.close();
            int other = sockets.eventfd(); // most likely of the same number
            wakeup.signal();
            assertEquals(-Errno.EAGAIN, writes(other, arena));
            sockets.close(other);
        }
    }
}
