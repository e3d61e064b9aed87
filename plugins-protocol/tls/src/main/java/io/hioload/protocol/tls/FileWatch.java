package io.hioload.protocol.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks at some files now and then, on a thread of its own, and tells when one of them was replaced or changed: by time, size and
 * inode, through symbolic links. Any thread.
 */
final class FileWatch {

    private final ScheduledExecutorService thread;
    private final Runnable changed;
    private Future<?> looking;
    private List<Path> files = List.of();
    private List<String> seen = List.of();

    FileWatch(String owner, Runnable changed) {
        this.changed = changed;
        this.thread = Executors.newSingleThreadScheduledExecutor(run -> {
            Thread made = new Thread(run, "hioload-tls-files-" + owner);
            made.setDaemon(true);
            return made;
        });
    }

    /** From now on these files; a period of 0 is never. */
    synchronized void watch(List<Path> these, long periodNs) {
        if (looking != null) {
            looking.cancel(false);
            looking = null;
        }
        files = these;
        seen = look();
        if (periodNs > 0 && !files.isEmpty()) {
            looking = thread.scheduleWithFixedDelay(this::compare, periodNs, periodNs, TimeUnit.NANOSECONDS);
        }
    }

    private void compare() {
        synchronized (this) {
            List<String> now = look();
            if (now.equals(seen)) {
                return;
            }
            seen = now;
        }
        changed.run();
    }

    private List<String> look() {
        List<String> states = new ArrayList<>();
        for (Path file : files) {
            try {
                var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                states.add(attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey());
            } catch (IOException e) {
                states.add(e.toString());
            }
        }
        return states;
    }

    void close() {
        thread.shutdownNow();
    }
}
