package io.hioload.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes latencies in a format of HdrHistogram: a table of percentiles in microseconds for a file that ends with
 * {@code .hgrm}, else a log with one line a second, from which any percentile over any time can be had later. One thread. Owns
 * the file until it is closed.
 */
final class HistogramFile implements AutoCloseable {

    private static final double NS_PER_US = 1e3;

    private final PrintStream file;
    /** Null for a table. */
    private final HistogramLogWriter log;

    HistogramFile(Path path, String title) throws IOException {
        file = new PrintStream(Files.newOutputStream(path), false, StandardCharsets.UTF_8);
        if (path.toString().endsWith(".hgrm")) {
            log = null;
        } else {
            log = new HistogramLogWriter(file);
            log.outputComment(title + "; latencies in ns");
            log.outputLogFormatVersion();
            log.outputLegend();
        }
    }

    /** Adds what was measured in the time that the histogram is stamped with. */
    void interval(Histogram interval) {
        if (log != null) {
            log.outputIntervalHistogram(interval.getStartTimeStamp() / 1e3, interval.getEndTimeStamp() / 1e3, interval, NS_PER_US);
        }
    }

    /** Adds the whole, last. */
    void total(Histogram total) {
        if (log == null) {
            total.outputPercentileDistribution(file, NS_PER_US);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        if (file.checkError()) {
            throw new IOException("the histogram could not be written");
        }
    }
}
