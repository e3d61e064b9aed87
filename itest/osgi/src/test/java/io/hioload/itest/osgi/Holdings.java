package io.hioload.itest.osgi;

import io.hioload.control.Control;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * What the process holds at one moment: threads by name, descriptors by kind, services by class and bundle, and what the
 * servers' probes say is in use. Numbers in names do not count, so that a thing and its successor look the same.
 *
 * @param counts how many of each
 */
record Holdings(Map<String, Integer> counts) {

    /** Threads of pools that grow and shrink by themselves: the JDK's, and the one by which the test is called. */
    private static final Pattern OF_THE_JVM = Pattern.compile("ForkJoinPool\\.commonPool|RMI ");

    /** What a probe shows that must be back at its old value; counters only grow. */
    private static final Pattern IN_USE = Pattern
            .compile("^(?!.*\\.counters\\.).*\\.(connections|sessions|timers|inUse|inUseBuffers|oversizedBuffers)$");

    static Holdings now(BundleContext context) throws IOException, InvalidSyntaxException {
        Map<String, Integer> counts = new TreeMap<>();
        Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(name -> !OF_THE_JVM.matcher(name).lookingAt())
                .forEach(name -> count(counts, "thread " + name));
        descriptors(counts);
        services(context, counts);
        slots(context, counts);
        return new Holdings(counts);
    }

    /** Whether no client of a test is connected, or closing. */
    boolean withoutClients() {
        return counts.entrySet().stream().noneMatch(entry -> entry.getKey().contains("HttpClient")
                || entry.getKey().endsWith(".connections") && entry.getValue() > 0);
    }

    /** What this has more of than the other. */
    Map<String, Integer> minus(Holdings other) {
        Map<String, Integer> more = new TreeMap<>();
        counts.forEach((what, n) -> {
            int rest = n - other.counts.getOrDefault(what, 0);
            if (rest > 0) {
                more.put(what, rest);
            }
        });
        return more;
    }

    private static void descriptors(Map<String, Integer> counts) throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open) {
                try {
                    count(counts, "descriptor " + Files.readSymbolicLink(descriptor));
                } catch (NoSuchFileException closedMeanwhile) {
                    // such as the one that this loop reads from
                }
            }
        }
    }

    private static void services(BundleContext context, Map<String, Integer> counts) throws InvalidSyntaxException {
        for (ServiceReference<?> service : Objects.requireNonNull(context.getAllServiceReferences(null, null))) {
            Bundle owner = service.getBundle();
            if (owner != null) {
                count(counts, "service " + Arrays.toString((String[]) service.getProperty(Constants.OBJECTCLASS)) + " of "
                        + owner.getSymbolicName());
            }
        }
    }

    private static void slots(BundleContext context, Map<String, Integer> counts) throws InvalidSyntaxException {
        for (ServiceReference<Control> reference : context.getServiceReferences(Control.class, "(hioload.server=*)")) {
            Control control = context.getService(reference);
            if (control != null) {
                control.probes().forEach(probe -> inUse(probe.probeName(), probe.probe(), counts));
                context.ungetService(reference);
            }
        }
    }

    private static void inUse(String path, Object value, Map<String, Integer> counts) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> inUse(path + "." + key, inner, counts));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                inUse(path + "[" + i + "]", list.get(i), counts);
            }
        } else if (value instanceof Number number && IN_USE.matcher(path).find()) {
            counts.put("in use " + path, number.intValue());
        }
    }

    private static void count(Map<String, Integer> counts, String what) {
        counts.merge(what.replaceAll("\\d+", "#"), 1, Integer::sum);
    }
}
