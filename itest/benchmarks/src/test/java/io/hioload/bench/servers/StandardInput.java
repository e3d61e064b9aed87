package io.hioload.bench.servers;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * How a server process is spoken to by who started it: one line in, one line out. Its end ends the process, so that no server
 * outlives the benchmark.
 */
final class StandardInput {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** The first collection finds what is dead, the second moves what is left together. */
    private static final int COLLECTIONS = 2;

    private StandardInput() {
    }

    /** Says that the server listens, and serves commands for ever. */
    static void serve(int port) throws IOException {
        System.out.println("READY " + port);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(answer(line));
        }
        Runtime.getRuntime().halt(0);
    }

    private static String answer(String command) {
        return switch (command) {
            case "allocated" -> "OK " + allocatedByReactors();
            case "heap" -> "OK " + liveHeapBytes();
            default -> "what is " + command + "?";
        };
    }

    /** Bytes that the reactor threads have allocated since they started. */
    private static long allocatedByReactors() {
        long sum = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches("hioload-.*-\\d+")) {
                sum += THREADS.getThreadAllocatedBytes(thread.threadId());
            }
        }
        return sum;
    }

    private static long liveHeapBytes() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
