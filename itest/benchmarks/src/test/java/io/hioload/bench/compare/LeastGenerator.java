package io.hioload.bench.compare;

import io.hioload.bench.servers.Cpus;
import io.hioload.bench.servers.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The load generator in C, a process for each run. One thread. */
final class LeastGenerator {

    private final Path program;
    private final Cpus cpus;

    LeastGenerator(Path program, Cpus cpus) {
        this.program = program;
        this.cpus = cpus;
    }

    Sample run(ServerProcess server, BenchCase load, double seconds, int round) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(cpus.generatorPrefix());
        command.addAll(List.of(program.toString(), Integer.toString(server.port()), "/"));
        command.addAll(load.plain());
        command.addAll(List.of(Double.toString(seconds), Long.toString(server.pid())));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + said);
        }
        return new Sample(round, said, 0, 0);
    }
}
