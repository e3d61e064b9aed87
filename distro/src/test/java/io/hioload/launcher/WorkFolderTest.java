package io.hioload.launcher;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {

    @TempDir
    Path root;

    @Test
    void shouldForgetConfigurationsOfLastRunAndNothingElseWhenTaken() throws IOException {
        Home home = new Home(root);
        Files.createDirectories(home.configurations().resolve("a/b"));
        Files.writeString(home.configurations().resolve("a/b/c.config"), "x");
        Files.createDirectories(home.cache());

        try (WorkFolder _ = WorkFolder.take(home)) {
            assertFalse(Files.exists(home.configurations()));
            assertTrue(Files.exists(home.cache()));
        }
    }
}
