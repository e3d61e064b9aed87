package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How {@code bin/hioload} looks for a Java, on a pretended machine: a PATH with little on it, and a copy of the script that
 * looks for installed JDKs in a folder of the test's.
 */
class StartScriptIT {

    private static final String FOLDER_OF_JDKS = "/usr/lib/jvm/*";
    private static final List<String> OTHER_FOLDERS = List.of("/usr/java/*", "/opt/java/*", "/usr/libexec/java_home");
    private static final List<String> TOOLS = List.of("sh", "sed", "expr", "head", "dirname", "basename", "readlink");

    @AutoClose
    private Distribution copy;

    private Path home;
    private Path installed;

    @BeforeEach
    void pretend() throws IOException {
        copy = Distribution.copy("script");
        home = copy.home();
        installed = Files.createDirectories(home.resolve("pretended/jvm"));
        Path script = home.resolve("bin/hioload");
        String text = Files.readString(script);
        assertTrue(text.contains(FOLDER_OF_JDKS), "the script looks for JDKs elsewhere now; look there here too");
        text = text.replace(FOLDER_OF_JDKS, installed + "/*");
        for (String folder : OTHER_FOLDERS) {
            text = text.replace(folder, home + "/nowhere");
        }
        Files.writeString(script, text);
        Path tools = Files.createDirectories(home.resolve("pretended/bin"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(tools.resolve(tool), tool("/usr/bin", "/bin", tool));
        }
    }

    @Test
    void shouldSayWhatIsMissingWhenThereIsNoJavaAtAll() throws Exception {
        List<String> lines = run(1, null);
        assertEquals(1, lines.size(), () -> lines.toString());
        assertTrue(lines.getFirst().contains("needs Java 25") && lines.getFirst().contains("JAVA_HOME"), lines.getFirst());
    }

    @Test
    void shouldSayWhatIsThereWhenItIsTooOld() throws Exception {
        Path old = pretendJdk("jdk-17", "17.0.15");
        List<String> lines = run(1, old);
        assertTrue(lines.getFirst().contains("needs Java 25"), () -> lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.contains("Java 17 in " + old)), () -> lines.toString());
    }

    @Test
    void shouldFindAnInstalledJdkWhenJavaHomeIsTooOld() throws Exception {
        pretendJdk("jdk-25", "25.0.1");
        List<String> lines = run(0, pretendJdk("jdk-17", "17.0.15"));
        assertTrue(lines.getFirst().startsWith("25.0.1 runs ") && lines.getFirst().contains("hioload-launcher.jar"),
                () -> lines.toString());
    }

    @Test
    void shouldPreferJavaHomeWhenItIsNewEnough() throws Exception {
        pretendJdk("jdk-25", "25.0.1");
        assertTrue(run(0, pretendJdk("a-newer-one", "26-ea")).getFirst().startsWith("26-ea runs "));
    }

    /** A JDK whose java tells which one it is and what it was started with. */
    private Path pretendJdk(String name, String version) throws IOException {
        Path jdk = installed.resolve(name);
        Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(java, "#!/bin/sh\necho " + version + " runs \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return jdk;
    }

    private List<String> run(int status, Path javaHome) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/hioload").toString()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", home.resolve("pretended/bin").toString());
        builder.environment().put("HOME", home.toString());
        if (javaHome != null) {
            builder.environment().put("JAVA_HOME", javaHome.toString());
        }
        Process process = builder.start();
        Output output = new Output(process);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), () -> "does not end:\n" + output);
        assertEquals(status, process.exitValue(), () -> output.toString());
        return output.all();
    }

    private static Path tool(String folder, String otherFolder, String name) {
        Path tool = Path.of(folder, name);
        return Files.exists(tool) ? tool : Path.of(otherFolder, name);
    }
}
