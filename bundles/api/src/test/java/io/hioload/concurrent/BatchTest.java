package io.hioload.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class BatchTest {

    private static final BiConsumer<StringBuilder, String> APPEND = StringBuilder::append;
    private static final BiConsumer<int[], Integer> SUM = (sum, element) -> sum[0] += element;

    private final Batch<String> batch = filled("a", "b", "c", "d", "e");

    private static Batch<String> filled(String... elements) {
        Batch<String> batch = new Batch<>(elements.length);
        for (String element : elements) {
            assertTrue(batch.add(element));
        }
        return batch;
    }

    private static String text(Batch<String> batch) {
        StringBuilder text = new StringBuilder();
        batch.forEach(text, APPEND);
        return text.toString();
    }

    @Test
    void shouldGiveElementsInOrderAndRefuseWhenFull() {
        Batch<String> two = filled("a", "b");
        assertFalse(two.add("c"));
        assertEquals(2, two.size());
        assertEquals(2, two.capacity());
        assertEquals("a", two.get(0));
        assertEquals("b", two.get(1));
        two.clear();
        assertEquals(0, two.size());
        assertEquals(2, two.room());
        assertTrue(two.add("c"));
        assertThrows(IndexOutOfBoundsException.class, () -> two.get(1));
        assertThrows(IndexOutOfBoundsException.class, () -> two.get(-1));
    }

    @Test
    void shouldShowSomeElementsWhenSliced() {
        Batch<String> view = new Batch<>();
        batch.slice(1, 4, view);
        assertEquals("bcd", text(view));
        assertEquals("abcde", text(batch));
        Batch<String> inner = new Batch<>();
        view.slice(2, 3, inner);
        assertEquals("d", text(inner));
        assertEquals(0, view.room());
        assertFalse(view.add("x"));
        view.clear();
        assertEquals("abcde", text(batch));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.slice(2, 6, view));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.slice(3, 2, view));
    }

    @Test
    void shouldShareElementsOutWhenSplit() {
        Batch<String> rest = new Batch<>();
        batch.split(2, rest);
        assertEquals("ab", text(batch));
        assertEquals("cde", text(rest));
        Batch<String> last = new Batch<>();
        rest.split(1, last);
        assertEquals("c", text(rest));
        assertEquals("de", text(last));
        batch.clear();
        assertTrue(batch.add("z"));
        assertEquals("z", text(batch));
    }

    @Test
    void shouldForgetElementsBehindASplitWhenCleared() {
        Batch<String> rest = new Batch<>();
        batch.split(1, rest);
        batch.clear();
        assertThrows(IndexOutOfBoundsException.class, () -> batch.get(0));
        assertEquals(5, batch.room());
        assertEquals(null, rest.get(0), "what was cleared is gone for the views too");
    }

    @Test
    void shouldDropElementsAtTheFront() {
        batch.removeFirst(2);
        assertEquals("cde", text(batch));
        assertEquals(0, batch.room());
        batch.removeFirst(3);
        assertEquals(5, batch.room());
        assertThrows(IndexOutOfBoundsException.class, () -> batch.removeFirst(1));
    }

    @Test
    void shouldAllocateNothingWhenSlicedSplitAndWalked() {
        Batch<Integer> numbers = new Batch<>(64);
        Batch<Integer> view = new Batch<>();
        int[] sum = new int[1];
        walk(numbers, view, sum, 20_000);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            walk(numbers, view, sum, 10_000);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        // What asking costs.
        assertTrue(least < 1_000, least + " bytes in 10,000 rounds");
    }

    private static void walk(Batch<Integer> numbers, Batch<Integer> view, int[] sum, int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < 64; i++) {
                numbers.add(i);
            }
            numbers.split(40, view);
            numbers.forEach(sum, SUM);
            view.forEach(sum, SUM);
            numbers.slice(3, 9, view);
            view.forEach(sum, SUM);
            numbers.clear();
        }
    }
}
