package io.hioload.transport.iouring;

import io.hioload.transport.TransportException;
import io.hioload.transport.TransportSettings;
import java.util.Map;

/**
 * The settings of this transport, checked.
 *
 * @param entries      length of the submission queue
 * @param buffers      how many receive buffers there are
 * @param receiveBytes size of each
 * @param wanted       what to make use of where the kernel has it
 */
record UringSettings(int entries, int buffers, int receiveBytes, Features wanted) {

    static final String ENTRIES = "io_uring.entries";
    static final String BUFFERS = "io_uring.buffers";
    static final String WITHOUT = "io_uring.without";

    /** 32 KiB of submissions and 64 KiB of completions, which stay in the cache; a longer turn enters more often. */
    static final int DEFAULT_ENTRIES = 512;
    /** With 64 KiB each they fit into the second-level cache; twice as many were slower at 16 KiB messages. */
    static final int DEFAULT_BUFFERS = 16;

    /** A completion for each of so many operations before the kernel has to keep a list. */
    static final int COMPLETIONS_PER_ENTRY = 8;

    private static final int MOST_ENTRIES = 32_768 / COMPLETIONS_PER_ENTRY;
    private static final int MOST_BUFFERS = 32_768;

    static UringSettings of(TransportSettings settings) throws TransportException {
        Map<String, String> properties = settings.properties();
        String without = properties.getOrDefault(WITHOUT, "");
        Features wanted;
        try {
            wanted = Features.without(without);
        } catch (IllegalArgumentException e) {
            throw new TransportException(WITHOUT + " = " + without + ": a comma-separated list of no_sqarray, registered_ring, "
                    + "incremental_buffers");
        }
        return new UringSettings(powerOfTwo(properties, ENTRIES, DEFAULT_ENTRIES, 8, MOST_ENTRIES),
                powerOfTwo(properties, BUFFERS, DEFAULT_BUFFERS, 1, MOST_BUFFERS), settings.receiveBytes(), wanted);
    }

    private static int powerOfTwo(Map<String, String> properties, String key, int otherwise, int least, int most)
            throws TransportException {
        String text = properties.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= least && value <= most && Integer.bitCount(value) == 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TransportException(key + " = " + text + ": a power of two from " + least + " to " + most);
    }
}
