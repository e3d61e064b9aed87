package io.hioload.control.internal;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Says that a dropped jar is not a bundle; File Install passes such a file over without a word. Called by File Install, on
 * the thread that watches the folder.
 */
@Component(property = Constants.SERVICE_RANKING + ":Integer=100")
public final class NoBundleReporter implements ArtifactInstaller {

    private static final System.Logger LOG = System.getLogger(NoBundleReporter.class.getName());

    /** Made by Declarative Services. */
    @Activate
    public NoBundleReporter() {
    }

    @Override
    public boolean canHandle(File file) {
        return file.getName().endsWith(".jar") && problem(file) != null;
    }

    @Override
    public void install(File file) {
        LOG.log(Level.WARNING, "{0} is not started: {1}", file, problem(file));
    }

    @Override
    public void update(File file) {
        install(file);
    }

    @Override
    public void uninstall(File file) {
        // It never was a bundle.
    }

    /** Why the file is no bundle, or null if it is one. */
    static String problem(File file) {
        try (JarFile jar = new JarFile(file)) {
            Manifest manifest = jar.getManifest();
            return manifest != null && manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) != null ? null
                    : "it is a jar but not a bundle (its manifest has no " + Constants.BUNDLE_SYMBOLICNAME + ")";
        } catch (IOException e) {
            return "it is not a jar (" + e.getMessage() + ")";
        }
    }
}
