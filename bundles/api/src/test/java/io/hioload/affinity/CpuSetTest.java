package io.hioload.affinity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuSetTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0-3", "0-3,8,10-11", "1023", "0,2,4"})
    void shouldWriteWhatItReads(String list) {
        assertEquals(list, CpuSet.parse(list + "\n").toString());
    }

    @Test
    void shouldJoinRangesWhenTheyTouch() {
        assertEquals("0-4", CpuSet.parse("3-4,0-1,2").toString());
        assertEquals("1,5-6", CpuSet.of(6, 1, 5).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "1-", "-1", "3-1", "1,,2", "1-2-3", "0x3", "99999999999", "0-2000000000"})
    void shouldThrowWhenItIsNoList(String text) {
        assertThrows(IllegalArgumentException.class, () -> CpuSet.parse(text));
    }

    @Test
    void shouldCombineSetsWithoutChangingThem() {
        CpuSet low = CpuSet.parse("0-63");
        CpuSet high = CpuSet.ofMask(0, 0b101);
        assertEquals("64,66", high.toString());
        assertEquals("0-64,66", low.or(high).toString());
        assertTrue(low.and(high).isEmpty());
        assertEquals(64, low.size());
        assertArrayEquals(new long[]{-1}, low.toMask());
        assertArrayEquals(new int[]{64, 66}, high.toArray());
        assertEquals(64, high.first());
        assertEquals(-1, CpuSet.EMPTY.first());
        assertFalse(high.contains(-1));
        assertEquals(CpuSet.of(66, 64), high);
        assertEquals(CpuSet.of(66, 64).hashCode(), high.hashCode());
    }
}
