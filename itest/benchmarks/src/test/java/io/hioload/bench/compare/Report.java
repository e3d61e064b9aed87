package io.hioload.bench.compare;

import io.hioload.bench.servers.Cpus;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes findings as Markdown. One thread. */
final class Report {

    /** Whom the others are compared with. */
    static final String BASELINE = "hioload epoll";

    private final Findings findings;
    private final ComparisonOptions options;
    private final Cpus cpus;
    private final StringBuilder text = new StringBuilder();

    Report(Findings findings, ComparisonOptions options, Cpus cpus) {
        this.findings = findings;
        this.options = options;
        this.cpus = cpus;
    }

    String markdown(String arguments) throws IOException {
        line("%s; %s.", LocalDate.now(), Cpus.machine());
        line("Command: `mvn -Pbench -pl itest/benchmarks integration-test%s`; %d rounds of %.1f s.",
                arguments.isEmpty() ? "" : " -Dbench.args=\"" + arguments + "\"",
                options.rounds(), options.seconds());
        noise();
        findings.remarks().forEach(remark -> line("%n%s", remark));
        for (BenchCase load : options.cases()) {
            table(load);
        }
        if (!findings.idleBytes().isEmpty()) {
            memory();
        }
        findings.sections().forEach(text::append);
        return text.toString();
    }

    private void noise() {
        List<Double> spreads = new ArrayList<>();
        for (BenchCase load : options.cases()) {
            findings.of(load).values().stream().filter(samples -> samples.size() > 1)
                    .forEach(samples -> spreads.add(Spread.of(samples, Sample::serverCpuUs).relative()));
        }
        List<Sample> all = findings.all();
        if (all.isEmpty()) {
            return;
        }
        line("%nNoise: between the rounds of one server and case CPU per message differed by %.0f %% (median; %.0f %% at the worst). Other processes took"
                + " %.0f %% of the servers' CPU and %.0f %% of the generator's (medians; %.0f %% and %.0f %% at the worst)%s.",
                Spread.of(spreads).median() * 100, Spread.of(spreads).most() * 100,
                Spread.of(all, Sample::foreignOnServerCpu).median() * 100,
                Spread.of(all, Sample::foreignOnOtherCpu).median() * 100, Spread.of(all, Sample::foreignOnServerCpu).most() * 100,
                Spread.of(all, Sample::foreignOnOtherCpu).most() * 100,
                cpus.areTurnsTaken() ? "; server and generator took turns on CPU " + cpus.servers()
                        : cpus.areTwo() ? "; servers ran on CPU " + cpus.servers() + ", the generator on CPU " + cpus.generators() : "");
    }

    private void table(BenchCase load) {
        Map<String, List<Sample>> servers = findings.of(load);
        Map<Integer, Double> baseline = new TreeMap<>();
        servers.getOrDefault(BASELINE, List.of()).forEach(sample -> baseline.put(sample.round(), sample.serverCpuUs()));
        line("%n**%s**%n", load.title());
        line("| server | CPU us/message | ratio to %s | server/generator CPU | messages/s | p50 us | p99 us | p99.9 us | max us | generator us/message |",
                BASELINE);
        line("|---|---|---|---|---|---|---|---|---|---|");
        servers.forEach((server, samples) -> {
            if (samples.isEmpty()) {
                line("| %s | failed | | | | | | | | |", server);
                return;
            }
            Spread ratio = Spread.of(samples.stream().filter(sample -> baseline.containsKey(sample.round()))
                    .map(sample -> sample.serverCpuUs() / baseline.get(sample.round())).toList());
            Spread cpu = Spread.of(samples, Sample::serverCpuUs);
            line("| %s | %.3f (%.3f-%.3f) | %.2f (%.2f-%.2f) | %.2f | %,.0f | %.0f | %.0f | %.0f | %.0f | %.3f%s |", server, cpu.median(),
                    cpu.least(), cpu.most(),
                    ratio.median(), ratio.least(), ratio.most(),
                    Spread.of(samples, Sample::serverToGenerator).median(),
                    median(samples, "messages_per_second"),
                    median(samples, "p50_us"), median(samples, "p99_us"), median(samples, "p99.9_us"), median(samples, "max_us"),
                    median(samples, "generator_cpu_us"), median(samples, "generator_was_limit") > 0 ? " (limit)" : "");
        });
        if (servers.values().stream().anyMatch(samples -> !samples.isEmpty() && median(samples, "generator_was_limit") > 0)) {
            line("%nlimit: the generator was busy all the time and the server was not, so messages/s is the generator's; CPU for each message holds.");
        }
        if (load.isOpenLoop()) {
            line("%nLatency counts from when a message was due. The generator spins, so its CPU says nothing here.");
        }
    }

    private static double median(List<Sample> samples, String name) {
        return Spread.of(samples, sample -> sample.get(name)).median();
    }

    private void memory() {
        line("%n**Memory** (%,d idle connections, resident memory, of a Java heap only what is alive after a collection; bytes that all threads allocate on the Java heap)%n",
                options.idleConnections());
        line("| server | bytes/idle connection | bytes allocated/message |");
        line("|---|---|---|");
        findings.idleBytes().forEach((server, bytes) -> line("| %s | %,.0f | %s |", server, bytes,
                findings.allocatedBytes().containsKey(server) ? String.format(Locale.ROOT, "%,.1f", findings.allocatedBytes().get(server))
                        : ""));
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
