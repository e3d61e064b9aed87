package io.hioload.bench.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server or generator in a process of its own. One thread. Owns the process, which ends with {@link #close} or with this one.
 */
public final class ServerProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("^READY (\\d+)|: listening on [^ ]*:(\\d+),");
    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final long START_SECONDS = 60;
    private static final int MAX_LINES = 100_000;

    private final String name;
    private final Process process;
    private final Writer input;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(MAX_LINES);
    private final StringBuilder said = new StringBuilder();
    private final int port;

    private ServerProcess(ServerSpec spec) throws IOException, InterruptedException {
        name = spec.name();
        ProcessBuilder builder = new ProcessBuilder(spec.command()).redirectErrorStream(true);
        if (spec.folder() != null) {
            builder.directory(spec.folder().toFile());
        }
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        if (!spec.jvmFlags().isEmpty()) {
            builder.environment().put("JDK_JAVA_OPTIONS", String.join(" ", spec.jvmFlags()));
        }
        process = builder.start();
        input = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("output of " + name).start(this::read);
        port = awaitReady();
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @throws IOException if it does not within a minute; with what it said
     */
    public static ServerProcess start(ServerSpec spec) throws IOException, InterruptedException {
        return new ServerProcess(spec);
    }

    private void read() {
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.offer(line);
            }
        } catch (IOException e) {
            lines.offer("its output cannot be read any more: " + e.getMessage());
        }
    }

    private int awaitReady() throws IOException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() - endNs < 0) {
            String line = lines.poll(100, TimeUnit.MILLISECONDS);
            if (line == null && !process.isAlive() && lines.isEmpty()) {
                break;
            }
            if (line != null) {
                said.append(line).append('\n');
                Matcher ready = READY.matcher(line);
                if (ready.find()) {
                    return Integer.parseInt(ready.group(1) == null ? ready.group(2) : ready.group(1));
                }
            }
        }
        process.destroyForcibly();
        throw new IOException(name + " does not listen; it said:\n" + said);
    }

    public String name() {
        return name;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Sends a command and waits for its answer.
     *
     * @return what follows the word OK; lines before it are passed over
     * @throws IOException if there is none in time
     */
    public String ask(String command, long timeoutSeconds) throws IOException, InterruptedException {
        input.write(command + "\n");
        input.flush();
        StringBuilder before = new StringBuilder();
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (System.nanoTime() - endNs < 0) {
            String line = lines.poll(100, TimeUnit.MILLISECONDS);
            if (line != null && line.startsWith("OK ")) {
                return line.substring(3);
            }
            if (line != null) {
                before.append(line).append('\n');
            } else if (!process.isAlive()) {
                break;
            }
        }
        throw new IOException(name + " does not answer \"" + command + "\"; it said:\n" + before);
    }

    /** Resident memory, in bytes (proc_pid_status(5)). */
    public long rssBytes() throws IOException {
        Matcher rss = RSS.matcher(Files.readString(Path.of("/proc", Long.toString(pid()), "status")));
        if (!rss.find()) {
            throw new IOException(name + " has no resident memory");
        }
        return Long.parseLong(rss.group(1)) * 1024;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
