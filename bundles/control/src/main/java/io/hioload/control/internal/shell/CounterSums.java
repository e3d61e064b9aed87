package io.hioload.control.internal.shell;

import io.hioload.control.Control;
import java.util.Map;
import java.util.TreeMap;

/** What a server's reactors have counted, together: the maps named {@code counters} in its probes. */
final class CounterSums {

    private CounterSums() {
    }

    static Map<String, Long> of(Control control) {
        Map<String, Long> sums = new TreeMap<>();
        control.probes().forEach(probe -> {
            if (probe.probe().get("counters") instanceof Map<?, ?> counters) {
                counters.forEach((name, value) -> {
                    if (value instanceof Number number) {
                        sums.merge(name.toString(), number.longValue(), Long::sum);
                    }
                });
            }
        });
        return sums;
    }
}
