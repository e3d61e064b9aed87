package io.hioload.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassArchiveTest {

    @TempDir
    Path var;

    @ParameterizedTest
    @CsvSource({"a8ab0bf000000001, true, true", "a8ab0bf000000001, false, false", "0000000000000001, true, false", "'', true, false"})
    void shouldKeepWhatIsCompleteAndOfTheSameJars(String hex, boolean sameJars, boolean kept) throws IOException {
        Path file = Files.write(var.resolve("classes.jsa"), HexFormat.of().parseHex(hex));

        new ClassArchive(file).check(sameJars);

        assertEquals(kept, Files.exists(file));
    }

    @Test
    void shouldDoNothingWhenThereIsNone() {
        Path file = var.resolve("classes.jsa");

        new ClassArchive(file).check(true);

        assertFalse(Files.exists(file));
    }
}
