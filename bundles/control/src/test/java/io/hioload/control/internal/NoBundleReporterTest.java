package io.hioload.control.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoBundleReporterTest {

    @TempDir
    Path folder;

    private final NoBundleReporter reporter = new NoBundleReporter();

    @Test
    void shouldTakeJarsThatAreNoBundles() throws IOException {
        assertTrue(reporter.canHandle(jar("plain.jar", "Main-Class")));
        assertTrue(NoBundleReporter.problem(jar("plain.jar", "Main-Class")).contains("Bundle-SymbolicName"));
        File garbage = Files.writeString(folder.resolve("garbage.jar"), "garbage").toFile();
        assertTrue(reporter.canHandle(garbage));
        assertTrue(NoBundleReporter.problem(garbage).contains("not a jar"));
    }

    @Test
    void shouldLeaveBundlesAndOtherFilesToFileInstall() throws IOException {
        assertFalse(reporter.canHandle(jar("bundle.jar", "Bundle-SymbolicName")));
        assertFalse(reporter.canHandle(Files.writeString(folder.resolve("a.cfg"), "a=b").toFile()));
    }

    private File jar(String name, String header) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue(header, "a.b");
        Path file = folder.resolve(name);
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
        return file.toFile();
    }
}
