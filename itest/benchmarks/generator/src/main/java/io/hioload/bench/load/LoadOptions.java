package io.hioload.bench.load;

import io.hioload.transport.TransportSelection;
import io.hioload.websocket.MessageType;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a run is to do. Immutable.
 *
 * @param url                  of the echo endpoint
 * @param connections          how many
 * @param sizeBytes            payload of a message
 * @param pipeline             messages in flight on each connection; of no meaning with a rate
 * @param ratePerSecond        messages over all connections, each due at its own time; 0 sends as fast as echoes come back
 * @param seconds              length of the measured window
 * @param warmupSeconds        load before it that is not measured
 * @param type                 text or binary
 * @param transport            name, or {@code auto}
 * @param reactors             event loops, each one thread; 0 is one for each usable CPU
 * @param connectRatePerSecond new connections; 0 is as fast as it goes
 * @param idle                 only opens connections and holds them
 * @param broadcast            the first connection sends and all receive
 * @param serverPid            process whose CPU is measured too; 0 is none
 * @param histogramFile        where latencies go, or {@code null}
 * @param json                 whether the result is one JSON object on standard output
 */
public record LoadOptions(String url, int connections, int sizeBytes, int pipeline, double ratePerSecond, double seconds,
        double warmupSeconds, MessageType type, String transport, int reactors, int connectRatePerSecond, boolean idle, boolean broadcast,
        long serverPid, Path histogramFile, boolean json) {

    /** What the program prints when it is asked for help. */
    public static final String USAGE = """
            usage: hioload-bench ws://HOST:PORT/PATH [options]

            Sends messages to a WebSocket endpoint that echoes, checks every echo, and prints messages per second, latency and CPU.

              --connections N    connections at once (100)
              --size N           payload bytes of a message, at most 16777216 (64)
              --pipeline N       messages in flight on each connection (1)
              --rate N           messages a second over all connections, each due at its own time: latency counts from then, so
                                 a server that stalls is charged for all that it delays; one CPU spins to be on time (0: closed loop)
              --seconds N        length of the measurement (5)
              --warmup N         seconds of load before it (1)
              --text | --binary  type of the messages (binary)
              --transport NAME   auto or the name of a transport, such as epoll (auto)
              --reactors N       event loops, each one thread; 0 is one for each CPU (1)
              --connect-rate N   new connections a second; 0 is as fast as it goes (0)
              --idle             send nothing, only open the connections and hold them for --seconds
              --broadcast        the endpoint sends to all connections what the first one sends: each delivery counts, and the next
                                 message goes out when all have the one before; with one reactor
              --server-pid PID   print the CPU time of that process for each message, too (Linux)
              --histogram FILE   write latencies in the format of HdrHistogram: percentiles for FILE.hgrm, else a log by the second
              --json             print the result as one JSON object on standard output
              --help             print this

            Ends with 0, with 1 if an echo was wrong or missing or a connection failed, or with 2 if it could not start.
            """;

    private static final int MAX_SIZE_BYTES = 16 << 20;

    /**
     * Reads a command line.
     *
     * @param arguments as the program got them
     * @return what they say
     * @throws IllegalArgumentException if they are not understood; the message names the option, its value and what is allowed
     */
    public static LoadOptions parse(List<String> arguments) {
        return new LoadOptionsParser(arguments).parse();
    }

    /**
     * The defaults.
     *
     * @param url of the echo endpoint
     * @return options
     */
    static LoadOptions defaults(String url) {
        return new LoadOptions(url, 100, 64, 1, 0, 5, 1, MessageType.BINARY, TransportSelection.AUTO, 1, 0, false, false, 0, null, false);
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public LoadOptions {
        if (url == null) {
            throw new IllegalArgumentException("where to? Give the URL of an echo endpoint, such as ws://127.0.0.1:9001/echo");
        }
        checkUrl(url);
        inRange("--connections", connections, 1, 16_000_000);
        inRange("--size", sizeBytes, 0, MAX_SIZE_BYTES);
        inRange("--pipeline", pipeline, 1, 1_000_000);
        inRange("--rate", ratePerSecond, 0, 1e9);
        inRange("--seconds", seconds, 0.001, 1e6);
        inRange("--warmup", warmupSeconds, 0, 1e6);
        inRange("--reactors", reactors, 0, 1024);
        inRange("--connect-rate", connectRatePerSecond, 0, 1_000_000_000);
        if (broadcast && (idle || ratePerSecond > 0 || reactors != 1)) {
            throw new IllegalArgumentException("--broadcast goes with --reactors 1, without --rate and --idle");
        }
        inRange("--server-pid", serverPid, 0, Long.MAX_VALUE);
    }

    private static void inRange(String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(option + " " + plain(value) + ": from " + plain(least) + " to " + plain(most));
        }
    }

    private static String plain(double value) {
        return value == (long) value ? Long.toString((long) value) : Double.toString(value);
    }

    private static void checkUrl(String url) {
        try {
            URI uri = new URI(url);
            if (!"ws".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
                throw new IllegalArgumentException(url + ": not a URL such as ws://127.0.0.1:9001/echo");
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(url + ": " + e.getMessage(), e);
        }
    }

    /**
     * Whether messages have due times.
     *
     * @return true with a rate
     */
    public boolean isOpenLoop() {
        return ratePerSecond > 0;
    }

    /**
     * The load in words.
     *
     * @return such as {@code 100 connections, 64 B binary, 1 in flight}
     */
    public String describe() {
        String what = String.format("%,d connection%s", connections, connections == 1 ? "" : "s");
        if (idle) {
            return what + ", idle";
        }
        return what + String.format(", %,d B %s, ", sizeBytes, type.name().toLowerCase())
                + (broadcast ? "broadcast, " : "") + (isOpenLoop() ? String.format("%,.0f/s", ratePerSecond) : pipeline + " in flight");
    }
}
