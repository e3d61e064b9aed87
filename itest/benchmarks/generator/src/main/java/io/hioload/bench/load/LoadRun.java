package io.hioload.bench.load;

import io.hioload.client.ConnectOptions;
import io.hioload.client.WebSocketClient;
import io.hioload.reactor.Reactor;
import io.hioload.session.SessionSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * One run: {@link #open}, {@link #measure}, {@link #close}. One thread, which only watches; load is made by the reactors of a
 * client that the run owns.
 */
public final class LoadRun implements AutoCloseable {

    /** How long what is under way at the end may take to come back. */
    private static final long DRAIN_NS = 2_000_000_000L;
    private static final long DRAIN_LOOK_NS = 5_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long REACTOR_ANSWER_SECONDS = 30;
    /** The server's idle connections are not to be pinged by us, and one that does not answer a close is not waited for. */
    private static final SessionSettings SESSIONS = new SessionSettings(0, 0, 500_000_000L, SessionSettings.DEFAULT_MAX_UNSENT_BYTES,
            false);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private final LoadOptions options;
    private final WebSocketClient client;
    private final ProgressLine progress;
    private final Payloads payloads;
    private final ConcurrentHashMap<Integer, LoadLoop> loops = new ConcurrentHashMap<>();
    private final Histogram total = Latencies.newHistogram();
    private long shownEchoes;
    private Opening opening;

    /**
     * Starts a client.
     *
     * @param options  what to do
     * @param out      is told each second how it goes
     * @param terminal whether a line there can be written over
     * @throws IllegalStateException if the client cannot start; the message says why
     */
    public LoadRun(LoadOptions options, PrintStream out, boolean terminal) {
        this.options = options;
        this.progress = new ProgressLine(out, terminal);
        this.payloads = new Payloads(options.sizeBytes(), options.type(), System.nanoTime());
        this.client = WebSocketClient.builder().name("bench").transport(options.transport()).reactors(options.reactors())
                .maxConnections(options.connections() + Opening.AT_ONCE).sessions(SESSIONS).open();
    }

    /**
     * Opens the connections.
     *
     * @return how many opened
     * @throws InterruptedException if the calling thread was interrupted
     */
    public int open() throws InterruptedException {
        opening = new Opening(options.connections(), options.connectRatePerSecond());
        ConnectOptions how = ConnectOptions.DEFAULT.withTimeout(CONNECT_TIMEOUT);
        Broadcast broadcast = options.broadcast() ? new Broadcast(options.connections(), options.pipeline()) : null;
        opening.run(
                index -> client.connectAsync(options.url(), how, new LoadConnection(index, options, payloads, broadcast, this::loopHere)),
                opened -> progress.show("%,8d of %,d connected", opened, options.connections()));
        return opening.opened();
    }

    /** The loop of the reactor on whose thread this is called. */
    private LoadLoop loopHere() {
        for (Reactor reactor : client.reactors()) {
            if (reactor.inEventLoop()) {
                return loops.computeIfAbsent(reactor.index(), index -> new LoadLoop(reactor));
            }
        }
        throw new IllegalStateException("a handler runs outside of the client's reactors");
    }

    /**
     * Why a connection did not open.
     *
     * @return the first reason, or {@code null} if all opened
     */
    public String firstFailure() {
        return opening.firstFailure();
    }

    /**
     * Makes load and measures, or holds the connections if they are to be idle.
     *
     * @return what was found
     * @throws IOException          if the server's CPU time or the histogram file is not to be had; the message says which
     * @throws InterruptedException if the calling thread was interrupted
     */
    public LoadResult measure() throws IOException, InterruptedException {
        try (HistogramFile file = options.histogramFile() == null ? null : new HistogramFile(options.histogramFile(), options.describe())) {
            serverCpuNs(); // fails now rather than after the warm-up
            LoadSchedule schedule = LoadSchedule.of(options, System.nanoTime());
            if (!options.idle()) {
                ask(loop -> {
                    loop.start(schedule);
                    return null;
                });
            }
            awaitNs(schedule.windowStartNs());
            shownEchoes = ask(LoadLoop::echoes).stream().mapToLong(Long::longValue).sum();
            long serverCpuNs = serverCpuNs();
            long ownCpuNs = ProcessCpu.ownNs();
            watch(schedule, file);
            ownCpuNs = ProcessCpu.ownNs() - ownCpuNs;
            serverCpuNs = options.serverPid() == 0 ? -1 : serverCpuNs() - serverCpuNs;
            LoadInterval last = drain();
            progress.end();
            keep(last.latencies(), file);
            if (file != null) {
                file.total(total);
            }
            return result(last, ownCpuNs, serverCpuNs);
        }
    }

    private long serverCpuNs() throws IOException {
        return options.serverPid() == 0 ? 0 : ProcessCpu.ns(options.serverPid());
    }

    /** Each second of the window. */
    private void watch(LoadSchedule schedule, HistogramFile file) throws InterruptedException {
        for (int second = 1;; second++) {
            long untilNs = schedule.windowStartNs() + second * SECOND_NS;
            if (untilNs - schedule.windowEndNs() >= 0) {
                awaitNs(schedule.windowEndNs());
                return;
            }
            awaitNs(untilNs);
            LoadInterval interval = swap();
            show(second, interval);
            keep(interval.latencies(), file);
        }
    }

    private void show(int second, LoadInterval interval) {
        if (options.idle()) {
            progress.show("%3d s  %,d open", second, interval.open());
            return;
        }
        Histogram latencies = interval.latencies();
        progress.show("%3d s  %,11d msg/s  p50 %.1f us  p99 %.1f us  max %.1f us  errors %,d", second, interval.echoes() - shownEchoes,
                latencies.getValueAtPercentile(50) / 1e3, latencies.getValueAtPercentile(99) / 1e3, latencies.getMaxValue() / 1e3,
                interval.faults().total());
        shownEchoes = interval.echoes();
    }

    private void keep(Histogram interval, HistogramFile file) {
        total.add(interval);
        if (file != null) {
            file.interval(interval);
        }
    }

    private LoadInterval drain() throws InterruptedException {
        long endNs = System.nanoTime() + DRAIN_NS;
        LoadInterval interval = swap();
        while (interval.outstanding() > 0 && System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(DRAIN_LOOK_NS);
            interval = interval.then(swap());
        }
        return interval;
    }

    private LoadResult result(LoadInterval last, long ownCpuNs, long serverCpuNs) {
        LoadFaults faults = last.faults();
        String first = opening.firstFailure() != null ? opening.firstFailure() : faults.firstClose == null ? "" : faults.firstClose;
        return new LoadResult(options, client.transport(), opening.opened(), opening.seconds(), total, ownCpuNs, serverCpuNs,
                opening.failed(), faults.wrongLength, faults.wrongContent, faults.unasked, faults.closed, last.outstanding(), first);
    }

    private LoadInterval swap() throws InterruptedException {
        long nowMs = System.currentTimeMillis();
        LoadInterval sum = new LoadInterval(Latencies.newHistogram(), 0, 0, 0, new LoadFaults());
        for (LoadInterval interval : ask(loop -> loop.swap(Latencies.newHistogram()))) {
            sum = sum.plus(interval);
        }
        sum.latencies().setStartTimeStamp(nowMs - 1000);
        sum.latencies().setEndTimeStamp(nowMs);
        return sum;
    }

    /** Asks each loop something on its own thread. */
    private <T> List<T> ask(Function<LoadLoop, T> question) throws InterruptedException {
        Collection<LoadLoop> all = loops.values();
        List<CompletableFuture<T>> answers = new ArrayList<>();
        for (LoadLoop loop : all) {
            answers.add(CompletableFuture.supplyAsync(() -> question.apply(loop), loop.reactor()));
        }
        List<T> result = new ArrayList<>();
        for (CompletableFuture<T> answer : answers) {
            try {
                result.add(answer.get(REACTOR_ANSWER_SECONDS, TimeUnit.SECONDS));
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } catch (TimeoutException e) {
                throw new IllegalStateException("a reactor did not answer within " + REACTOR_ANSWER_SECONDS + " s", e);
            }
        }
        return result;
    }

    private static void awaitNs(long timeNs) throws InterruptedException {
        for (long leftNs = timeNs - System.nanoTime(); leftNs > 0; leftNs = timeNs - System.nanoTime()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(leftNs);
        }
    }

    /** Closes the connections and stops the client. */
    @Override
    public void close() {
        progress.end();
        try {
            ask(loop -> {
                loop.end();
                return null;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
