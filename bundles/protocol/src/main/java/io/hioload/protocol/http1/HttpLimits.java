package io.hioload.protocol.http1;

/**
 * How large a message head may be. Immutable; any thread.
 *
 * @param maxHeadBytes   the whole head with its line ends; more is answered with 431
 * @param maxHeaders     header lines; more is answered with 431
 * @param maxTargetBytes the request target; more is answered with 414
 */
public record HttpLimits(int maxHeadBytes, int maxHeaders, int maxTargetBytes) {

    /** Head size when none is given: 8 KiB. */
    public static final int DEFAULT_MAX_HEAD_BYTES = 8 << 10;
    /** Header lines when none are given. */
    public static final int DEFAULT_MAX_HEADERS = 100;
    /** Target size when none is given: 4 KiB. */
    public static final int DEFAULT_MAX_TARGET_BYTES = 4 << 10;

    /** The defaults. */
    public static final HttpLimits DEFAULT = new HttpLimits(DEFAULT_MAX_HEAD_BYTES, DEFAULT_MAX_HEADERS, DEFAULT_MAX_TARGET_BYTES);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a limit is below 1
     */
    public HttpLimits {
        if (maxHeadBytes < 1 || maxHeaders < 1 || maxTargetBytes < 1) {
            throw new IllegalArgumentException("limits must be at least 1: " + maxHeadBytes + ", " + maxHeaders + ", " + maxTargetBytes);
        }
    }
}
