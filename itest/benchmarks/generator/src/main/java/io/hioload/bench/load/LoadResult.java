package io.hioload.bench.load;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a run found. Immutable but for the histogram, which is the result's own.
 *
 * @param options       what was asked for
 * @param transport     that it ran on
 * @param opened        connections that opened
 * @param openSeconds   how long opening them took
 * @param latencies     of the measured messages, in ns
 * @param ownCpuNs      of this process within the window
 * @param serverCpuNs   of the server within the window; negative if it was not measured
 * @param connectErrors connections that did not open
 * @param wrongLength   echoes of another length or type
 * @param wrongContent  echoes of other bytes
 * @param unasked       messages that are no echo
 * @param closed        connections that ended early
 * @param lost          messages that had not come back some time after the end
 * @param firstError    the first of them in words, or the empty string
 */
public record LoadResult(LoadOptions options, String transport, int opened, double openSeconds, Histogram latencies, long ownCpuNs,
        long serverCpuNs, long connectErrors, long wrongLength, long wrongContent, long unasked, long closed, long lost,
        String firstError) {

    /** More than this share of a CPU is all of it, but for what others took. */
    private static final double BUSY = 0.95;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};

    /**
     * Measured messages.
     *
     * @return how many came back
     */
    public long messages() {
        return latencies.getTotalCount();
    }

    /**
     * The rate.
     *
     * @return messages a second
     */
    public double messagesPerSecond() {
        return messages() / options.seconds();
    }

    /**
     * All that went wrong.
     *
     * @return how much
     */
    public long errors() {
        return connectErrors + wrongLength + wrongContent + unasked + closed + lost;
    }

    /**
     * A latency.
     *
     * @param percentile from 0 to 100
     * @return microseconds
     */
    public double latencyUs(double percentile) {
        return messages() == 0 ? 0 : latencies.getValueAtPercentile(percentile) / 1e3;
    }

    private double perMessageUs(long cpuNs) {
        return messages() == 0 ? 0 : cpuNs / 1e3 / messages();
    }

    /**
     * CPU of this process.
     *
     * @return microseconds for each message
     */
    public double ownCpuUs() {
        return perMessageUs(ownCpuNs);
    }

    /**
     * CPU of the server.
     *
     * @return microseconds for each message; negative if it was not measured
     */
    public double serverCpuUs() {
        return serverCpuNs < 0 ? -1 : perMessageUs(serverCpuNs);
    }

    /**
     * Whether the generator had no more to give: a closed loop in which its reactors were busy all the time and the server, as
     * far as that was measured, was not. A faster server would show more messages a second only with a faster generator; CPU for
     * each message holds.
     *
     * @return true if it was the limit
     */
    public boolean wasGeneratorTheLimit() {
        double windowNs = options.seconds() * 1e9;
        return !options.idle() && !options.isOpenLoop() && ownCpuNs >= BUSY * options.reactors() * windowNs
                && serverCpuNs < BUSY * windowNs;
    }

    /**
     * The result for a person.
     *
     * @return lines
     */
    public String toText() {
        StringBuilder text = new StringBuilder();
        line(text, "%s: %s; generator on %s with %d reactor%s", options.url(), options.describe(), transport, options.reactors(),
                options.reactors() == 1 ? "" : "s");
        line(text, "  connected    %,d of %,d in %.2f s", opened, options.connections(), openSeconds);
        if (!options.idle()) {
            line(text, "  messages     %,d in %.1f s: %,.0f/s", messages(), options.seconds(), messagesPerSecond());
            line(text, "  latency us   p50 %.1f   p90 %.1f   p99 %.1f   p99.9 %.1f   max %.1f", latencyUs(50), latencyUs(90), latencyUs(99),
                    latencyUs(99.9), latencyUs(100));
        }
        line(text, "  CPU          generator %s%s", cpu(ownCpuNs), serverCpuNs < 0 ? "" : ", server " + cpu(serverCpuNs));
        if (wasGeneratorTheLimit()) {
            line(text, "  note         the generator was the limit: more messages a second may be possible");
        }
        if (errors() == 0) {
            line(text, "  errors       0");
        } else {
            line(text, "  errors       %,d: connect %,d, wrong length %,d, wrong content %,d, unasked %,d, closed %,d, lost %,d", errors(),
                    connectErrors, wrongLength, wrongContent, unasked, closed, lost);
            line(text, "  first        %s", firstError.isEmpty() ? "no more is known" : firstError);
        }
        return text.toString();
    }

    private String cpu(long cpuNs) {
        String busy = String.format(Locale.ROOT, "%.0f %% of a CPU", cpuNs / 1e7 / options.seconds());
        return messages() == 0 ? busy : String.format(Locale.ROOT, "%.3f us a message (%s)", perMessageUs(cpuNs), busy);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }

    /**
     * The result for a program.
     *
     * @return one JSON object on one line
     */
    public String toJson() {
        JsonObject json = new JsonObject();
        json.put("url", options.url()).put("connections", options.connections()).put("size", options.sizeBytes())
                .put("pipeline", options.pipeline()).put("rate", options.ratePerSecond()).put("seconds", options.seconds())
                .put("transport", transport).put("opened", opened).put("open_seconds", openSeconds).put("messages", messages())
                .put("messages_per_second", messagesPerSecond());
        for (double percentile : PERCENTILES) {
            json.put("p" + (percentile == 99.9 ? "99.9" : Integer.toString((int) percentile)) + "_us", latencyUs(percentile));
        }
        return json.put("max_us", latencyUs(100)).put("generator_cpu_us", ownCpuUs()).put("generator_cpu_s", ownCpuNs / 1e9)
                .put("generator_was_limit", wasGeneratorTheLimit() ? 1 : 0)
                .put("server_cpu_us", serverCpuUs()).put("server_cpu_s", serverCpuNs < 0 ? -1 : serverCpuNs / 1e9).put("errors", errors())
                .put("connect_errors", connectErrors).put("wrong_length", wrongLength).put("wrong_content", wrongContent)
                .put("unasked", unasked).put("closed", closed).put("lost", lost).put("first_error", firstError).toString();
    }
}
