package io.hioload.bench.compare;

import io.hioload.bench.load.ProcessCpu;
import io.hioload.bench.servers.Cpus;
import io.hioload.bench.servers.ServerProcess;
import java.io.IOException;

/** The generator's process and what is measured around it. One thread. Does not own the process. */
final class LoadGenerator {

    private static final long TIMEOUT_SECONDS = 180;
    private static final int ALLOCATION_WINDOWS = 3;

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
        long serverCpuNs = foreignNs(cpus.servers(), server);
        long generatorCpuNs = foreignNs(cpus.generators(), server);
        String json = process.ask("measure", TIMEOUT_SECONDS);
        double tookNs = System.nanoTime() - beganNs;
        serverCpuNs = foreignNs(cpus.servers(), server) - serverCpuNs;
        generatorCpuNs = foreignNs(cpus.generators(), server) - generatorCpuNs;
        return new Sample(round, json, Math.max(0, serverCpuNs / tookNs), Math.max(0, generatorCpuNs / tookNs));
    }

    /** What a CPU has worked for others than the two. */
    private long foreignNs(int cpu, ServerProcess server) throws IOException {
        return Cpus.busyNs(cpu) - (cpu == cpus.servers() ? ProcessCpu.ns(server.pid()) : 0)
                - (cpu == cpus.generators() ? ProcessCpu.ns(process.pid()) : 0);
    }

    /**
     * What the server's threads allocate for a message, at the least of some windows: what the virtual machine allocates once
     * in a while has nothing to do with messages.
     */
    double allocation(ServerProcess server, String path, String options, double seconds) throws IOException, InterruptedException {
        double least = Double.MAX_VALUE;
        for (int window = 0; window < ALLOCATION_WINDOWS; window++) {
            open(server, path, options, seconds / ALLOCATION_WINDOWS, 0);
            JavaProbe.allocatedBytes(server.pid());
            long before = JavaProbe.allocatedBytes(server.pid());
            Sample sample = measure(server, 0);
            least = Math.min(least, (JavaProbe.allocatedBytes(server.pid()) - before) / sample.get("messages"));
            close();
        }
        return least;
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
