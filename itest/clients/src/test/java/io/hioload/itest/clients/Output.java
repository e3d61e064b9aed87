package io.hioload.itest.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process prints, line by line. A thread of its own reads until the process ends; any thread may wait for lines. */
final class Output {

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);

    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    Output(Process process) {
        Thread.ofVirtual().start(() -> read(process));
    }

    /** Waits for a line that the pattern is found in, among those printed so far and those to come. */
    Matcher await(String pattern) throws InterruptedException {
        return await(pattern, 0);
    }

    /** The same, passing over so many lines. */
    synchronized Matcher await(String pattern, int from) throws InterruptedException {
        Pattern compiled = Pattern.compile(pattern);
        long end = System.nanoTime() + DEADLINE_NS;
        for (int next = from;; next++) {
            while (next >= lines.size()) {
                long leftNs = end - System.nanoTime();
                if (ended || leftNs <= 0) {
                    throw new AssertionError((ended ? "ended" : "waited in vain") + " without a line with /" + pattern + "/:\n" + this);
                }
                TimeUnit.NANOSECONDS.timedWait(this, leftNs);
            }
            Matcher found = compiled.matcher(lines.get(next));
            if (found.find()) {
                return found;
            }
        }
    }

    /** How many lines there are so far. */
    synchronized int size() {
        return lines.size();
    }

    /** Lines from one on that the pattern is found in. */
    synchronized List<String> matching(String pattern, int from) {
        Pattern compiled = Pattern.compile(pattern);
        return lines.subList(from, lines.size()).stream().filter(line -> compiled.matcher(line).find()).toList();
    }

    /** All lines, when the process has closed its output. */
    synchronized List<String> all() throws InterruptedException {
        long end = System.nanoTime() + DEADLINE_NS;
        while (!ended) {
            long leftNs = end - System.nanoTime();
            if (leftNs <= 0) {
                throw new AssertionError("still printing:\n" + this);
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNs);
        }
        return List.copyOf(lines);
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", lines);
    }

    private void read(Process process) {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("cannot read on: " + e);
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }
}
