package io.hioload.affinity.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The files under /sys and /proc by which Linux tells of itself, or a copy of them below another root. What is missing or
 * cannot be read (a container may hide anything) reads as empty. Any thread; holds nothing.
 */
record SystemFiles(Path root) {

    Path path(String name) {
        return root.resolve(name);
    }

    boolean has(Path file) {
        return Files.exists(file);
    }

    /** The text of a file without white space around it; empty if there is none. */
    String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** A whole number out of a file. */
    long number(Path file, long otherwise) {
        try {
            return Long.parseLong(text(file));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** What a directory has of a prefix, in the order of the numbers that follow it, such as cpu0, cpu1, cpu10. */
    List<Path> numbered(Path directory, String prefix) {
        List<Path> found = matching(directory, prefix + "[0-9]*");
        found.removeIf(path -> !suffix(path, prefix).chars().allMatch(Character::isDigit));
        found.sort((a, b) -> Integer.compare(numberOf(a, prefix), numberOf(b, prefix)));
        return found;
    }

    /** What a directory has that matches a glob, in the order of names. */
    List<Path> matching(Path directory, String glob) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            return found; // there is no such directory
        }
        Collections.sort(found);
        return found;
    }

    static int numberOf(Path path, String prefix) {
        return Integer.parseInt(suffix(path, prefix));
    }

    private static String suffix(Path path, String prefix) {
        return path.getFileName().toString().substring(prefix.length());
    }
}
