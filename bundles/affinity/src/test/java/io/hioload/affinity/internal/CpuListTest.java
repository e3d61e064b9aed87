package io.hioload.affinity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuListTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0-3", "0-3,8,10-11", "1023", "0,2,4"})
    void shouldWriteWhatItReads(String list) {
        assertEquals(list, CpuList.format(CpuList.parse(list + "\n")));
    }

    @Test
    void shouldJoinRangesWhenTheyTouch() {
        assertEquals("0-4", CpuList.format(CpuList.parse("3-4,0-1,2")));
        assertEquals("1,5-6", CpuList.format(new int[]{6, 1, 5}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "1-", "-1", "3-1", "1,,2", "1-2-3", "0x3", "99999999999"})
    void shouldThrowWhenItIsNoList(String text) {
        assertThrows(IllegalArgumentException.class, () -> CpuList.parse(text));
    }
}
