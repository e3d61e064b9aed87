package io.hioload.launcher;

import java.util.HashMap;
import java.util.Map;

import org.osgi.framework.Constants;

/** The framework properties that the distribution runs with. */
final class FrameworkSettings {

    /** The epoch millisecond at which the JVM started, for bundles that report how long something took. */
    static final String STARTED_MILLIS = "hioload.started.millis";

    private FrameworkSettings() {
    }

    static Map<String, String> of(Home home, boolean emptyCache, long startedMillis) {
        Map<String, String> settings = new HashMap<>();
        settings.put(STARTED_MILLIS, Long.toString(startedMillis));
        settings.put("hioload.home", home.root().toString());

        settings.put(Constants.FRAMEWORK_STORAGE, home.cache().toString());
        if (emptyCache) {
            settings.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        }
        settings.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(StartLevels.WATCHER));
        // Agrona reads memory through it; the launcher's manifest opens it to the class path, this line to the bundles.
        settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "jdk.internal.misc");
        // Felix would print a stack trace for each bundle that does not start; BundleProblems says it in one line.
        settings.put("felix.log.level", "0");

        settings.put("felix.cm.dir", home.configurations().toString());
        settings.put("ds.loglevel", "warn");

        settings.put("felix.fileinstall.dir", home.etc() + "," + home.deploy());
        settings.put("felix.fileinstall.filter", "[^.].*\\.(cfg|jar)");
        settings.put("felix.fileinstall.tmpdir", home.var().resolve("tmp").toString());
        settings.put("felix.fileinstall.poll", "500");
        settings.put("felix.fileinstall.noInitialDelay", "true");
        settings.put("felix.fileinstall.enableConfigSave", "false");
        settings.put("felix.fileinstall.log.default", "jul");
        settings.put("felix.fileinstall.log.level", "3");
        settings.put("felix.fileinstall.start.level", Integer.toString(StartLevels.RUNTIME));
        // Started anew by each scan of deploy: a bundle that was removed while nothing ran never starts again.
        settings.put("felix.fileinstall.bundles.startTransient", "true");
        return settings;
    }
}
