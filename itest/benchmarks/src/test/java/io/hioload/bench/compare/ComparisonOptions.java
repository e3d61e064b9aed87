package io.hioload.bench.compare;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * What to compare, and for how long. Immutable.
 *
 * @param servers         parts of names; empty is all
 * @param rounds          of each case
 * @param seconds         of each measurement
 * @param warmupSeconds   before the first one of a server in a case
 * @param idleConnections for the memory of one
 * @param out             folder of the report
 */
record ComparisonOptions(List<String> servers, int rounds, double seconds, double warmupSeconds, int idleConnections, Path out) {

    static final String USAGE = "usage: [--servers A,B] [--rounds 3] [--seconds 1.5] [--warmup 3] [--idle-connections 5000] [--out FOLDER]";

    static ComparisonOptions parse(List<String> arguments, Path defaultOut) {
        ComparisonOptions options = new ComparisonOptions(List.of(), 3, 1.5, 3, 5000, defaultOut);
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext();) {
            options = options.with(rest.next(), rest.hasNext() ? rest.next() : "");
        }
        return options;
    }

    private ComparisonOptions with(String option, String value) {
        return switch (option) {
            case "--servers" -> new ComparisonOptions(List.of(value.toLowerCase(Locale.ROOT).split(",")), rounds, seconds, warmupSeconds,
                    idleConnections, out);
            case "--rounds" -> new ComparisonOptions(servers, Integer.parseInt(value), seconds, warmupSeconds, idleConnections, out);
            case "--seconds" -> new ComparisonOptions(servers, rounds, Double.parseDouble(value), warmupSeconds, idleConnections, out);
            case "--warmup" -> new ComparisonOptions(servers, rounds, seconds, Double.parseDouble(value), idleConnections, out);
            case "--idle-connections" -> new ComparisonOptions(servers, rounds, seconds, warmupSeconds, Integer.parseInt(value), out);
            case "--out" -> new ComparisonOptions(servers, rounds, seconds, warmupSeconds, idleConnections, Path.of(value));
            default -> throw new IllegalArgumentException(option + ": no such option; " + USAGE);
        };
    }

    boolean wants(String name) {
        return servers.isEmpty() || servers.stream().anyMatch(name.toLowerCase(Locale.ROOT)::contains);
    }
}
