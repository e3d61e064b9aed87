package io.hioload.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file in which the JVM keeps the classes of a first run parsed and verified, for the next start to map (dynamic class
 * data sharing; the option is in {@code bin/hioload}). The JVM makes the file when it ends in order, and makes it again
 * when it comes from another JVM or has been damaged. It does not see two things, which are seen to here: that the bundles
 * are others, and that it was killed while it wrote.
 *
 * <p>Deleted while this JVM may have it mapped, which is why it can fail on Windows; it is then as slow as without.
 */
final class ClassArchive {

    private static final System.Logger LOG = System.getLogger("io.hioload.launcher");

    private final Path file;

    ClassArchive(Path file) {
        this.file = file;
    }

    /**
     * Deletes what is of no use to the next start.
     *
     * @param sameJars whether {@code lib} holds what it held at the last start
     */
    void check(boolean sameJars) {
        try {
            if (Files.exists(file) && !(sameJars && isComplete())) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0} cannot be deleted: {1}", file, e.getMessage());
        }
    }

    /** The header, which begins with a number other than 0, is written last. */
    private boolean isComplete() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            for (byte b : in.readNBytes(Integer.BYTES)) {
                if (b != 0) {
                    return true;
                }
            }
            return false;
        }
    }
}
