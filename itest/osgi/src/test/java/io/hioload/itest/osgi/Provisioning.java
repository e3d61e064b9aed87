package io.hioload.itest.osgi;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemPackage;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.vmOptions;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/**
 * What a container is provisioned with: the jars of this build, as Maven's reactor made them, and the third-party bundles
 * that the distribution has. {@link #allBut} runs in the test's JVM, {@link #install} in the container.
 */
final class Provisioning {

    private static final String FOLDER = "itest.bundles";
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";
    private static final String ROUNDS = "itest.rounds";
    private static final String FLAGS = "itest.jvm.flags";

    private Provisioning() {
    }

    /** Everything except some bundles, which a test installs itself. */
    static Option[] allBut(String... late) {
        String folder = System.getProperty(FOLDER);
        List<String> left = Arrays.stream(late).map(name -> name + ".jar").toList();
        Option[] bundles = Arrays.stream(new File(folder).listFiles((dir, name) -> name.endsWith(".jar") && !left.contains(name)))
                .sorted().map(Provisioning::bundleOf).toArray(Option[]::new);
        return options(junitBundles(), composite(bundles), systemPackage("jdk.internal.misc"),
                systemProperty("pax.exam.osgi.unresolved.fail").value("true"), systemProperty(FOLDER).value(folder),
                systemProperty(ROUNDS).value(System.getProperty(ROUNDS)),
                systemProperty("felix.fileinstall.dir").value(etc()), systemProperty("felix.fileinstall.poll").value("200"),
                systemProperty("felix.fileinstall.noInitialDelay").value("true"),
                systemProperty("felix.fileinstall.enableConfigSave").value("false"),
                systemProperty(LOG_LEVEL).value(System.getProperty(LOG_LEVEL)),
                vmOptions(System.getProperty(FLAGS).replace("--add-opens ", "--add-opens=").split(" ")));
    }

    /** The folder of configuration files, which is there and empty. */
    private static String etc() {
        try {
            Path folder = Files.createDirectories(Path.of(System.getProperty("itest.etc")));
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            return folder.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pax Exam's logger is a fragment, which cannot be started. */
    private static Option bundleOf(File jar) {
        return jar.getName().equals("slf4j-simple.jar") ? bundle(jar.toURI().toString()).noStart() : bundle(jar.toURI().toString());
    }

    /** Installs and starts a bundle that was left out. */
    static Bundle install(BundleContext context, String name) throws BundleException {
        Bundle bundle = context.installBundle(new File(System.getProperty(FOLDER), name + ".jar").toURI().toString());
        bundle.start();
        return bundle;
    }
}
