package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the launcher promises about its folder, its bundles and its process. */
class LauncherIT {

    private static final long DEADLINE_S = 20;

    @AutoClose
    private Distribution server;

    @Test
    void shouldRefuseToStartTwiceFromOneFolder() throws Exception {
        server = Distribution.start("twice");
        Process second = process(server.home().resolve("bin/hioload").toString());
        Output output = new Output(second);
        assertTrue(second.waitFor(DEADLINE_S, TimeUnit.SECONDS), () -> output.toString());
        assertEquals(1, second.exitValue());
        assertEquals(List.of("hioload cannot start: another hioload runs from " + server.home().toRealPath()), output.all());
        server.stop();
    }

    @Test
    void shouldSayInOneLineWhyABundleIsNotStarted() throws Exception {
        server = Distribution.copy("unresolved");
        jar("lib/bundles/broken.jar", "broken", "no.such.library");
        jar("deploy/dropped.jar", "dropped", "no.such.dependency");
        jar("deploy/plain.jar", null, null);
        server.start();
        server.output().await("ERROR.* broken 1\\.0\\.0 cannot start: .*no\\.such\\.library");
        server.output().await("WARN.* file:.*/deploy/dropped\\.jar.*no\\.such\\.dependency");
        server.output().await("WARN.*/deploy/plain\\.jar is not started: it is a jar but not a bundle");
        assertEquals(1, server.output().matching("no\\.such\\.library", 0).size());
        assertEquals(101, JdkClient.status(server.port(), "/echo"));
        server.stop();
    }

    @Test
    void shouldStopInOrderWhenItsParentEnds() throws Exception {
        server = Distribution.copy("parent");
        // To a file: what a child says after its parent has ended does not come through the parent's pipe.
        Path said = Files.createFile(server.home().resolve("said"));
        Process parent = process("sh", "-c",
                "'" + server.home() + "/bin/hioload' --stop-with-parent >> '" + said + "' & echo pid $!; wait");
        ProcessHandle child = ProcessHandle.of(Long.parseLong(new Output(parent).await("pid (\\d+)").group(1))).orElseThrow();
        Await.until("it is up", () -> Files.readString(said).contains("framework up"));
        parent.destroyForcibly();
        child.onExit().get(DEADLINE_S, TimeUnit.SECONDS);
        assertTrue(Files.readString(said).contains("stopped in"), Files.readString(said));
    }

    @Test
    void shouldStartThroughALinkFromAFolderWithASpaceInItsName() throws Exception {
        server = Distribution.copy("with a space");
        Path link = Files.createSymbolicLink(server.home().resolve("a link"), Path.of("bin/hioload"));
        Process started = process(link.toString());
        Output output = new Output(started);
        output.await("listening on 127\\.0\\.0\\.1:" + server.port());
        started.destroy();
        assertTrue(started.waitFor(DEADLINE_S, TimeUnit.SECONDS), () -> output.toString());
        assertEquals(0, started.exitValue(), () -> output.toString());
    }

    @Test
    void shouldForgetAServerWhoseFileWasRemovedWhileNothingRan() throws Exception {
        server = Distribution.copy("forgotten");
        int other = Distribution.freePort();
        server.edit("other", "port", Integer.toString(other));
        server.start();
        Await.until("the second server", () -> Distribution.listens(other));
        server.stop();
        Files.delete(server.configuration("other"));
        server.start();
        server.stop();
        assertEquals(List.of(), server.output().matching("server other", 0));
    }

    @Test
    void shouldStartWithoutABundleThatAnUpgradeTookAway() throws Exception {
        server = Distribution.start("upgraded");
        assertEquals(101, JdkClient.status(server.port(), "/echo"));
        server.stop();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(server.home().resolve("lib/bundles"),
                "io.hioload.examples.echo*.jar")) {
            Files.delete(files.iterator().next());
        }
        server.start();
        assertEquals(404, JdkClient.status(server.port(), "/echo"));
        server.stop();
    }

    private Process process(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    /** A jar without classes; a bundle if it has a symbolic name. */
    private void jar(String file, String symbolicName, String imported) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (symbolicName != null) {
            headers.putValue("Bundle-ManifestVersion", "2");
            headers.putValue("Bundle-SymbolicName", symbolicName);
            headers.putValue("Bundle-Version", "1.0.0");
            headers.putValue("Import-Package", imported);
        }
        new JarOutputStream(Files.newOutputStream(server.home().resolve(file)), manifest).close();
    }
}
