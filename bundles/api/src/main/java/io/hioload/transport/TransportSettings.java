package io.hioload.transport;

import java.util.Map;

/**
 * What a loop is tuned by.
 *
 * @param receiveBytes size of the buffer (or of each buffer) that a receive is done into
 * @param properties   settings of one kind of transport only, such as {@code io_uring.entries}; unknown ones are
 *                     ignored by the others
 */
public record TransportSettings(int receiveBytes, Map<String, String> properties) {

    /** Receive buffer when none is given: 64 KiB. */
    public static final int DEFAULT_RECEIVE_BYTES = 64 << 10;

    /** The defaults. */
    public static final TransportSettings DEFAULT = new TransportSettings(DEFAULT_RECEIVE_BYTES, Map.of());
}
