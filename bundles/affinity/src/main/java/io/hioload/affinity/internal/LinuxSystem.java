package io.hioload.affinity.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hioload.affinity.CpuLimits;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.Topology;
import io.hioload.ffm.Errno;
import io.hioload.ffm.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Linux: /sys and /proc tell, sched_getaffinity(2) and sched_setaffinity(2) place. The mask of the process is that of its
 * first thread, which carries what taskset(1) and cpuset(7) allow; the java launcher runs no Java on it, so nothing here pins
 * it. Any thread; placing costs some microseconds a call.
 */
final class LinuxSystem implements HostSystem {

    private static final FunctionDescriptor AFFINITY = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle GET = Native.capturing("sched_getaffinity", AFFINITY);
    private static final MethodHandle SET = Native.capturing("sched_setaffinity", AFFINITY);
    private static final MethodHandle GETTID = Native.downcall("gettid", FunctionDescriptor.of(JAVA_INT));

    /** Room for 1,024 CPUs as in glibc's cpu_set_t; doubled while the kernel says that it has more. */
    private static final int FIRST_MASK_BYTES = 128;
    private static final int MAX_MASK_BYTES = 64 << 10;
    /** No such thread; needed here only. */
    private static final int ESRCH = 3;

    private final SystemFiles files;
    private final int pid = Math.toIntExact(ProcessHandle.current().pid());
    private final String limitation;

    LinuxSystem() {
        this(new SystemFiles(Path.of("/")));
    }

    /** Tells of the machine what the files tell, and places threads on the real one. */
    LinuxSystem(SystemFiles files) {
        this.files = files;
        // Setting the mask that is set already tells whether a sandbox forbids the call.
        limitation = Thread.currentThread().isVirtual() ? "" : setMask(0, getMask(0));
    }

    @Override
    public Topology readTopology() {
        return LinuxTopology.read(files, getMask(pid));
    }

    @Override
    public CpuLimits limits() {
        return limits(files, getMask(pid));
    }

    /** The kernel keeps the task mask within the cpuset, so that the two differ only while one of them is being changed. */
    static CpuLimits limits(SystemFiles files, CpuSet taskMask) {
        ControlGroup group = ControlGroup.read(files);
        CpuSet usable = group.cpus().isEmpty() ? taskMask : taskMask.and(group.cpus());
        List<String> reasons = new ArrayList<>();
        CpuSet online = LinuxTopology.online(files);
        if (!taskMask.equals(online)) {
            reasons.add("task mask " + taskMask);
        }
        if (!group.cpus().isEmpty() && !group.cpus().equals(online)) {
            reasons.add("cpuset " + group.cpus());
        }
        reasons.addAll(group.reasons());
        return new CpuLimits(usable.isEmpty() ? taskMask : usable, group.quota(), reasons);
    }

    @Override
    public int nodeOfInterface(String name) {
        return LinuxInterfaces.nodeOf(files, name);
    }

    @Override
    public long threadId() {
        if (Thread.currentThread().isVirtual()) {
            return 0;
        }
        try {
            return (int) GETTID.invokeExact();
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    @Override
    public CpuSet cpusOf(long thread) {
        return refusal(thread).isEmpty() ? getMask((int) thread) : CpuSet.EMPTY;
    }

    @Override
    public String restrict(long thread, CpuSet cpus) {
        String refusal = refusal(thread);
        return refusal.isEmpty() ? setMask((int) thread, cpus) : refusal;
    }

    /** The kernel would also place threads of other processes of the same user. */
    private String refusal(long thread) {
        if (thread == CALLING_THREAD) {
            return Thread.currentThread().isVirtual() ? "a virtual thread has no CPU of its own" : "";
        }
        return thread > 0 && new SystemFiles(Path.of("/")).has(Path.of("/proc/self/task/" + thread)) ? ""
                : "thread " + thread + " is none of this process";
    }

    @Override
    public String limitation() {
        return limitation;
    }

    private static CpuSet getMask(int thread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.newCapture(arena);
            for (int bytes = FIRST_MASK_BYTES;; bytes <<= 1) {
                MemorySegment mask = arena.allocate(bytes, Long.BYTES);
                if ((int) GET.invokeExact(errno, thread, (long) bytes, mask) == 0) {
                    return CpuSet.ofMask(mask.toArray(JAVA_LONG));
                }
                int error = Errno.captured(errno);
                if (error == ESRCH) {
                    return CpuSet.EMPTY; // the thread has ended meanwhile
                }
                if (error != Errno.EINVAL || bytes == MAX_MASK_BYTES) {
                    throw new IllegalStateException("sched_getaffinity: " + Errno.text(error));
                }
            }
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    private static String setMask(int thread, CpuSet cpus) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.newCapture(arena);
            MemorySegment mask = arena.allocateFrom(JAVA_LONG, cpus.toMask());
            if ((int) SET.invokeExact(errno, thread, mask.byteSize(), mask) == 0) {
                return "";
            }
            return "sched_setaffinity to " + cpus + ": " + Errno.text(Errno.captured(errno));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }
}
