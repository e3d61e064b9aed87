package io.hioload.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks other JVMs by jcmd. One thread; cold, and it makes the other JVM work. */
final class JavaProbe {

    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    private static final Pattern THREAD = Pattern.compile("^\"(.*)\" .* allocated=(\\d+)([BKMG]?)", Pattern.MULTILINE);

    /** Of the serial collector. */
    private static final Pattern GENERATION = Pattern.compile("\\s+total (\\d+)K, used (\\d+)K");

    private JavaProbe() {
    }

    private static String ask(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(JCMD.toString(), Long.toString(pid), command).redirectErrorStream(true).start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + answer);
        }
        return answer;
    }

    /**
     * Collects garbage and tells what is left.
     *
     * @param usedBytes      alive
     * @param committedBytes of the heap, which is resident if it is touched beforehand
     */
    record Heap(long usedBytes, long committedBytes) {
    }

    static Heap liveHeap(long pid) throws IOException, InterruptedException {
        // The first collection finds what is dead, the second moves what is left together.
        ask(pid, "GC.run");
        ask(pid, "GC.run");
        long used = 0;
        long committed = 0;
        Matcher generation = GENERATION.matcher(ask(pid, "GC.heap_info"));
        while (generation.find()) {
            committed += Long.parseLong(generation.group(1)) << 10;
            used += Long.parseLong(generation.group(2)) << 10;
        }
        if (committed == 0) {
            throw new IOException("the heap of process " + pid + " is not one of the serial collector");
        }
        return new Heap(used, committed);
    }

    /** Bytes that the live threads have allocated, but not those of the probe itself; the JVM says it in steps of up to 1 %. */
    static long allocatedBytes(long pid) throws IOException, InterruptedException {
        long sum = 0;
        Matcher thread = THREAD.matcher(ask(pid, "Thread.print -e"));
        while (thread.find()) {
            if (!thread.group(1).equals("Attach Listener")) {
                sum += Long.parseLong(thread.group(2)) << switch (thread.group(3)) {
                    case "K" -> 10;
                    case "M" -> 20;
                    case "G" -> 30;
                    default -> 0;
                };
            }
        }
        return sum;
    }
}
