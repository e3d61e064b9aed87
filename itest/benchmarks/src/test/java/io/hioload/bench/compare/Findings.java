package io.hioload.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured, by server in the order in which they were found. One thread. */
final class Findings {

    private final Map<BenchCase, Map<String, List<Sample>>> samples = new LinkedHashMap<>();
    private final Map<String, Double> idleBytes = new LinkedHashMap<>();
    private final Map<String, Double> allocatedBytes = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();
    private final List<String> sections = new ArrayList<>();

    void add(BenchCase load, String server, Sample sample) {
        samples.computeIfAbsent(load, key -> new LinkedHashMap<>()).computeIfAbsent(server, key -> new ArrayList<>()).add(sample);
    }

    void idle(String server, double bytes) {
        idleBytes.put(server, bytes);
    }

    void allocated(String server, double bytes) {
        allocatedBytes.put(server, bytes);
    }

    void remark(String remark) {
        remarks.add(remark);
    }

    /** Adds a section of the report, in Markdown. */
    void section(String markdown) {
        sections.add(markdown);
    }

    List<String> sections() {
        return sections;
    }

    /** Samples without an error, by server; empty if there are none. */
    Map<String, List<Sample>> of(BenchCase load) {
        Map<String, List<Sample>> good = new LinkedHashMap<>();
        samples.getOrDefault(load, Map.of()).forEach((server, all) -> good.put(server, all.stream().filter(Sample::isGood).toList()));
        return good;
    }

    List<Sample> all() {
        return samples.values().stream().flatMap(servers -> servers.values().stream()).flatMap(List::stream).toList();
    }

    /** Memory that an idle connection takes of its process, in bytes. */
    Map<String, Double> idleBytes() {
        return idleBytes;
    }

    /** Java heap that a message takes, in bytes. */
    Map<String, Double> allocatedBytes() {
        return allocatedBytes;
    }

    List<String> remarks() {
        return remarks;
    }
}
