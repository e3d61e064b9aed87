package io.hioload.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The folder {@code var} while one process uses it. Holds a file lock until it is closed; Felix makes a lock file of its
 * own but does not look whether it got the lock.
 */
final class WorkFolder implements AutoCloseable {

    private final FileChannel channel;

    private WorkFolder(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the folder, makes it if need be, and empties what must not outlive a process.
     *
     * @throws IOException if another process has it, or it cannot be written
     */
    static WorkFolder take(Home home) throws IOException {
        Files.createDirectories(home.var());
        FileChannel channel = FileChannel.open(home.var().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new IOException("another hioload runs from " + home.root());
        }
        // Config Admin keeps a copy of what it was given. From that copy it would configure servers before every transport
        // is up, and bring back those whose file was removed in the meantime: etc is the only truth.
        delete(home.configurations());
        return new WorkFolder(channel);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
