package io.hioload.bench.compare;

import io.hioload.bench.servers.Cpus;
import io.hioload.bench.servers.OtherServers;
import io.hioload.bench.servers.ServerProcess;
import io.hioload.bench.servers.ServerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares echo servers. All of them live through a case, each in its own process, and the rounds go A B C, B C A, …, so that
 * what else happens on the machine meets all of them. Prints and writes a report.
 */
final class Comparison {

    private static final double SHORT_WARMUP_SECONDS = 0.3;
    private static final double PROBE_SECONDS = 2;
    private static final int WARMING_CONNECTIONS = 50;
    private static final int WARMING_TIMES = 20;

    private final ComparisonOptions options;
    private final Cpus cpus;
    private final List<ServerSpec> servers;
    private final Findings findings = new Findings();

    private Comparison(ComparisonOptions options, Cpus cpus, Contenders contenders) {
        this.options = options;
        this.cpus = cpus;
        this.servers = contenders.servers();
        contenders.absent().forEach(findings::remark);
        if (!cpus.areTwo() && !cpus.areTurnsTaken()) {
            findings.remark("Server and generator shared one CPU.");
        }
    }

    public static void main(String[] arguments) throws Exception {
        List<String> given = new ArrayList<>(List.of(arguments));
        given.removeIf(String::isBlank);
        ComparisonOptions options = ComparisonOptions.parse(given, OtherServers.work());
        Cpus cpus = options.turns() ? Cpus.usable().takingTurns(OtherServers.turns()) : Cpus.usable();
        Comparison comparison = new Comparison(options, cpus, Contenders.find(options));
        try (ServerProcess generator = ServerProcess.start(cpus.generator(ServerSpec.generator("-Xms256m", "-Xmx256m")))) {
            comparison.run(new LoadGenerator(generator, cpus));
        }
        comparison.report(String.join(" ", given));
    }

    private void run(LoadGenerator generator) throws IOException, InterruptedException {
        if (!options.cases().isEmpty() || options.includes(ComparisonOptions.MEMORY)) {
            echoes(generator);
        }
        if (options.includes(ComparisonOptions.MEMORY)) {
            for (ServerSpec spec : servers) {
                idle(generator, spec);
            }
        }
        Parts parts = new Parts(options, cpus, findings);
        if (options.includes(ComparisonOptions.BROADCAST)) {
            parts.broadcast(generator);
        }
        if (options.includes(ComparisonOptions.METRICS)) {
            parts.metrics(generator);
        }
        if (options.includes(ComparisonOptions.GENERATOR)) {
            parts.generator(generator);
        }
        if (options.includes(ComparisonOptions.REACTORS)) {
            parts.reactors();
        }
    }

    private void echoes(LoadGenerator generator) throws IOException, InterruptedException {
        List<ServerProcess> running = new ArrayList<>();
        try {
            for (ServerSpec spec : List.copyOf(servers)) {
                start(spec, running);
            }
            for (BenchCase load : options.cases()) {
                rounds(generator, running, load);
            }
            for (int i = 0; i < servers.size(); i++) {
                if (servers.get(i).java() && options.includes(ComparisonOptions.MEMORY)) {
                    allocation(generator, running.get(i), servers.get(i).path());
                }
            }
        } finally {
            running.forEach(ServerProcess::close);
        }
    }

    private void start(ServerSpec spec, List<ServerProcess> running) throws InterruptedException {
        try {
            running.add(ServerProcess.start(cpus.server(spec)));
            System.err.println("started " + spec.name());
        } catch (IOException e) {
            servers.remove(spec);
            findings.remark("Left out: " + e.getMessage());
        }
    }

    private void rounds(LoadGenerator generator, List<ServerProcess> running, BenchCase load) throws IOException, InterruptedException {
        for (int i = 0; i < servers.size(); i++) {
            generator.run(running.get(i), servers.get(i).path(), load.warmingOptions(), options.warmupSeconds(), 0, -1);
        }
        for (int round = 0; round < options.rounds(); round++) {
            for (int turn = 0; turn < servers.size(); turn++) {
                int i = (turn + round) % servers.size();
                Sample sample = generator.run(running.get(i), servers.get(i).path(), load.options(), options.seconds(),
                        SHORT_WARMUP_SECONDS,
                        round);
                findings.add(load, servers.get(i).name(), sample);
                if (!sample.isGood()) {
                    findings.remark(servers.get(i).name() + ", " + load.title() + ": " + sample.json());
                }
                System.err.printf("%s, round %d, %s: %.3f us%n", load.title(), round + 1, servers.get(i).name(), sample.serverCpuUs());
            }
        }
    }

    /** After the rounds, when everything is compiled. */
    private void allocation(LoadGenerator generator, ServerProcess server, String path) throws IOException, InterruptedException {
        generator.run(server, path, BenchCase.ALL.getFirst().options(), options.warmupSeconds(), 0, -1);
        findings.allocated(server.name(), generator.allocation(server, path, BenchCase.ALL.getFirst().options(), PROBE_SECONDS));
    }

    /** In a fresh process: one that has seen load has memory to spare. */
    private void idle(LoadGenerator generator, ServerSpec spec) throws IOException, InterruptedException {
        try (ServerProcess server = ServerProcess.start(cpus.server(spec.forMemory()))) {
            generator.run(server, spec.path(), "--size 64 --connections " + WARMING_CONNECTIONS, PROBE_SECONDS, 0, -1);
            for (int i = 0; i < WARMING_TIMES; i++) {
                generator.open(server, spec.path(), "--idle --connections " + WARMING_CONNECTIONS, SHORT_WARMUP_SECONDS, 0);
                generator.close();
            }
            long before = restingBytes(server, spec);
            int open = generator.open(server, spec.path(), "--idle --connections " + options.idleConnections(), SHORT_WARMUP_SECONDS, 0);
            long after = restingBytes(server, spec);
            generator.close();
            findings.idle(spec.name(), (after - before) / (double) open);
            System.err.printf("%s: %,.0f bytes an idle connection%n", spec.name(), (after - before) / (double) open);
        }
    }

    /** Resident memory, with what is alive of a Java heap in place of the whole of it, which is resident. */
    private static long restingBytes(ServerProcess server, ServerSpec spec) throws IOException, InterruptedException {
        if (!spec.java()) {
            return server.rssBytes();
        }
        JavaProbe.Heap heap = JavaProbe.liveHeap(server.pid());
        return server.rssBytes() - heap.committedBytes() + heap.usedBytes();
    }

    private void report(String arguments) throws IOException {
        Path folder = Files.createDirectories(options.out());
        String report = new Report(findings, options, cpus).markdown(arguments);
        Files.writeString(folder.resolve("report.md"), report);
        for (BenchCase load : options.cases()) {
            BarChart chart = new BarChart(
                    (load.isOfLatency() ? "Latency, 99th percentile, in microseconds: " : "Server CPU for each message, in microseconds: ")
                            + load.title());
            findings.of(load).forEach((server, samples) -> chart.bar(server,
                    Spread.of(samples, load.isOfLatency() ? sample -> sample.get("p99_us") : Sample::serverCpuUs).median()));
            Files.writeString(folder.resolve(load.name() + ".svg"), chart.svg());
        }
        if (!findings.idleBytes().isEmpty()) {
            BarChart memory = new BarChart("Process memory of an idle connection, in bytes");
            findings.idleBytes().forEach(memory::bar);
            Files.writeString(folder.resolve("idle.svg"), memory.svg());
        }
        System.out.println(report);
        System.out.println("report.md and charts are in " + folder);
    }
}
