package io.hioload.itest.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One target under Jazzer in a process of its own. What it finds worth keeping and what it fails on is in a folder of the
 * target's name under the work folder; what was there before is used again, so that a long run goes on where the last one
 * ended. One thread.
 */
final class FuzzRun {

    /** Of each target in a build: three to six seconds when nothing else runs. */
    private static final int EXECUTIONS = 20_000;
    private static final int FIRST_SEED = 1;
    /** Longer inputs find nothing that these do not. */
    private static final int MAX_INPUT_BYTES = 1_024;
    /** One input; everything here takes microseconds, and a garbage collection not much more. */
    private static final int HANG_SECONDS = 10;
    private static final int HEAP_MB = 384;
    /** Heap, code, libFuzzer's own, and a pool's quarantine. */
    private static final int MEMORY_MB = 1_400;
    private static final int TAIL_CHARACTERS = 4_000;

    /** Such as {@code #20000 DONE cov: 412 ft: 1021 corp: 143/9Kb …}. */
    private static final Pattern STATUS = Pattern.compile("#(\\d+)\\s+\\w+\\s+cov: (\\d+) ft: (\\d+) corp: (\\d+)");

    private final String target;
    private final Path folder;
    private final Path log;
    private long tookMs;

    FuzzRun(String target) {
        this.target = target;
        folder = Path.of(System.getProperty("fuzz.work")).resolve(target.substring(target.lastIndexOf('.') + 1));
        log = folder.resolve("jazzer.log");
    }

    /** Runs for a time, or for the fixed number of executions when that is 0. Returns the exit status: 0 if nothing was found. */
    int run(long seconds) throws IOException, InterruptedException {
        Path seeds = emptied(folder.resolve("seeds"));
        Path corpus = seconds > 0 ? Files.createDirectories(folder.resolve("corpus")) : emptied(folder.resolve("short"));
        Seeds.write(target, seeds);
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MB + "m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(System.getProperty("fuzz.jvm").strip().split("\\s+")));
        command.addAll(List.of("com.code_intelligence.jazzer.Jazzer", "--target_class=" + target,
                "--instrumentation_includes=io.hioload.protocol.**:io.hioload.session.**:io.hioload.control.**:io.hioload.server.**",
                "--custom_hook_excludes=**", "--reproducer_path=" + folder, "-artifact_prefix=" + folder + "/", "-timeout=" + HANG_SECONDS,
                "-rss_limit_mb=" + MEMORY_MB, "-max_len=" + MAX_INPUT_BYTES, "-use_value_profile=1"));
        if (seconds > 0) {
            command.add("-max_total_time=" + seconds);
        } else {
            command.addAll(List.of("-runs=" + EXECUTIONS, "-seed=" + FIRST_SEED));
        }
        command.addAll(List.of(corpus.toString(), seeds.toString()));
        long begin = System.nanoTime();
        Process jazzer = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile())
                .start();
        try {
            return jazzer.waitFor();
        } finally {
            jazzer.destroyForcibly();
            tookMs = (System.nanoTime() - begin) / 1_000_000;
        }
    }

    private static Path emptied(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        return folder;
    }

    long executions() throws IOException {
        Matcher last = last();
        return last == null ? 0 : Long.parseLong(last.group(1));
    }

    String summary() throws IOException {
        Matcher last = last();
        return target + ": " + (last == null ? "nothing ran"
                : last.group(1) + " executions, " + last.group(2) + " branches, " + last.group(3) + " features, " + last.group(4)
                        + " inputs kept")
                + ", " + tookMs / 1_000 + " s";
    }

    String tail() {
        try {
            String all = output();
            return all.substring(Math.max(0, all.length() - TAIL_CHARACTERS));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    private Matcher last() throws IOException {
        Matcher each = STATUS.matcher(output());
        Matcher last = null;
        while (each.find()) {
            last = STATUS.matcher(each.group());
        }
        return last != null && last.find() ? last : null;
    }

    private String output() throws IOException {
        // An input stands in the log as it is.
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }
}
