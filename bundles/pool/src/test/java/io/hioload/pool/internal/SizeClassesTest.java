package io.hioload.pool.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SizeClassesTest {

    @Test
    void shouldChooseSmallestSlotThatHolds() {
        int slab = 2 << 20;
        assertEquals(14, SizeClasses.count(slab));
        for (int bytes = 1; bytes <= slab; bytes++) {
            int index = SizeClasses.indexOf(bytes);
            assertTrue(SizeClasses.bytesOf(index) >= bytes && (index == 0 || SizeClasses.bytesOf(index - 1) < bytes));
        }
    }

    @Test
    void shouldFallOutsideEveryClassWhenSizeIsNotPositive() {
        int classesOfLargestSlab = SizeClasses.count(1 << 30);
        assertTrue(SizeClasses.indexOf(0) >= classesOfLargestSlab);
        assertTrue(SizeClasses.indexOf(-1) >= classesOfLargestSlab);
        assertTrue(SizeClasses.indexOf(Integer.MIN_VALUE) >= classesOfLargestSlab);
        assertTrue(SizeClasses.indexOf(Integer.MAX_VALUE) >= classesOfLargestSlab);
    }
}
