package io.hioload.pool.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
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

/** The system calls of Linux. Any thread; costs some microseconds a call. */
final class LinuxPageCalls implements PageCalls {

    private static final Path TRANSPARENT = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_HUGETLB = 0x40000;
    private static final int MAP_HUGE_2MB = 21 << 26;
    private static final int MADV_HUGEPAGE = 14;
    private static final long MPOL_PREFERRED = 1;
    private static final long MAP_FAILED = -1;

    private static final MethodHandle MMAP = Native.capturing("mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = Native.capturing("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MADVISE = Native.capturing("madvise",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    @Override
    public long map(long bytes, boolean reservedHuge) {
        int flags = MAP_PRIVATE | MAP_ANONYMOUS | (reservedHuge ? MAP_HUGETLB | MAP_HUGE_2MB : 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.newCapture(arena);
            long address = (long) MMAP.invokeExact(errno, 0L, bytes, PROT_READ | PROT_WRITE, flags, -1, 0L);
            return address == MAP_FAILED ? -Errno.captured(errno) : address;
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    @Override
    public int unmap(long address, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.newCapture(arena);
            return (int) MUNMAP.invokeExact(errno, address, bytes) == 0 ? 0 : -Errno.captured(errno);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    @Override
    public int adviseHuge(long address, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.newCapture(arena);
            return (int) MADVISE.invokeExact(errno, address, bytes, MADV_HUGEPAGE) == 0 ? 0 : -Errno.captured(errno);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** Linked when first needed: the C library has no mbind, it is in libnuma; so the system call goes by its number. */
    private static final class Mbind {
        static final int NUMBER = switch (System.getProperty("os.arch")) {
            case "amd64" -> 237;
            case "aarch64", "riscv64" -> 235;
            default -> 0;
        };
        static final MethodHandle SYSCALL = Native.capturing("syscall",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
    }

    /** The mask's last bit does not count (mbind(2), BUGS), hence one more than there are. */
    @Override
    public int prefer(long address, long bytes, int node) {
        if (Mbind.NUMBER == 0) {
            return -Errno.ENOSYS;
        }
        int words = node / Long.SIZE + 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.newCapture(arena);
            MemorySegment mask = arena.allocate(JAVA_LONG, words);
            mask.setAtIndex(JAVA_LONG, words - 1, 1L << node);
            long result = (long) Mbind.SYSCALL.invokeExact(errno, (long) Mbind.NUMBER, address, bytes, MPOL_PREFERRED, mask,
                    (long) words * Long.SIZE + 1, 0L);
            return result == 0 ? 0 : -Errno.captured(errno);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    @Override
    public String transparentHugePages() {
        try {
            return Files.readString(TRANSPARENT).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
