package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.BufferPoolManager;
import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class MmapSourceTest {

    private static final long HUGE = MmapSource.HUGE_PAGE_BYTES;

    /** A kernel without memory: addresses are made up, nothing touches them. */
    private static final class FakeCalls implements PageCalls {

        private final List<String> done = new ArrayList<>();
        private int reservedError;
        private int plainError;
        private int adviceError;
        private int bindError;
        private String transparent = "always [madvise] never";
        private long next = HUGE * 8 + 4096;

        @Override
        public long map(long bytes, boolean reservedHuge) {
            int error = reservedHuge ? reservedError : plainError;
            if (error != 0) {
                return -error;
            }
            long address = reservedHuge ? HUGE * 4 : next;
            next += bytes;
            return address;
        }

        @Override
        public int unmap(long address, long bytes) {
            done.add("unmap " + bytes);
            return 0;
        }

        @Override
        public int adviseHuge(long address, long bytes) {
            done.add("advise " + bytes + " at " + address % HUGE);
            return -adviceError;
        }

        @Override
        public int prefer(long address, long bytes, int node) {
            done.add("prefer " + node);
            return -bindError;
        }

        @Override
        public String transparentHugePages() {
            return transparent;
        }
    }

    private final FakeCalls calls = new FakeCalls();
    private final MmapSource source = new MmapSource(true, calls);

    @Test
    void shouldUseReservedPagesWhenThereAreSome() {
        long address = source.map(HUGE, 3);
        assertEquals("reserved", source.hugePages());
        assertEquals("preferred", source.binding());
        assertEquals(HUGE, source.hugePageBytes());
        source.unmap(address, HUGE);
        assertEquals(0, source.hugePageBytes());
        assertEquals(List.of("prefer 3", "unmap " + HUGE), calls.done);
    }

    @Test
    void shouldAdviseAlignedMemoryAndSayWhyWhenNonAreReserved() {
        calls.reservedError = Errno.ENOMEM;
        long address = source.map(HUGE, BufferPoolManager.ANY_NODE);
        assertEquals(0, address % HUGE);
        assertEquals(List.of("unmap " + (HUGE - 4096), "unmap 4096", "advise " + HUGE + " at 0"), calls.done);
        assertTrue(
                source.hugePages()
                        .startsWith("transparent, as the kernel likes; no reserved pages: mmap MAP_HUGETLB: Cannot allocate memory"),
                source.hugePages());
        assertEquals(0, source.hugePageBytes());
        assertEquals("nothing mapped for a node yet", source.binding());
    }

    @Test
    void shouldSayWhyWhenThereAreNoHugePagesAtAll() {
        calls.reservedError = Errno.ENOMEM;
        calls.adviceError = Errno.EINVAL;
        assertNotEquals(0, source.map(HUGE, 0));
        assertTrue(source.hugePages().startsWith("none: madvise MADV_HUGEPAGE: Invalid argument"), source.hugePages());
        calls.adviceError = 0;
        calls.transparent = "always madvise [never]";
        assertNotEquals(0, source.map(HUGE, 0));
        assertTrue(source.hugePages().startsWith("none: transparent huge pages are switched off"), source.hugePages());
    }

    @Test
    void shouldServeAndSayWhyWhenNodeCannotBePreferred() {
        calls.bindError = Errno.EPERM;
        assertNotEquals(0, source.map(HUGE, 5));
        assertTrue(source.binding().startsWith("first touch: mbind to node 5: Operation not permitted"), source.binding());
        calls.bindError = 0;
        assertNotEquals(0, source.map(HUGE, 5));
        assertEquals("preferred", source.binding());
    }

    @Test
    void shouldRefuseWithReasonWhenThereIsNoMemory() {
        calls.reservedError = Errno.ENOMEM;
        calls.plainError = Errno.ENOMEM;
        assertEquals(0, source.map(HUGE, 0));
        assertTrue(source.failure().startsWith(HUGE + " bytes: Cannot allocate memory"), source.failure());
        assertEquals(List.of(), calls.done);
    }

    @Test
    void shouldFollowTheWishForHugePagesWhileItRuns() {
        source.wantHugePages(false);
        assertEquals("off", source.hugePages());
        source.map(HUGE, 0);
        assertEquals(0, source.hugePageBytes());
        source.wantHugePages(true);
        source.map(HUGE, 0);
        assertEquals(HUGE, source.hugePageBytes());
    }

    @Test
    void shouldLogEachFallBackOnce() {
        List<String> lines = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {
                // nothing is held
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
        Logger logger = Logger.getLogger(MmapSource.class.getName());
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            calls.reservedError = Errno.ENOMEM;
            calls.bindError = Errno.EPERM;
            for (int i = 0; i < 3; i++) {
                source.map(HUGE, 0);
            }
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith("Huge pages: transparent"));
        assertTrue(lines.get(1).startsWith("Memory is where its first user runs, first touch: mbind to node 0"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldPreferNode0InEarnest() throws IOException {
        MmapSource real = new MmapSource(false);
        long address = real.map(HUGE, 0);
        Memory.putLong(address, 1);
        String prefix = Long.toHexString(address) + " ";
        String policy = Files.readAllLines(Path.of("/proc/self/numa_maps")).stream().filter(line -> line.startsWith(prefix)).findFirst()
                .orElseThrow();
        assertTrue(real.binding().equals("preferred") ? policy.contains(" prefer") : real.binding().contains("mbind"),
                real.binding() + ": " + policy);
        real.unmap(address, HUGE);
        assertEquals("", real.failure());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldServeAndSayWhyWhenThereIsNoSuchNode() {
        MmapSource real = new MmapSource(false);
        long address = real.map(HUGE, 900);
        Memory.putLong(address, 1);
        real.unmap(address, HUGE);
        assertFalse(real.binding().equals("preferred"));
        assertTrue(real.binding().contains("node 900"), real.binding());
    }
}
