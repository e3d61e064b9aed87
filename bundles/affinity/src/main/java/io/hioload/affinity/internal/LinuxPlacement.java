package io.hioload.affinity.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;

/**
 * Placement by sched_getaffinity(2) and sched_setaffinity(2). The mask of the process is that of its first thread, which
 * carries what taskset(1) and cpuset(7) allow; the java launcher runs no Java on it, so nothing here pins it. Any thread; costs some microseconds a call.
 */
final class LinuxPlacement implements ThreadPlacement {

    private static final FunctionDescriptor AFFINITY = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle GET = Native.capturing("sched_getaffinity", AFFINITY);
    private static final MethodHandle SET = Native.capturing("sched_setaffinity", AFFINITY);

    private static final int CALLING_THREAD = 0;
    /** Room for 1,024 CPUs as in glibc's cpu_set_t; doubled while the kernel says that it has more. */
    private static final int FIRST_MASK_BYTES = 128;
    private static final int MAX_MASK_BYTES = 64 << 10;

    private final int pid = Math.toIntExact(ProcessHandle.current().pid());
    private final String limitation;

    LinuxPlacement() {
        // Setting the mask that is set already tells whether a sandbox forbids the call.
        limitation = Thread.currentThread().isVirtual() ? "" : setMask(getMask(CALLING_THREAD));
    }

    @Override
    public int[] usableCpus() {
        return getMask(pid).stream().toArray();
    }

    @Override
    public String restrictTo(int... cpus) {
        if (Thread.currentThread().isVirtual()) {
            return "a virtual thread has no CPU of its own";
        }
        BitSet mask = new BitSet();
        for (int cpu : cpus) {
            mask.set(cpu);
        }
        return setMask(mask);
    }

    @Override
    public String limitation() {
        return limitation;
    }

    private static BitSet getMask(int thread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.newCapture(arena);
            for (int bytes = FIRST_MASK_BYTES;; bytes <<= 1) {
                MemorySegment mask = arena.allocate(bytes, Long.BYTES);
                if ((int) GET.invokeExact(errno, thread, (long) bytes, mask) == 0) {
                    return BitSet.valueOf(mask.toArray(JAVA_LONG));
                }
                int error = Errno.captured(errno);
                if (error != Errno.EINVAL || bytes == MAX_MASK_BYTES) {
                    throw new IllegalStateException("sched_getaffinity: " + Errno.text(error));
                }
            }
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    private static String setMask(BitSet cpus) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.newCapture(arena);
            long[] words = cpus.toLongArray();
            MemorySegment mask = arena.allocateFrom(JAVA_LONG, words);
            if ((int) SET.invokeExact(errno, CALLING_THREAD, mask.byteSize(), mask) == 0) {
                return "";
            }
            return "sched_setaffinity to " + CpuList.format(cpus) + ": " + Errno.text(Errno.captured(errno));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }
}
