package io.hioload.bench.quick;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.bench.load.LoadOptions;
import io.hioload.bench.load.LoadResult;
import io.hioload.bench.load.LoadRun;
import io.hioload.bench.servers.Cpus;
import io.hioload.bench.servers.OtherServers;
import io.hioload.bench.servers.ServerProcess;
import io.hioload.bench.servers.ServerSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What can be held in a minute on a noisy machine. CPU per message is printed beside that of the least C server, and not judged;
 * allocation and memory are no matter of noise, and are. Servers are processes of their own; the generator is this one.
 */
@EnabledOnOs(OS.LINUX)
class QuickBenchIT {

    /**
     * Memory that an idle connection may take of the server's process, heap and everything else but the kernel's part. The
     * goal is 256; the rest is for what a process does besides while it is measured.
     */
    private static final int MAX_IDLE_BYTES = 300;
    private static final int IDLE_CONNECTIONS = 10_000;
    /** Opened and closed a few at a time before: what is compiled or loaded then does not count for connections. */
    private static final int WARMING_CONNECTIONS = 32;
    private static final int WARMING_TIMES = 200;

    private static final int ROUNDS = 5;
    private static final int WINDOWS = 3;
    private static final List<String> LOADS = List.of("--connections 100 --size 64", "--connections 100 --size 64 --pipeline 16");
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());
    private static final long ANSWER_SECONDS = 30;

    private final Cpus cpus = cpus();

    private static Cpus cpus() {
        try {
            return Cpus.usable();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Each message costs less than one byte: the quotient, rounded down, of all that the reactor allocates and all messages, in the
     * middle one of some windows; what the virtual machine allocates once in a while is in another one.
     */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void shouldAllocateNothingForAMessageWhenEchoing(String transport) throws Exception {
        try (ServerProcess server = ServerProcess.start(cpus.server(ServerSpec.hioload(transport)))) {
            for (String load : LOADS) {
                assertEquals(0, bytesPerMessage(server, transport, load), "bytes a message");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void shouldAllocateNothingForASubscriberWhenBroadcasting(String transport) throws Exception {
        try (ServerProcess server = ServerProcess.start(cpus.server(ServerSpec.broadcast(transport)))) {
            assertEquals(0, bytesPerMessage(server, transport, "--broadcast --connections 500 --size 1024"), "bytes a delivery");
        }
    }

    private long bytesPerMessage(ServerProcess server, String transport, String load) throws Exception {
        load(server, load, 2, 0);
        long[] quotients = new long[WINDOWS];
        for (int window = 0; window < WINDOWS; window++) {
            try (LoadRun run = run(server, load, 1, 0)) {
                run.open();
                long before = allocated(server);
                LoadResult result = run.measure();
                long bytes = allocated(server) - before;
                assertEquals(0, result.errors(), result::toText);
                System.out.printf(Locale.ROOT, "quick bench: %s, %s: the reactor allocated %,d bytes for %,d messages%n", transport, load,
                        bytes, result.messages());
                quotients[window] = bytes / result.messages();
            }
        }
        Arrays.sort(quotients);
        return quotients[WINDOWS / 2];
    }

    private static long allocated(ServerProcess server) throws IOException, InterruptedException {
        return Long.parseLong(server.ask("allocated", ANSWER_SECONDS));
    }

    /**
     * The heap is resident from the start, so that resident memory grows by what lies outside of it only, and what is alive in
     * it after a collection is added. The optimising compiler is left out: it takes and keeps megabytes when it likes, and has
     * no part in what a connection takes.
     */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void shouldStayBelowItsLimitWhenConnectionsAreIdle(String transport) throws Exception {
        ServerSpec spec = ServerSpec.hioload(transport, "-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1");
        try (ServerProcess server = ServerProcess.start(cpus.server(spec))) {
            load(server, "--connections 32 --size 64", 2, 0);
            for (int i = 0; i < WARMING_TIMES; i++) {
                try (LoadRun few = run(server, "--idle --connections " + WARMING_CONNECTIONS, 1, 0)) {
                    assertEquals(WARMING_CONNECTIONS, few.open(), few.firstFailure());
                }
            }
            long heapBefore = heap(server);
            long rssBefore = server.rssBytes();
            try (LoadRun run = run(server, "--idle --connections " + IDLE_CONNECTIONS, 1, 0)) {
                assertEquals(IDLE_CONNECTIONS, run.open(), run.firstFailure());
                long heap = (heap(server) - heapBefore) / IDLE_CONNECTIONS;
                long rest = (server.rssBytes() - rssBefore) / IDLE_CONNECTIONS;
                System.out.printf(Locale.ROOT, "quick bench: %s: an idle connection takes %d bytes: %d of heap, %d of other memory%n",
                        transport, heap + rest, heap, rest);
                assertTrue(heap + rest <= MAX_IDLE_BYTES, () -> heap + rest + " bytes, at most " + MAX_IDLE_BYTES);
            }
        }
    }

    private static long heap(ServerProcess server) throws IOException, InterruptedException {
        return Long.parseLong(server.ask("heap", ANSWER_SECONDS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void shouldTellCpuOfAMessageBesideTheFloorWhenCompiledHere(String transport) throws Exception {
        ServerSpec least = transport.equals("epoll") ? OtherServers.epollFloor() : OtherServers.uringFloor();
        try (ServerProcess floor = ServerProcess.start(cpus.server(least));
                ServerProcess server = ServerProcess.start(cpus.server(ServerSpec.hioload(transport)))) {
            for (String load : LOADS) {
                load(floor, load, 1, 0);
                load(server, load, 3, 0);
                double[] floorUs = new double[ROUNDS];
                double[] serverUs = new double[ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                    floorUs[round] = load(floor, load, 1, 0.1).serverCpuUs();
                    serverUs[round] = load(server, load, 1, 0.1).serverCpuUs();
                }
                System.out.printf(Locale.ROOT, "quick bench: %s: CPU of a message: %s %.3f us, hioload %s %.3f us, ratios %s%n",
                        load, floor.name(), median(floorUs), transport, median(serverUs), ratios(serverUs, floorUs));
            }
        }
    }

    private static double median(double[] figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String ratios(double[] of, double[] to) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < of.length; i++) {
            text.append(String.format(Locale.ROOT, "%s%.2f", i == 0 ? "" : " ", of[i] / to[i]));
        }
        return text.toString();
    }

    private static LoadRun run(ServerProcess server, String load, double seconds, double warmup) {
        List<String> options = Stream
                .of(("ws://127.0.0.1:" + server.port() + "/ " + load + " --server-pid " + server.pid() + " --seconds " + seconds
                        + " --warmup " + warmup).split(" "))
                .toList();
        return new LoadRun(LoadOptions.parse(options), NOWHERE, false);
    }

    private static LoadResult load(ServerProcess server, String load, double seconds, double warmup) throws Exception {
        try (LoadRun run = run(server, load, seconds, warmup)) {
            run.open();
            LoadResult result = run.measure();
            assertEquals(0, result.errors(), result::toText);
            return result;
        }
    }
}
