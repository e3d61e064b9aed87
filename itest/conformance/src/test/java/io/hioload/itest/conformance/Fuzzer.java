package io.hioload.itest.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Autobahn test suite, run by Jython in a process of its own. What it reports is left behind in a folder below
 * {@code target/autobahn}. Owns the process.
 */
final class Fuzzer implements AutoCloseable {

    private static final int LAST_LINES = 30;
    private static final long START_DEADLINE_S = 90;
    private static final long END_DEADLINE_S = 10;

    private final Path reports;
    private final Process process;
    private final Deque<String> said = new ArrayDeque<>();
    private final CountDownLatch listening = new CountDownLatch(1);

    private Fuzzer(String mode, Path reports, String spec) throws IOException {
        this.reports = reports;
        Files.createDirectories(reports);
        Path specFile = Files.writeString(reports.resolve("spec.json"), spec);
        String jython = fileOf("org/python/util/jython.class");
        String suite = fileOf("autobahntestsuite/fuzzing.py");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "--add-opens",
                "java.base/java.io=ALL-UNNAMED", "--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED", "-Dpython.cachedir.skip=true",
                "-jar", jython, System.getProperty("conformance.driver"), mode, suite, specFile.toString()));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread.ofPlatform().daemon().start(this::listen);
    }

    /** Begins to run all cases against each server; the keys name them in the report. */
    static Fuzzer client(String name, Map<String, URI> servers) throws IOException {
        Path reports = reports(name);
        String list = servers.entrySet().stream().map(server -> "{\"agent\": \"" + server.getKey() + "\", \"url\": \"" + server.getValue()
                + "\"}").collect(Collectors.joining(", "));
        return new Fuzzer("client", reports, "{\"outdir\": \"" + reports + "\", \"servers\": [" + list + "], " + cases() + "}");
    }

    /** Lets clients ask for cases; returns when it listens. */
    static Fuzzer server(String name, int port) throws IOException, InterruptedException {
        Path reports = reports(name);
        Fuzzer fuzzer = new Fuzzer("server", reports,
                "{\"outdir\": \"" + reports + "\", \"url\": \"ws://127.0.0.1:" + port + "\", " + cases() + "}");
        assertTrue(fuzzer.listening.await(START_DEADLINE_S, TimeUnit.SECONDS), fuzzer::toString);
        return fuzzer;
    }

    private static Path reports(String name) {
        return Path.of(System.getProperty("conformance.reports"), name);
    }

    private static String cases() {
        String without = Stream.of(System.getProperty("conformance.without").split(",")).filter(part -> !part.isBlank())
                .map(part -> "\"" + part.strip() + "\"").collect(Collectors.joining(", "));
        return "\"cases\": [\"*\"], \"exclude-cases\": [" + without + "], \"exclude-agent-cases\": {}";
    }

    /** The jar that a resource of the class path is in. */
    private static String fileOf(String resource) {
        URL url = Fuzzer.class.getClassLoader().getResource(resource);
        String text = url.getPath();
        return Path.of(URI.create(text.substring(0, text.indexOf('!')))).toString();
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (said) {
                    said.add(line);
                    if (said.size() > LAST_LINES) {
                        said.remove();
                    }
                }
                if (line.equals("listening")) {
                    listening.countDown();
                }
            }
        } catch (IOException e) {
            // it has ended, as whoever waits for it will see
        }
    }

    /** Waits until all cases have run. */
    Verdicts await(long deadlineS) throws IOException, InterruptedException {
        assertTrue(process.waitFor(deadlineS, TimeUnit.SECONDS), this::toString);
        assertEquals(0, process.exitValue(), this::toString);
        return Verdicts.read(reports);
    }

    /** What it has reported by now. */
    Verdicts verdicts() throws IOException {
        return Verdicts.read(reports);
    }

    @Override
    public void close() throws IOException {
        process.outputWriter().close();
        process.onExit().completeOnTimeout(null, END_DEADLINE_S, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
    }

    @Override
    public String toString() {
        synchronized (said) {
            return "The test suite said last:\n" + String.join("\n", said);
        }
    }
}
