package io.hioload.control.internal.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.control.DebugProbe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTextTest {

    private static DebugProbe probe(String name, Map<String, Object> values) {
        return new DebugProbe() {
            @Override
            public String probeName() {
                return name;
            }

            @Override
            public Map<String, Object> probe() {
                return values;
            }
        };
    }

    @Test
    void shouldWriteOneMetricForEachNumberWithServerAndPartAsLabels() {
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("running", true);
        server.put("transport", "epoll");
        server.put("inUseBytes", 7L);
        MetricsText text = new MetricsText();
        text.add("a\"b", List.of(probe("server", server), probe("reactor-0", Map.of("counters", Map.of("http.requests", 3L))),
                probe("reactor-1", Map.of("counters", Map.of("http.requests", 4L)))));
        assertEquals("""
                # TYPE hioload_reactor_counters_http_requests untyped
                hioload_reactor_counters_http_requests{server="a\\"b",reactor="0"} 3
                hioload_reactor_counters_http_requests{server="a\\"b",reactor="1"} 4
                # TYPE hioload_server_in_use_bytes untyped
                hioload_server_in_use_bytes{server="a\\"b"} 7
                # TYPE hioload_server_running untyped
                hioload_server_running{server="a\\"b"} 1
                """, text.toString());
    }
}
