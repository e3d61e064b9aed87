package io.hioload.bench.compare;

import io.hioload.bench.servers.Cpus;
import io.hioload.bench.servers.OtherServers;
import io.hioload.bench.servers.ServerProcess;
import io.hioload.bench.servers.ServerSpec;
import io.hioload.transport.TransportProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.ToDoubleFunction;

/**
 * What is measured besides echoes of all servers: broadcast, what counting costs, more reactors, and the generator itself. One
 * thread; each part writes one section of the report.
 */
final class Parts {

    private static final double SHORT_WARMUP_SECONDS = 0.3;
    private static final double PROBE_SECONDS = 3;
    /** What counting costs is near the noise, which many rounds make small. */
    private static final int METRICS_ROUNDS_FACTOR = 4;
    private static final List<String> BROADCASTS = List.of("--connections 1000 --size 64", "--connections 1000 --size 1024",
            "--connections 200 --size 16384");

    private final ComparisonOptions options;
    private final Cpus cpus;
    private final Findings findings;
    private final StringBuilder text = new StringBuilder();

    Parts(ComparisonOptions options, Cpus cpus, Findings findings) {
        this.options = options;
        this.cpus = cpus;
        this.findings = findings;
    }

    private static List<String> transports() {
        return ServiceLoader.load(TransportProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(transport -> transport.availability().usable()).sorted(Comparator.comparingInt(TransportProvider::preference))
                .map(TransportProvider::name).toList();
    }

    /** What one subscriber costs, beside one send of the same bytes. */
    void broadcast(LoadGenerator generator) throws IOException, InterruptedException {
        List<ServerSpec> specs = new ArrayList<>(List.of(OtherServers.broadcastFloor()));
        transports().forEach(transport -> specs.add(ServerSpec.broadcast(transport, Contenders.HEAP)));
        line("%n**Broadcast**: what the first connection sends goes to all; for each delivery%n");
        line("| load | server | CPU us | ratio to raw sends | bytes allocated | p50 us | p99 us |");
        line("|---|---|---|---|---|---|---|");
        try (Group group = new Group(specs)) {
            for (String load : BROADCASTS) {
                Map<String, List<Sample>> samples = group.rounds(generator, load + " --broadcast", options.rounds());
                List<Sample> raw = samples.get(specs.getFirst().name());
                for (int i = 0; i < specs.size(); i++) {
                    List<Sample> own = samples.get(specs.get(i).name());
                    Spread ratio = ratios(own, raw, Sample::serverCpuUs);
                    line("| %s | %s | %.3f | %.2f (%.2f-%.2f) | %s | %.0f | %.0f |", load, specs.get(i).name(),
                            Spread.of(own, Sample::serverCpuUs).median(), ratio.median(), ratio.least(), ratio.most(),
                            specs.get(i).java() ? String.format(Locale.ROOT, "%.2f",
                                    generator.allocation(group.running.get(i), "/", load + " --broadcast", PROBE_SECONDS)) : "",
                            Spread.of(own, sample -> sample.get("p50_us")).median(),
                            Spread.of(own, sample -> sample.get("p99_us")).median());
                }
            }
        }
        done("broadcast");
    }

    /** The server as it is, beside one whose counters do nothing. */
    void metrics(LoadGenerator generator) throws IOException, InterruptedException {
        line("%n**Metrics**: the server as it is, all counters on, and with counters that do nothing; ratios of server/generator CPU%n");
        line("| load | transport | CPU us/message with | without | ratio |");
        line("|---|---|---|---|---|");
        for (String transport : transports().stream().filter(name -> !name.equals("nio")).toList()) {
            ServerSpec with = ServerSpec.hioload(transport, Contenders.HEAP);
            ServerSpec without = with.withClasses("without counters", OtherServers.noCounters());
            try (Group group = new Group(List.of(with, without))) {
                for (BenchCase load : BenchCase.ALL.subList(0, 2)) {
                    Map<String, List<Sample>> samples = group.rounds(generator, load.options(), options.rounds() * METRICS_ROUNDS_FACTOR);
                    List<Sample> counted = samples.get(with.name());
                    List<Sample> bare = samples.get(without.name());
                    Spread ratio = ratios(counted, bare, Sample::serverToGenerator);
                    line("| %s | %s | %.3f | %.3f | %.3f (%.3f-%.3f) |", load.title(), transport,
                            Spread.of(counted, Sample::serverCpuUs).median(), Spread.of(bare, Sample::serverCpuUs).median(),
                            ratio.median(), ratio.least(), ratio.most());
                }
            }
        }
        done("metrics");
    }

    /** The generator beside the least one, on the same least server: how far it is from being the limit. */
    void generator(LoadGenerator generator) throws IOException, InterruptedException {
        LeastGenerator least = new LeastGenerator(OtherServers.load(), cpus);
        line("%n**The generator** beside one in C that sends prepared frames and counts bytes, on the C floor%n");
        line("| load | C us/message | hioload-bench us/message | ratio | C messages/s | hioload-bench messages/s |");
        line("|---|---|---|---|---|---|");
        ServerSpec floor = OtherServers.epollFloor();
        try (Group group = new Group(List.of(floor))) {
            for (BenchCase load : BenchCase.ALL.subList(0, 4)) {
                ServerProcess server = group.running.getFirst();
                generator.run(server, "/", load.options(), options.warmupSeconds(), 0, -1);
                List<Sample> own = new ArrayList<>();
                List<Sample> other = new ArrayList<>();
                for (int round = 0; round < options.rounds(); round++) {
                    other.add(least.run(server, load, options.seconds(), round));
                    own.add(generator.run(server, "/", load.options(), options.seconds(), SHORT_WARMUP_SECONDS, round));
                }
                Spread ratio = ratios(own, other, sample -> sample.get("generator_cpu_us"));
                line("| %s | %.3f | %.3f | %.2f (%.2f-%.2f) | %,.0f | %,.0f |", load.title(),
                        Spread.of(other, sample -> sample.get("generator_cpu_us")).median(),
                        Spread.of(own, sample -> sample.get("generator_cpu_us")).median(), ratio.median(), ratio.least(), ratio.most(),
                        Spread.of(other, sample -> sample.get("messages_per_second")).median(),
                        Spread.of(own, sample -> sample.get("messages_per_second")).median());
            }
        }
        done("generator");
    }

    /** Server and generator together on one CPU with one reactor each, and on two with two each. */
    void reactors() throws IOException, InterruptedException {
        Cpus all = Cpus.usable();
        if (!all.areTwo()) {
            findings.remark("Left out: reactors, which need two CPUs.");
            return;
        }
        line("%n**Reactors**: server and generator on one CPU with one reactor each, and on two CPUs with two each%n");
        line("| load | transport | messages/s on 1 CPU | on 2 | ratio | server CPU us/message on 1 CPU | on 2 |");
        line("|---|---|---|---|---|---|---|");
        for (String transport : transports().stream().filter(name -> !name.equals("nio")).toList()) {
            List<Scale> scales = new ArrayList<>();
            try {
                for (int count = 1; count <= 2; count++) {
                    scales.add(new Scale(all, transport, count));
                }
                for (BenchCase load : BenchCase.ALL.subList(0, 2)) {
                    for (Scale scale : scales) {
                        scale.run(load, options.warmupSeconds(), -1);
                        scale.samples.clear();
                    }
                    for (int round = 0; round < options.rounds(); round++) {
                        for (Scale scale : scales) {
                            scale.run(load, options.seconds(), round);
                        }
                    }
                    Spread ratio = ratios(scales.get(1).samples, scales.get(0).samples, sample -> sample.get("messages_per_second"));
                    line("| %s | %s | %,.0f | %,.0f | %.2f (%.2f-%.2f) | %.3f | %.3f |", load.title(), transport,
                            scales.get(0).median("messages_per_second"), scales.get(1).median("messages_per_second"), ratio.median(),
                            ratio.least(), ratio.most(), scales.get(0).median("server_cpu_us"), scales.get(1).median("server_cpu_us"));
                }
            } finally {
                scales.forEach(Scale::close);
            }
        }
        done("reactors");
    }

    private static Spread ratios(List<Sample> of, List<Sample> to, ToDoubleFunction<Sample> figure) {
        List<Double> ratios = new ArrayList<>();
        for (Sample sample : of) {
            to.stream().filter(other -> other.round() == sample.round())
                    .forEach(other -> ratios.add(figure.applyAsDouble(sample) / figure.applyAsDouble(other)));
        }
        return Spread.of(ratios);
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private void done(String part) {
        findings.section(text.toString());
        System.err.println(part + " done" + text);
        text.setLength(0);
    }

    /** Servers that live through a part. Owns their processes. */
    private final class Group implements AutoCloseable {

        private final List<ServerSpec> specs;
        private final List<ServerProcess> running = new ArrayList<>();

        Group(List<ServerSpec> specs) throws IOException, InterruptedException {
            this.specs = specs;
            try {
                for (ServerSpec spec : specs) {
                    running.add(ServerProcess.start(cpus.server(spec)));
                }
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        /** Samples without an error by server, each server first in turn. */
        Map<String, List<Sample>> rounds(LoadGenerator generator, String load, int rounds) throws IOException, InterruptedException {
            Map<String, List<Sample>> samples = new LinkedHashMap<>();
            for (ServerProcess server : running) {
                samples.put(server.name(), new ArrayList<>());
                generator.run(server, "/", load, options.warmupSeconds(), 0, -1);
            }
            for (int round = 0; round < rounds; round++) {
                for (int turn = 0; turn < running.size(); turn++) {
                    ServerProcess server = running.get((turn + round) % running.size());
                    Sample sample = generator.run(server, "/", load, options.seconds(), SHORT_WARMUP_SECONDS, round);
                    if (sample.isGood()) {
                        samples.get(server.name()).add(sample);
                    } else {
                        findings.remark(server.name() + ", " + load + ": " + sample.json());
                    }
                }
            }
            return samples;
        }

        @Override
        public void close() {
            running.forEach(ServerProcess::close);
        }
    }

    /** A server and a generator on so many CPUs with so many reactors each. Owns both processes. */
    private static final class Scale implements AutoCloseable {

        private final int count;
        private final ServerProcess server;
        private final ServerProcess process;
        private final LoadGenerator generator;
        private final List<Sample> samples = new ArrayList<>();

        Scale(Cpus all, String transport, int count) throws IOException, InterruptedException {
            this.count = count;
            server = ServerProcess.start(all.onFirst(count, ServerSpec.hioload("hioload", transport, count, Contenders.HEAP)));
            process = ServerProcess.start(all.onFirst(count, ServerSpec.generator(Contenders.HEAP)));
            generator = new LoadGenerator(process, all);
        }

        void run(BenchCase load, double seconds, int round) throws IOException, InterruptedException {
            Sample sample = generator.run(server, "/", load.options() + " --reactors " + count, seconds, SHORT_WARMUP_SECONDS, round);
            if (sample.isGood()) {
                samples.add(sample);
            }
        }

        double median(String name) {
            return Spread.of(samples, sample -> sample.get(name)).median();
        }

        @Override
        public void close() {
            process.close();
            server.close();
        }
    }
}
