package io.hioload.bench.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Servers that have to be built first: the floor in C, the distribution, Node's. Works in the folder of the system property
 * {@code bench.work} from the sources in {@code bench.sources}. One thread.
 */
public final class OtherServers {

    private static final Path SOURCES = Path.of(System.getProperty("bench.sources", "src/test")).toAbsolutePath();
    private static final Path WORK = Path.of(System.getProperty("bench.work", "target/bench")).toAbsolutePath();
    private static final long BUILD_SECONDS = 120;

    private OtherServers() {
    }

    public static Path work() throws IOException {
        return Files.createDirectories(WORK);
    }

    /**
     * Compiles the least echo server on epoll.
     *
     * @throws IOException if gcc is not there or fails
     */
    public static ServerSpec epollFloor() throws IOException, InterruptedException {
        return ServerSpec.program("C floor epoll", null, compiled("epoll_floor"));
    }

    /** Compiles the least one on io_uring, which needs Linux 6.12 to run. */
    public static ServerSpec uringFloor() throws IOException, InterruptedException {
        return ServerSpec.program("C floor io_uring", null, compiled("uring_floor"));
    }

    /** The least server that sends to all what it receives from one. */
    public static ServerSpec broadcastFloor() throws IOException, InterruptedException {
        return ServerSpec.program("C raw sends", null, compiled("epoll_floor"), "broadcast");
    }

    /** Compiles the least load generator. */
    public static Path load() throws IOException, InterruptedException {
        return Path.of(compiled("load"));
    }

    /** Compiles what has two programs take turns on one CPU. */
    public static Path turns() throws IOException, InterruptedException {
        return Path.of(compiled("turns"));
    }

    private static String compiled(String name) throws IOException, InterruptedException {
        Path program = work().resolve(name);
        run(WORK, "gcc", "-O3", "-march=native", "-Wall", "-Wextra", "-Werror", "-o", program.toString(),
                SOURCES.resolve("c").resolve(name + ".c").toString());
        return program.toString();
    }

    /**
     * The product's counters with nothing in them: what counting costs is what a server with them costs more.
     *
     * @return a folder for a class path
     */
    public static Path noCounters() throws IOException {
        return EmptyCounters.write(work().resolve("no-counters"));
    }

    /** Installs Node's server, if npm is there. */
    public static Optional<ServerSpec> node() throws IOException, InterruptedException {
        if (!isThere("npm") || !isThere("node")) {
            return Optional.empty();
        }
        Path folder = Files.createDirectories(WORK.resolve("node"));
        for (String file : List.of("package.json", "package-lock.json", "echo.js")) {
            Files.copy(SOURCES.resolve("node").resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.isDirectory(folder.resolve("node_modules/ws"))) {
            run(folder, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
        }
        return Optional.of(ServerSpec.program("Node ws", folder, "node", "echo.js"));
    }

    /** A copy of the distribution as shipped but for its port and, so that it compares, its one reactor; if it was built. */
    public static Optional<ServerSpec> distribution() throws IOException {
        String property = System.getProperty("hioload.dist", "");
        if (property.isEmpty() || !Files.isRegularFile(Path.of(property, "lib", "hioload-launcher.jar"))) {
            return Optional.empty();
        }
        Path home = WORK.resolve("hioload");
        delete(home);
        try (Stream<Path> files = Files.walk(Path.of(property))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path relative = Path.of(property).relativize(file);
                if (!relative.startsWith("var")) {
                    Files.copy(file, home.resolve(relative), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        Files.writeString(home.resolve("etc/io.hioload.server~default.cfg"), "port=0\nreactors=1\n");
        return Optional.of(new ServerSpec("hioload distribution", "/echo", true, null, List.of(home.resolve("bin/hioload").toString()),
                List.of()));
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(BUILD_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " failed: " + said);
        }
    }
}
