package io.hioload.bench.compare;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What to compare, and for how long. Immutable.
 *
 * @param servers         parts of names; empty is all
 * @param only            cases and parts; empty is all
 * @param rounds          of each case
 * @param seconds         of each measurement
 * @param warmupSeconds   before the first one of a server in a case
 * @param idleConnections for the memory of one
 * @param turns           whether server and generator take turns on one CPU
 * @param out             folder of the report
 */
record ComparisonOptions(List<String> servers, List<String> only, int rounds, double seconds, double warmupSeconds, int idleConnections,
        boolean turns, Path out) {

    static final String MEMORY = "memory";
    static final String BROADCAST = "broadcast";
    static final String REACTORS = "reactors";
    static final String METRICS = "metrics";
    static final String GENERATOR = "generator";
    /** Everything that {@code --only} knows. */
    static final List<String> PARTS = Stream.concat(BenchCase.ALL.stream().map(BenchCase::name),
            Stream.of(MEMORY, BROADCAST, REACTORS, METRICS, GENERATOR)).toList();

    static final String USAGE = "usage: [--servers A,B] [--only " + String.join(",", PARTS)
            + "] [--rounds 3] [--seconds 1.5] [--warmup 3] [--idle-connections 5000] [--turns true] [--out FOLDER]";

    static ComparisonOptions parse(List<String> arguments, Path defaultOut) {
        ComparisonOptions options = new ComparisonOptions(List.of(), List.of(), 3, 1.5, 3, 5000, false, defaultOut);
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext();) {
            options = options.with(rest.next(), rest.hasNext() ? rest.next() : "");
        }
        return options;
    }

    private ComparisonOptions with(String option, String value) {
        return switch (option) {
            case "--servers" -> new ComparisonOptions(list(value), only, rounds, seconds, warmupSeconds, idleConnections, turns, out);
            case "--only" ->
                new ComparisonOptions(servers, known(list(value)), rounds, seconds, warmupSeconds, idleConnections, turns, out);
            case "--rounds" ->
                new ComparisonOptions(servers, only, Integer.parseInt(value), seconds, warmupSeconds, idleConnections, turns, out);
            case "--seconds" ->
                new ComparisonOptions(servers, only, rounds, Double.parseDouble(value), warmupSeconds, idleConnections, turns, out);
            case "--warmup" ->
                new ComparisonOptions(servers, only, rounds, seconds, Double.parseDouble(value), idleConnections, turns, out);
            case "--idle-connections" ->
                new ComparisonOptions(servers, only, rounds, seconds, warmupSeconds, Integer.parseInt(value), turns, out);
            case "--turns" ->
                new ComparisonOptions(servers, only, rounds, seconds, warmupSeconds, idleConnections, Boolean.parseBoolean(value), out);
            case "--out" -> new ComparisonOptions(servers, only, rounds, seconds, warmupSeconds, idleConnections, turns, Path.of(value));
            default -> throw new IllegalArgumentException(option + ": no such option; " + USAGE);
        };
    }

    private static List<String> list(String value) {
        return List.of(value.toLowerCase(Locale.ROOT).split(","));
    }

    private static List<String> known(List<String> parts) {
        parts.stream().filter(part -> !PARTS.contains(part)).findFirst().ifPresent(part -> {
            throw new IllegalArgumentException("--only " + part + ": no such part; " + USAGE);
        });
        return parts;
    }

    boolean wants(String server) {
        return servers.isEmpty() || servers.stream().anyMatch(server.toLowerCase(Locale.ROOT)::contains);
    }

    boolean includes(String part) {
        return only.isEmpty() || only.contains(part);
    }

    List<BenchCase> cases() {
        return BenchCase.ALL.stream().filter(load -> includes(load.name())).toList();
    }
}
