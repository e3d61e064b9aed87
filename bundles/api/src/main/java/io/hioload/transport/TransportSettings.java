package io.hioload.transport;

import java.util.Map;

/**
 * What a loop is tuned by.
 *
 * @param receiveBytes size of the buffer (or of each buffer) that a receive is done into
 * @param busyPollUs   for so many microseconds a wait polls the network device instead of sleeping until its interrupt,
 *                     where the system, the device and the process's rights allow (SO_BUSY_POLL, socket(7)); 0 for not
 * @param properties   settings of one kind of transport only, such as {@code transport.io_uring.entries}; unknown ones are
 *                     ignored by the others
 */
public record TransportSettings(int receiveBytes, int busyPollUs, Map<String, String> properties) {

    /** Receive buffer when none is given: 64 KiB. */
    public static final int DEFAULT_RECEIVE_BYTES = 64 << 10;

    /** The defaults. */
    public static final TransportSettings DEFAULT = new TransportSettings(DEFAULT_RECEIVE_BYTES, Map.of());

    /**
     * Settings without busy polling.
     *
     * @param receiveBytes size of the buffer (or of each buffer) that a receive is done into
     * @param properties   settings of one kind of transport only
     */
    public TransportSettings(int receiveBytes, Map<String, String> properties) {
        this(receiveBytes, 0, properties);
    }
}
