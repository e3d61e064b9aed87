package io.hioload.itest.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads the sources for what neither compiler nor formatter looks at. */
class SourcesIT {

    private static final Path ROOT = Path.of(System.getProperty("hioload.root"));
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?[\\w.]*?(\\w+|\\*);$", Pattern.MULTILINE);

    /** The formatter could do it, but only by the compiler of the Java that Maven runs on, which may be older than the sources. */
    @Test
    void shouldUseWhatIsImported() throws IOException {
        List<String> unused = new ArrayList<>();
        for (Path file : sources()) {
            String text = Files.readString(file);
            String body = IMPORT.matcher(text).replaceAll("");
            IMPORT.matcher(text).results().map(imported -> imported.group(1))
                    .filter(name -> name.equals("*") || !Pattern.compile("\\b" + name + "\\b").matcher(body).find())
                    .forEach(name -> unused.add(ROOT.relativize(file) + " imports " + name));
        }
        assertEquals(List.of(), unused);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.find(ROOT, 30, (file, attributes) -> file.toString().endsWith(".java"))) {
            List<Path> sources = files
                    .filter(file -> ROOT.relativize(file).toString().replace('\\', '/').matches(".*src/(main|test)/java/.*"))
                    .toList();
            assertFalse(sources.isEmpty());
            return sources;
        }
    }
}
