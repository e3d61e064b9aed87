package io.hioload.pool.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Native;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Anonymous private mappings on Linux, mmap(2). When huge pages are asked for, a mapping of whole huge pages is tried
 * first from the reserved ones (MAP_HUGETLB, vm.nr_hugepages), then as memory that the kernel is advised to back by
 * transparent ones (madvise MADV_HUGEPAGE), which it does when it likes: only reserved pages are reported as huge.
 *
 * <p>Any thread; costs some microseconds a call.
 */
final class MmapSource implements PageSource {

    static final long HUGE_PAGE_BYTES = 2 << 20;

    private static final Path TRANSPARENT = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_HUGETLB = 0x40000;
    private static final int MAP_HUGE_2MB = 21 << 26;
    private static final int MADV_HUGEPAGE = 14;
    private static final long MAP_FAILED = -1;

    private static final MethodHandle MMAP = Native.capturing("mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = Native.capturing("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MADVISE = Native.capturing("madvise",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private final boolean wantsHugePages;
    private final Set<Long> reserved = ConcurrentHashMap.newKeySet();
    private volatile long reservedBytes;
    private volatile String hugePages;
    private volatile String failure = "";
    /** Why the last single mmap failed; under the lock. */
    private String refusal = "";

    MmapSource(boolean wantsHugePages) {
        this.wantsHugePages = wantsHugePages;
        this.hugePages = wantsHugePages ? "nothing mapped yet" : "off";
    }

    @Override
    public synchronized long map(long bytes, int node) {
        long address = wantsHugePages ? mapHuge(bytes) : mapPages(bytes);
        if (address == 0) {
            failure = refusal;
        }
        return address;
    }

    private long mapHuge(long bytes) {
        if (bytes % HUGE_PAGE_BYTES != 0) {
            hugePages = "none: a mapping of " + bytes + " bytes is not a multiple of " + HUGE_PAGE_BYTES;
            return mapPages(bytes);
        }
        long address = mapReserved(bytes);
        return address != 0 ? address : mapAdvised(bytes, hugePages);
    }

    private long mapReserved(long bytes) {
        long address = mmap(bytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_HUGE_2MB);
        if (address == 0) {
            hugePages = "no reserved pages: mmap MAP_HUGETLB: " + refusal + ", see vm.nr_hugepages";
            return 0;
        }
        reserved.add(address);
        reservedBytes += bytes;
        hugePages = "reserved";
        return address;
    }

    /** Aligned to a huge page, which takes mapping one more and cutting off both ends. */
    private long mapAdvised(long bytes, String reason) {
        long address = mmap(bytes + HUGE_PAGE_BYTES, MAP_PRIVATE | MAP_ANONYMOUS);
        if (address == 0) {
            return 0;
        }
        long aligned = (address + HUGE_PAGE_BYTES - 1) & -HUGE_PAGE_BYTES;
        long before = aligned - address;
        if (before != 0) {
            munmap(address, before);
        }
        munmap(aligned + bytes, HUGE_PAGE_BYTES - before);
        hugePages = advise(aligned, bytes) + "; " + reason;
        return aligned;
    }

    private static String advise(long address, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.newCapture(arena);
            if ((int) MADVISE.invokeExact(errno, address, bytes, MADV_HUGEPAGE) != 0) {
                return "none: madvise MADV_HUGEPAGE: " + Errno.text(Errno.captured(errno));
            }
            return Files.readString(TRANSPARENT).contains("[never]") ? "none: " + TRANSPARENT + " is never"
                    : "transparent, as the kernel likes";
        } catch (IOException e) {
            return "transparent, as the kernel likes"; // it took the advice; only the switch cannot be read
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    private long mapPages(long bytes) {
        return mmap(bytes, MAP_PRIVATE | MAP_ANONYMOUS);
    }

    private long mmap(long bytes, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.newCapture(arena);
            long address = (long) MMAP.invokeExact(errno, 0L, bytes, PROT_READ | PROT_WRITE, flags, -1, 0L);
            if (address == MAP_FAILED) {
                refusal = bytes + " bytes: " + Errno.text(Errno.captured(errno));
                return 0;
            }
            return address;
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    private static void munmap(long address, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.newCapture(arena);
            if ((int) MUNMAP.invokeExact(errno, address, bytes) != 0) {
                throw new IllegalStateException("munmap of " + bytes + " bytes: " + Errno.text(Errno.captured(errno)));
            }
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    @Override
    public synchronized void unmap(long address, long bytes) {
        munmap(address, bytes);
        if (reserved.remove(address)) {
            reservedBytes -= bytes;
        }
    }

    @Override
    public String name() {
        return "mmap";
    }

    @Override
    public String hugePages() {
        return hugePages;
    }

    @Override
    public long hugePageBytes() {
        return reservedBytes;
    }

    @Override
    public String failure() {
        return failure;
    }
}
