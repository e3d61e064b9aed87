package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other people's programs. One that is missing fails the test and says what to install: it is never passed over. */
final class Command {

    private static final long DEADLINE_S = 120;

    private Command() {
    }

    /** Where a program is: as the system property of its name says, at its usual place, or on the PATH. */
    static String path(String name, String usual, String install) {
        String given = System.getProperty("itest." + name, usual);
        if (new File(given).canExecute()) {
            return given;
        }
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(folder -> new File(folder, name)).filter(File::canExecute)
                .findFirst().map(File::getPath).orElseGet(() -> fail("There is no " + given + ". " + install + " Another place can be given"
                        + " with -Ditest." + name + "=<path>."));
    }

    /** Runs a program to its end and returns what it printed; fails unless its status is 0. */
    static List<String> run(File folder, String whyItMayFail, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder).redirectErrorStream(true).start();
        try {
            Output output = new Output(process);
            assertTrue(process.waitFor(DEADLINE_S, TimeUnit.SECONDS), () -> String.join(" ", command) + " does not end:\n" + output);
            List<String> lines = output.all();
            assertEquals(0, process.exitValue(), () -> whyItMayFail + "\n" + String.join(" ", command) + " said:\n" + output);
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
