package io.hioload.launcher;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folders of an installed distribution. Only {@code var} is written to. Immutable.
 *
 * @param root absolute path of the folder that holds {@code bin}, {@code etc}, {@code deploy}, {@code lib} and {@code var}
 */
record Home(Path root) {

    /** The installation that this class was loaded from: its jar lies in {@code lib}. */
    static Home ofThisJar() throws IOException {
        try {
            Path jar = Path.of(Home.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Home home = new Home(jar.toRealPath().getParent().getParent());
            if (!Files.isDirectory(home.bundles())) {
                throw new IOException("no folder " + home.bundles());
            }
            return home;
        } catch (URISyntaxException e) {
            throw new IOException("cannot tell where the distribution lies: " + e.getMessage(), e);
        }
    }

    Path bundles() {
        return root.resolve("lib").resolve("bundles");
    }

    Path etc() {
        return root.resolve("etc");
    }

    Path deploy() {
        return root.resolve("deploy");
    }

    Path var() {
        return root.resolve("var");
    }

    Path cache() {
        return var().resolve("cache");
    }

    /** What the cache was made from. */
    Path cacheContents() {
        return var().resolve("cache.contents");
    }

    /** Where the JVM keeps loaded classes; the name is in {@code bin/hioload} too. */
    Path classArchive() {
        return var().resolve("classes.jsa");
    }

    /** Where Config Admin keeps what it was given. */
    Path configurations() {
        return var().resolve("config");
    }
}
