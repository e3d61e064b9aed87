package io.hioload.affinity.internal;

import io.hioload.affinity.CpuCache;
import io.hioload.affinity.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The caches of a machine in one line for each sort, for a probe. */
final class CacheSummary {

    private CacheSummary() {
    }

    /** Such as {@code 48 x L2 unified 1024 KiB}. */
    static List<String> of(Topology topology) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (CpuCache cache : topology.caches()) {
            String sort = "L" + cache.level() + " " + cache.kind().name().toLowerCase(Locale.ROOT) + " "
                    + (cache.sizeBytes() >> 10) + " KiB";
            counts.merge(sort, 1, Integer::sum);
        }
        return counts.entrySet().stream().map(sort -> sort.getValue() + " x " + sort.getKey()).toList();
    }
}
