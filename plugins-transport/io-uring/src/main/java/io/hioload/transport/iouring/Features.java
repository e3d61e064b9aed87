package io.hioload.transport.iouring;

import io.hioload.control.Counters;
import java.util.StringJoiner;

/**
 * What a kernel may lack without the transport being lost: what is wanted before a ring is opened, what is there
 * afterwards. Immutable.
 *
 * @param noSqArray          the submission queue has no index array (Linux 6.6)
 * @param registeredRing     the ring is entered without looking its descriptor up (Linux 5.18)
 * @param incrementalBuffers receives fill a buffer one after the other (Linux 6.12)
 */
record Features(boolean noSqArray, boolean registeredRing, boolean incrementalBuffers) {

    static final Features ALL = new Features(true, true, true);

    /**
     * Less than all.
     *
     * @param names comma-separated, of {@code no_sqarray}, {@code registered_ring}, {@code incremental_buffers}
     * @return all but these
     */
    static Features without(String names) {
        boolean noSqArray = true;
        boolean registeredRing = true;
        boolean incrementalBuffers = true;
        for (String name : names.split(",")) {
            switch (name.strip()) {
                case "no_sqarray" -> noSqArray = false;
                case "registered_ring" -> registeredRing = false;
                case "incremental_buffers" -> incrementalBuffers = false;
                case "" -> {
                }
                default -> throw new IllegalArgumentException(name.strip());
            }
        }
        return new Features(noSqArray, registeredRing, incrementalBuffers);
    }

    Features withNoSqArray(boolean there) {
        return new Features(there, registeredRing, incrementalBuffers);
    }

    Features withRegisteredRing(boolean there) {
        return new Features(noSqArray, there, incrementalBuffers);
    }

    Features withIncrementalBuffers(boolean there) {
        return new Features(noSqArray, registeredRing, there);
    }

    /**
     * What is not there.
     *
     * @return names, separated by commas
     */
    String missing() {
        StringJoiner names = new StringJoiner(", ");
        if (!noSqArray) {
            names.add("no_sqarray");
        }
        if (!registeredRing) {
            names.add("registered_ring");
        }
        if (!incrementalBuffers) {
            names.add("incremental_buffers");
        }
        return names.toString();
    }

    /** Shows each as a gauge of 1 or 0. */
    void publish(Counters counters) {
        counters.counter("io_uring.feature.no_sqarray").add(noSqArray ? 1 : 0);
        counters.counter("io_uring.feature.registered_ring").add(registeredRing ? 1 : 0);
        counters.counter("io_uring.feature.incremental_buffers").add(incrementalBuffers ? 1 : 0);
    }
}
