package io.hioload.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LoadResultTest {

    private static LoadResult result(long lost, String firstError) {
        return result(2_000_000, 1_000_000, lost, firstError);
    }

    private static LoadResult result(long ownCpuNs, long serverCpuNs, long lost, String firstError) {
        Histogram latencies = Latencies.newHistogram();
        for (int i = 1; i <= 1_000; i++) {
            latencies.recordValue(i * 1_000L);
        }
        return new LoadResult(LoadOptions.defaults("ws://127.0.0.1:9001/echo"), "nio", 100, 0.5, latencies, ownCpuNs, serverCpuNs, 0, 0,
                0, 0, 0, lost, firstError);
    }

    @Test
    void shouldTellRateLatencyAndCpu() {
        String text = result(0, "").toText();
        assertTrue(text.contains("1,000 in 5.0 s: 200/s"), text);
        assertTrue(text.contains("p50 500") && text.contains("max 1000"), text);
        assertTrue(text.contains("generator 2.000 us a message") && text.contains("server 1.000 us a message"), text);
        assertTrue(text.contains("errors       0"), text);
    }

    @Test
    void shouldTellWhatWentWrong() {
        String text = result(3, "nobody \"knows\"").toText();
        assertTrue(text.contains("lost 3") && text.contains("nobody \"knows\""), text);
    }

    @Test
    void shouldSayThatItWasTheLimitWhenItWasBusyAndTheServerWasNot() {
        assertTrue(result(4_900_000_000L, 2_000_000_000L, 0, "").wasGeneratorTheLimit());
        assertFalse(result(4_900_000_000L, 4_900_000_000L, 0, "").wasGeneratorTheLimit());
        assertFalse(result(2_000_000_000L, 4_900_000_000L, 0, "").wasGeneratorTheLimit());
        assertTrue(result(4_900_000_000L, 2_000_000_000L, 0, "").toText().contains("the generator was the limit"));
    }

    @Test
    void shouldQuoteWhenJson() {
        String json = result(3, "a \"b\"\n\\").toJson();
        assertTrue(json.startsWith("{\"url\":\"ws://127.0.0.1:9001/echo\",\"connections\":100,"), json);
        assertTrue(json.endsWith("\"lost\":3,\"first_error\":\"a \\\"b\\\"\\u000a\\\\\"}"), json);
        assertEquals(json.strip(), json);
    }
}
