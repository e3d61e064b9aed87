package io.hioload.pool.internal;

import io.hioload.ffm.Errno;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Anonymous private mappings on Linux. When huge pages are asked for, a mapping of whole huge pages is tried first from the
 * reserved ones (vm.nr_hugepages), then as memory that the kernel is advised to back by transparent ones, which it does when
 * it likes: only reserved pages are reported as huge. A mapping for a node prefers that node's memory; what does not work is
 * left out, shown by the probe and logged once for each reason.
 *
 * <p>Preferred and not bound: when a node is out of memory, or of huge pages, a strict binding would end the process.
 *
 * <p>Any thread; costs some microseconds a call.
 */
final class MmapSource implements PageSource {

    static final long HUGE_PAGE_BYTES = 2 << 20;

    private static final System.Logger LOG = System.getLogger(MmapSource.class.getName());

    private final PageCalls calls;
    private final Set<Long> reserved = ConcurrentHashMap.newKeySet();
    /** What was logged; under the lock. */
    private final Set<String> said = new HashSet<>();
    private volatile boolean wantsHugePages;
    private volatile long reservedBytes;
    private volatile String hugePages;
    private volatile String binding = "nothing mapped for a node yet";
    private volatile String failure = "";

    MmapSource(boolean wantsHugePages) {
        this(wantsHugePages, new LinuxPageCalls());
    }

    MmapSource(boolean wantsHugePages, PageCalls calls) {
        this.calls = calls;
        wantHugePages(wantsHugePages);
    }

    @Override
    public synchronized void wantHugePages(boolean wanted) {
        if (hugePages == null || wanted != wantsHugePages) {
            wantsHugePages = wanted;
            hugePages = wanted ? "nothing mapped yet" : "off";
        }
    }

    @Override
    public synchronized long map(long bytes, int node) {
        long address = wantsHugePages ? mapHuge(bytes) : calls.map(bytes, false);
        if (address < 0) {
            failure = bytes + " bytes: " + text(address);
            return 0;
        }
        if (node >= 0) {
            prefer(address, bytes, node);
        }
        return address;
    }

    private void prefer(long address, long bytes, int node) {
        int result = calls.prefer(address, bytes, node);
        if (result == 0) {
            binding = "preferred";
        } else {
            binding = "first touch: mbind to node " + node + ": " + text(result);
            sayOnce("Memory is where its first user runs, " + binding);
        }
    }

    private long mapHuge(long bytes) {
        if (bytes % HUGE_PAGE_BYTES != 0) {
            hugePages = "none: a mapping of " + bytes + " bytes is not a multiple of " + HUGE_PAGE_BYTES;
            return calls.map(bytes, false);
        }
        long address = calls.map(bytes, true);
        if (address < 0) {
            return mapAdvised(bytes, "no reserved pages: mmap MAP_HUGETLB: " + text(address) + ", see vm.nr_hugepages");
        }
        reserved.add(address);
        reservedBytes += bytes;
        hugePages = "reserved";
        return address;
    }

    /** Aligned to a huge page, which takes mapping one more and cutting off both ends. */
    private long mapAdvised(long bytes, String reason) {
        long address = calls.map(bytes + HUGE_PAGE_BYTES, false);
        if (address < 0) {
            return address;
        }
        long aligned = (address + HUGE_PAGE_BYTES - 1) & -HUGE_PAGE_BYTES;
        long before = aligned - address;
        if (before != 0) {
            munmap(address, before);
        }
        munmap(aligned + bytes, HUGE_PAGE_BYTES - before);
        hugePages = advise(aligned, bytes) + "; " + reason;
        sayOnce("Huge pages: " + hugePages);
        return aligned;
    }

    private String advise(long address, long bytes) {
        int result = calls.adviseHuge(address, bytes);
        if (result != 0) {
            return "none: madvise MADV_HUGEPAGE: " + text(result);
        }
        // Without the switch it took the advice too, and only cannot tell.
        return calls.transparentHugePages().contains("[never]") ? "none: transparent huge pages are switched off (never)"
                : "transparent, as the kernel likes";
    }

    private void sayOnce(String what) {
        if (said.add(what)) {
            LOG.log(Level.INFO, what);
        }
    }

    private static String text(long negativeErrno) {
        return Errno.text((int) -negativeErrno);
    }

    private void munmap(long address, long bytes) {
        int result = calls.unmap(address, bytes);
        if (result != 0) {
            throw new IllegalStateException("munmap of " + bytes + " bytes: " + text(result));
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
    public String binding() {
        return binding;
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
