package io.hioload.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Tells whether the framework's cache was made from the jars that lie in {@code lib} now, at the place where they lie now.
 * By content, because every file of a reproducible build has the same date, and by date, because the JVM's archive of
 * classes goes by it. Reads about 4 MB, which takes a few milliseconds.
 */
final class CacheContents {

    private final Path file;
    private final String now;

    private CacheContents(Path file, String now) {
        this.file = file;
        this.now = now;
    }

    static CacheContents of(Home home, List<Path> jars) throws IOException {
        StringBuilder text = new StringBuilder().append(home.root()).append('\n');
        try (Stream<Path> framework = Files.list(home.bundles().getParent())) {
            for (Path jar : Stream.concat(framework.filter(Files::isRegularFile).sorted(), jars.stream()).toList()) {
                CRC32 crc = new CRC32();
                crc.update(Files.readAllBytes(jar));
                text.append(jar.getFileName()).append(' ').append(Long.toHexString(crc.getValue())).append(' ')
                        .append(Files.getLastModifiedTime(jar).toMillis()).append('\n');
            }
        }
        return new CacheContents(home.cacheContents(), text.toString());
    }

    /** Whether the cache may be used again as it is. */
    boolean unchanged() throws IOException {
        return Files.exists(file) && Files.readString(file).equals(now);
    }

    /** Call it before the cache is emptied: if that is interrupted, the next start empties it again. */
    void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Call it once the cache holds what {@code lib} holds. */
    void remember() throws IOException {
        Files.writeString(file, now);
    }
}
