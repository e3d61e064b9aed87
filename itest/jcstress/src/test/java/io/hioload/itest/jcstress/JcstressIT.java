package io.hioload.itest.jcstress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs every {@code …Stress} class of this module with jcstress in a process of its own: short in each build, at length in
 * the profile {@code jcstress}. A forbidden outcome, an error, or a class that did not run fails it.
 */
class JcstressIT {

    private static final Path WORK = Path.of(System.getProperty("jcstress.work"));
    private static final Path SOURCES = Path.of(System.getProperty("jcstress.sources"));
    private static final Pattern RESULT = Pattern.compile("\\[(OK|FAILED|ERROR|TIMEOUT|SILENT)\\]\\s+(io\\.hioload\\.[\\w.]+)");

    @Test
    void shouldSeeOnlyAcceptableOutcomes() throws Exception {
        Files.createDirectories(WORK);
        Path log = WORK.resolve("jcstress.log");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), "org.openjdk.jcstress.Main", "-v", "-r", WORK.resolve("report").toString()));
        command.addAll(List.of(System.getProperty("jcstress.args").strip().split("\\s+")));
        command.add(System.getProperty("jcstress.modes"));
        command.add(System.getProperty("jcstress.jvm").strip());
        Process jcstress = new ProcessBuilder(command).directory(WORK.toFile()).redirectErrorStream(true).redirectOutput(log.toFile())
                .start();
        int exit = jcstress.waitFor();
        String output = Files.readString(log, StandardCharsets.UTF_8);
        TreeSet<String> ran = new TreeSet<>();
        List<String> bad = new ArrayList<>();
        Matcher result = RESULT.matcher(output);
        while (result.find()) {
            ran.add(result.group(2));
            if (!result.group(1).equals("OK")) {
                bad.add(result.group());
            }
        }
        String tail = output.substring(Math.max(0, output.length() - 4000));
        assertEquals(List.of(), bad, tail);
        assertEquals(0, exit, tail);
        assertEquals(stressClasses(), ran, tail);
        assertTrue(!ran.isEmpty(), tail);
    }

    private static TreeSet<String> stressClasses() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith("Stress.java"))
                    .map(file -> SOURCES.relativize(file).toString().replace(".java", "").replace('/', '.').replace('\\', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
