package io.hioload.bench.compare;

import java.util.List;

/**
 * One load of echoes.
 *
 * @param name    on the command line and of the chart
 * @param title   in the report
 * @param options of the generator
 */
record BenchCase(String name, String title, String options) {

    static final List<BenchCase> ALL = List.of(
            new BenchCase("echo", "100 connections, 64 B, 1 in flight", "--connections 100 --size 64"),
            new BenchCase("pipelined", "100 connections, 64 B, 16 in flight", "--connections 100 --size 64 --pipeline 16"),
            new BenchCase("many", "1,000 connections, 512 B, 1 in flight", "--connections 1000 --size 512"),
            new BenchCase("large", "16 connections, 16 KiB, 1 in flight", "--connections 16 --size 16384"),
            new BenchCase("single", "1 connection, 64 B, 1 in flight", "--connections 1 --size 64"),
            new BenchCase("rate", "100 connections, 64 B, open loop, 20,000/s", "--connections 100 --size 64 --rate 20000"));

    boolean isOpenLoop() {
        return options.contains("--rate");
    }

    /** Whether it is latency that counts, not CPU: one CPU waits for the other. */
    boolean isOfLatency() {
        return isOpenLoop() || name.equals("single");
    }

    /** The load that warms code up: the same, as fast as it goes. */
    String warmingOptions() {
        return options.replaceAll(" --rate \\d+", "");
    }

    /** The load in the words of the least generator: connections, size, pipeline. */
    List<String> plain() {
        return List.of(valueOf("--connections"), valueOf("--size"), options.contains("--pipeline") ? valueOf("--pipeline") : "1");
    }

    private String valueOf(String option) {
        List<String> words = List.of(options.split(" "));
        return words.get(words.indexOf(option) + 1);
    }
}
