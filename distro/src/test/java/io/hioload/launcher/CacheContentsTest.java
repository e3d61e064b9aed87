package io.hioload.launcher;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheContentsTest {

    @TempDir
    Path root;

    private Path framework;
    private Path bundle;

    @BeforeEach
    void install() throws IOException {
        Files.createDirectories(root.resolve("lib/bundles"));
        Files.createDirectories(root.resolve("var"));
        framework = Files.writeString(root.resolve("lib/framework.jar"), "framework");
        bundle = Files.writeString(root.resolve("lib/bundles/a.jar"), "bundle");
        contents().remember();
    }

    private CacheContents contents() throws IOException {
        return CacheContents.of(new Home(root), BundleSet.in(root.resolve("lib/bundles")).jars());
    }

    @Test
    void shouldKeepCacheWhenNothingChanged() throws IOException {
        assertTrue(contents().unchanged());
    }

    @Test
    void shouldEmptyCacheWhenContentChangesUnderSameNameAndDate() throws IOException {
        FileTime date = Files.getLastModifiedTime(bundle);
        Files.writeString(bundle, "bUndle");
        Files.setLastModifiedTime(bundle, date);

        assertFalse(contents().unchanged());
    }

    @Test
    void shouldEmptyCacheWhenOnlyADateChanges() throws IOException {
        Files.setLastModifiedTime(framework, FileTime.fromMillis(0));

        assertFalse(contents().unchanged());
    }

    @Test
    void shouldEmptyCacheWhenBundleIsAddedOrRemoved() throws IOException {
        Path added = Files.writeString(root.resolve("lib/bundles/b.jar"), "added");
        assertFalse(contents().unchanged());

        Files.delete(added);
        assertTrue(contents().unchanged());

        Files.delete(bundle);
        assertFalse(contents().unchanged());
    }

    @Test
    void shouldEmptyCacheWhenFrameworkChanges() throws IOException {
        Files.writeString(framework, "newer framework");

        assertFalse(contents().unchanged());
    }

    @Test
    void shouldEmptyCacheWhenFolderWasCopied() throws IOException {
        Path copy = root.resolve("copy");
        for (String file : new String[]{"lib/framework.jar", "lib/bundles/a.jar", "var/cache.contents"}) {
            Files.createDirectories(copy.resolve(file).getParent());
            Files.copy(root.resolve(file), copy.resolve(file));
        }

        assertFalse(CacheContents.of(new Home(copy), BundleSet.in(copy.resolve("lib/bundles")).jars()).unchanged());
    }

    @Test
    void shouldEmptyCacheWhenEmptyingWasInterrupted() throws IOException {
        contents().forget();

        assertFalse(contents().unchanged());
    }
}
