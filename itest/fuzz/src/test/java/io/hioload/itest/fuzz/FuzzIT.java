package io.hioload.itest.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every {@code …Fuzz} class of this module with Jazzer, one after the other, each in a process of its own: a fixed
 * number of executions in each build, for a time in the profile {@code fuzz}. A finding fails it and leaves the input in
 * the work folder.
 */
class FuzzIT {

    private static final Path SOURCES = Path.of(System.getProperty("fuzz.sources"));
    private static final long SECONDS = Long.getLong("fuzz.seconds");

    static List<String> targets() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith("Fuzz.java"))
                    .map(file -> SOURCES.relativize(file).toString().replace(".java", "").replace('/', '.').replace('\\', '.')).sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void shouldFindNothing(String target) throws Exception {
        FuzzRun run = new FuzzRun(target);
        int status = run.run(SECONDS / targets().size());
        System.out.println(run.summary());
        assertEquals(0, status, run::tail);
        assertTrue(run.executions() > 0, run::tail);
    }
}
