package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.ffm.Memory;
import io.hioload.ffm.Os;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PageSourceTest {

    private static final long HUGE = MmapSource.HUGE_PAGE_BYTES;

    static Stream<PageSource> sources() {
        Stream<PageSource> arenas = Stream.of(new ArenaSource(false), new ArenaSource(true));
        return Os.current() == Os.LINUX ? Stream.concat(arenas, Stream.of(new MmapSource(false), new MmapSource(true))) : arenas;
    }

    @ParameterizedTest
    @MethodSource("sources")
    void shouldMapZeroedPagesOfAnySize(PageSource source) {
        for (long bytes : new long[]{4096, 64 << 10, HUGE, 3 * HUGE, 3 * HUGE + 4096}) {
            long address = source.map(bytes, 0);
            assertNotEquals(0, address);
            assertEquals(0, address % 4096);
            assertEquals(0, Memory.getLong(address));
            Memory.putLong(address, -1);
            Memory.putLong(address + bytes - 8, -1);
            source.unmap(address, bytes);
        }
        assertEquals(0, source.hugePageBytes());
        assertEquals("", source.failure());
    }

    @ParameterizedTest
    @MethodSource("sources")
    void shouldRefuseWithReasonWhenSystemHasNotSoMuch(PageSource source) {
        assertEquals(0, source.map(1L << 60, 0));
        assertFalse(source.failure().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("sources")
    void shouldSayWhetherHugePagesServe(PageSource source) {
        source.unmap(source.map(HUGE, 0), HUGE);
        assertTrue(source.hugePages().matches("off|reserved|(none|transparent).*"), source.hugePages());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldUnmapEveryByteWhenAlignedForHugePages() throws IOException {
        MmapSource source = new MmapSource(true);
        source.unmap(source.map(HUGE, 0), HUGE);
        long before = mappings();
        for (int i = 0; i < 200; i++) {
            source.unmap(source.map(HUGE * (1 + i % 3), 0), HUGE * (1 + i % 3));
        }
        assertTrue(mappings() - before < 100, "mappings are left behind");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldSayWhyNotWhenMappingIsNoMultipleOfHugePage() {
        MmapSource source = new MmapSource(true);
        source.unmap(source.map(HUGE / 2, 0), HUGE / 2);
        assertTrue(source.hugePages().startsWith("none: a mapping of 1048576 bytes"), source.hugePages());
    }

    private static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }
}
