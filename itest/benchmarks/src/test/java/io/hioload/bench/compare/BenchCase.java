package io.hioload.bench.compare;

import java.util.List;

/**
 * One load.
 *
 * @param title   in the report
 * @param options of the generator
 */
record BenchCase(String title, String options) {

    static final List<BenchCase> ALL = List.of(
            new BenchCase("100 connections, 64 B, 1 in flight", "--connections 100 --size 64"),
            new BenchCase("100 connections, 64 B, 16 in flight", "--connections 100 --size 64 --pipeline 16"),
            new BenchCase("16 connections, 16 KiB, 1 in flight", "--connections 16 --size 16384"),
            new BenchCase("100 connections, 64 B, open loop, 20,000/s", "--connections 100 --size 64 --rate 20000"));

    boolean isOpenLoop() {
        return options.contains("--rate");
    }

    /** The load that warms code up: the same, as fast as it goes. */
    String warmingOptions() {
        return options.replaceAll(" --rate \\d+", "");
    }
}
