package io.hioload.bench.compare;

import io.hioload.bench.load.ProcessCpu;
import io.hioload.bench.servers.Cpus;
import io.hioload.bench.servers.ServerProcess;
import java.io.IOException;

/** The generator's process and what is measured around it. One thread. Does not own the process. */
final class LoadGenerator {

    private static final long TIMEOUT_SECONDS = 180;

    private final ServerProcess process;
    private final Cpus cpus;

    LoadGenerator(ServerProcess process, Cpus cpus) {
        this.process = process;
        this.cpus = cpus;
    }

    /** Opens connections; returns how many opened. */
    int open(ServerProcess server, String path, String options, double seconds, double warmupSeconds)
            throws IOException, InterruptedException {
        return Integer.parseInt(process.ask("open ws://127.0.0.1:" + server.port() + path + " " + options + " --server-pid " + server.pid()
                + " --seconds " + seconds + " --warmup " + warmupSeconds, TIMEOUT_SECONDS));
    }

    Sample measure(ServerProcess server, int round) throws IOException, InterruptedException {
        long beganNs = System.nanoTime();
        long serverCpuNs = Cpus.busyNs(cpus.servers()) - ProcessCpu.ns(server.pid());
        long generatorCpuNs = Cpus.busyNs(cpus.generators()) - ProcessCpu.ns(process.pid());
        String json = process.ask("measure", TIMEOUT_SECONDS);
        double tookNs = System.nanoTime() - beganNs;
        serverCpuNs = Cpus.busyNs(cpus.servers()) - ProcessCpu.ns(server.pid()) - serverCpuNs;
        generatorCpuNs = Cpus.busyNs(cpus.generators()) - ProcessCpu.ns(process.pid()) - generatorCpuNs;
        return new Sample(round, json, Math.max(0, serverCpuNs / tookNs), Math.max(0, generatorCpuNs / tookNs));
    }

    void close() throws IOException, InterruptedException {
        process.ask("close", TIMEOUT_SECONDS);
    }

    Sample run(ServerProcess server, String path, String options, double seconds, double warmupSeconds, int round)
            throws IOException, InterruptedException {
        open(server, path, options, seconds, warmupSeconds);
        Sample sample = measure(server, round);
        close();
        return sample;
    }
}
