package io.hioload.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonOptionsTest {

    private static ComparisonOptions parse(String line) {
        return ComparisonOptions.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")), Path.of("out"));
    }

    @Test
    void shouldIncludeEverythingWhenNothingIsGiven() {
        assertTrue(ComparisonOptions.PARTS.stream().allMatch(parse("")::includes));
        assertEquals(BenchCase.ALL, parse("").cases());
        assertTrue(parse("").wants("Netty epoll"));
    }

    @Test
    void shouldLeaveOutWhatIsNotNamed() {
        ComparisonOptions options = parse("--only echo,memory --servers EPOLL --turns true --rounds 2");
        assertEquals(List.of(BenchCase.ALL.getFirst()), options.cases());
        assertFalse(options.includes(ComparisonOptions.BROADCAST));
        assertTrue(options.wants("Netty epoll") && !options.wants("Jetty"));
        assertTrue(options.turns());
        assertEquals(2, options.rounds());
    }

    @Test
    void shouldSayWhatThereIsWhenAPartIsUnknown() {
        String message = assertThrows(IllegalArgumentException.class, () -> parse("--only ecko")).getMessage();
        assertTrue(message.startsWith("--only ecko: no such part; usage:") && message.contains("broadcast"), message);
    }

    @Test
    void shouldTellALoadInPlainWords() {
        assertEquals(List.of("100", "64", "16"), BenchCase.ALL.get(1).plain());
        assertEquals(List.of("16", "16384", "1"), BenchCase.ALL.get(3).plain());
    }
}
