package io.hioload.transport.iouring;

import io.hioload.control.Counters;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A set of features: what is wanted before a ring is opened, what is there afterwards. Immutable.
 *
 * @param set not to be changed
 */
record Features(Set<Feature> set) {

    static final Features ALL = new Features(EnumSet.allOf(Feature.class));
    static final List<String> NAMES = Arrays.stream(Feature.values()).map(Feature::label).toList();

    /**
     * Less than all.
     *
     * @param labels comma-separated
     * @return all but these
     * @throws IllegalArgumentException if there is no such feature; the message is its name
     */
    static Features without(String labels) {
        Features features = ALL;
        for (String label : labels.split(",")) {
            if (!label.isBlank()) {
                features = features.with(named(label.strip()), false);
            }
        }
        return features;
    }

    private static Feature named(String label) {
        return Arrays.stream(Feature.values()).filter(feature -> feature.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(label));
    }

    boolean has(Feature feature) {
        return set.contains(feature);
    }

    Features with(Feature feature, boolean there) {
        EnumSet<Feature> changed = EnumSet.copyOf(set);
        if (there) {
            changed.add(feature);
        } else {
            changed.remove(feature);
        }
        return new Features(changed);
    }

    /**
     * What is wanted but not there.
     *
     * @param wanted the set to compare with
     * @return names, separated by commas
     */
    String missing(Features wanted) {
        return Arrays.stream(Feature.values()).filter(feature -> wanted.has(feature) && !has(feature)).map(Feature::label)
                .collect(Collectors.joining(", "));
    }

    /** Shows each as a gauge of 1 or 0. */
    void publish(Counters counters) {
        for (Feature feature : Feature.values()) {
            counters.counter("io_uring.feature." + feature.label()).add(has(feature) ? 1 : 0);
        }
    }
}
