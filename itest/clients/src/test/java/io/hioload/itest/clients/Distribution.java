package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A fresh copy of the assembled distribution, started by its own script as a user would start it, in a folder that is not
 * its own. Owns the process and the folder; {@link #close} ends the one and deletes the other.
 */
final class Distribution implements AutoCloseable {

    private static final long STOP_DEADLINE_S = 15;

    private final Path home;
    private int port;
    private Process process;
    private Output output;

    private Distribution(Path home) {
        this.home = home;
    }

    /** Copies the distribution; the default server gets a free port. */
    static Distribution copy(String name) throws IOException {
        Path from = Path.of(System.getProperty("hioload.dist"));
        assertTrue(Files.isDirectory(from), () -> "There is no distribution at " + from + "; build the module distro first.");
        Distribution copy = new Distribution(WorkFolder.create(name));
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = copy.home.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        copy.port = freePort();
        copy.edit("default", "port", Integer.toString(copy.port));
        return copy;
    }

    /** Copies, starts and waits until the default server listens. */
    static Distribution start(String name) throws Exception {
        Distribution copy = copy(name);
        copy.start();
        return copy;
    }

    void start() throws Exception {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/env"))) {
            // A test run that was started in the background ignores SIGINT, and so would all its children.
            command.addAll(List.of("/usr/bin/env", "--default-signal=INT"));
        }
        command.add(home.resolve("bin/hioload").toString());
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.getParent().toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process = builder.start();
        output = new Output(process);
        try {
            Await.until("a listener at port " + port, () -> listens(port) || !process.isAlive());
            assertTrue(process.isAlive(), () -> "ended with status " + process.exitValue());
        } catch (AssertionError e) {
            process.destroyForcibly();
            throw new AssertionError(e.getMessage() + "; it said:\n" + output, e);
        }
    }

    Path home() {
        return home;
    }

    int port() {
        return port;
    }

    String url() {
        return "ws://127.0.0.1:" + port;
    }

    long pid() {
        return process.pid();
    }

    Output output() {
        return output;
    }

    Path configuration(String server) {
        return home.resolve("etc/io.hioload.server~" + server + ".cfg");
    }

    /** Changes one line of a server's configuration file, or adds it. */
    void edit(String server, String key, String value) throws IOException {
        Path file = configuration(server);
        String line = key + "=" + value;
        String before = Files.exists(file) ? Files.readString(file) : "";
        String after = before.replaceAll("(?m)^" + key.replace(".", "\\.") + "\\s*=.*$", line);
        write(server, after.contains(line) ? after : before + "\n" + line + "\n");
    }

    /** Writes a server's configuration file in one step, as an editor does. */
    void write(String server, String text) throws IOException {
        Path written = Files.writeString(home.resolve("edited"), text);
        Files.move(written, configuration(server), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Sends a signal and waits for the end; returns the exit status. */
    int stop(String signal) throws IOException, InterruptedException {
        Command.run(null, "kill is part of every Unix.", "kill", "-" + signal, Long.toString(process.pid()));
        assertTrue(process.waitFor(STOP_DEADLINE_S, TimeUnit.SECONDS), () -> "does not stop on SIG" + signal + ":\n" + output);
        return process.exitValue();
    }

    /** Stops in order and expects that it went well. */
    void stop() throws IOException, InterruptedException {
        assertEquals(0, stop("TERM"), () -> output.toString());
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        WorkFolder.delete(home);
    }

    static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
