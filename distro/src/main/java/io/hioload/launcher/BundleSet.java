package io.hioload.launcher;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * The bundles of {@code lib/bundles}: used where they lie, not copied, and started by {@link StartLevels}.
 *
 * @param jars their files, by name
 */
record BundleSet(List<Path> jars) {

    private static final System.Logger LOG = System.getLogger("io.hioload.launcher");

    static BundleSet in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new BundleSet(files.filter(file -> file.toString().endsWith(".jar")).sorted().toList());
        }
    }

    /**
     * Installs them and marks them for their start; call it between the framework's init and start. A file that is not a
     * bundle is reported and left out.
     */
    void install(BundleContext system) {
        for (Path jar : jars) {
            try {
                Bundle bundle = system.installBundle("reference:" + jar.toUri());
                bundle.adapt(BundleStartLevel.class).setStartLevel(StartLevels.of(bundle.getSymbolicName()));
                if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                    bundle.start();
                }
            } catch (BundleException e) {
                LOG.log(Level.ERROR, "{0} cannot be installed: {1}", jar, BundleProblems.reason(e));
            }
        }
    }
}
