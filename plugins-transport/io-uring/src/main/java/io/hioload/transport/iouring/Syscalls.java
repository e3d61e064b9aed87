package io.hioload.transport.iouring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Native;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The system calls of io_uring itself and what the kernel says about itself, as a class of its own so that tests can put
 * faults in. The C library has no
 * functions for them, so they go through syscall(2). Results are those of section 2 of the manual, or {@code -errno}.
 * One thread at a time; it may be a virtual one.
 *
 * <p>Cost: ordinary calls, about 12 ns over the call in C. Entering a ring is the one call of a loop's turn, does all of
 * the kernel's work and may block, so the thread leaves Java for it.
 */
class Syscalls {

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;

    private static final MethodHandle SYSCALL = Native.capturing("syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle MMAP = Native.capturing("mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = Native.capturing("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle CLOSE = Native.capturing("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final MemorySegment capture;

    /**
     * Makes the calls for one thread.
     *
     * @param arena must live as long as they are made
     */
    Syscalls(Arena arena) {
        capture = Errno.newCapture(arena);
    }

    private long result(long value) {
        return value >= 0 ? value : -Errno.captured(capture);
    }

    int setup(int entries, long params) {
        try {
            return (int) result((long) SYSCALL.invokeExact(capture, (long) Abi.SYS_SETUP, (long) entries, params, 0L, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int enter(int fd, int submit, int complete, int flags, long argument, long argumentBytes) {
        try {
            return (int) result((long) SYSCALL.invokeExact(capture, (long) Abi.SYS_ENTER, (long) fd, (long) submit, (long) complete,
                    (long) flags, argument, argumentBytes));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int register(int fd, int operation, long argument, int count) {
        try {
            return (int) result((long) SYSCALL.invokeExact(capture, (long) Abi.SYS_REGISTER, (long) fd, (long) operation, argument,
                    (long) count, 0L, 0L));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** The kernel's release, such as 6.12. */
    String release() {
        return System.getProperty("os.version", "unknown");
    }

    /** What a file of /proc says, empty if there is none. */
    String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return "";
        }
    }

    /** Maps a part of a ring. */
    long map(int fd, long lengthBytes, long offset) {
        try {
            return result((long) MMAP.invokeExact(capture, 0L, lengthBytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    void unmap(long address, long lengthBytes) {
        try {
            int ignored = (int) MUNMAP.invokeExact(capture, address, lengthBytes);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** Closes a ring. It leaves Java, unlike closing a socket, because there may be much to take down. */
    void close(int fd) {
        try {
            int ignored = (int) CLOSE.invokeExact(capture, fd);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }
}
