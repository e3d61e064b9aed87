package io.hioload.protocol;

/**
 * What a decoder accepts.
 *
 * @param maxMessageBytes payload of one message over all its frames; more is answered with 1009
 * @param maxFrameBytes   payload of one data frame; more is answered with 1009
 * @param maxFragments    frames of one message; more is answered with 1008
 */
public record FrameLimits(int maxMessageBytes, int maxFrameBytes, int maxFragments) {

    /** Message size when none is given: 16 MiB. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 16 << 20;
    /** Frame size when none is given: 16 MiB. */
    public static final int DEFAULT_MAX_FRAME_BYTES = 16 << 20;
    /** Fragments when none is given: 131,072. Conformance suites send 4 MiB in 65,537. */
    public static final int DEFAULT_MAX_FRAGMENTS = 131_072;

    /** The defaults. */
    public static final FrameLimits DEFAULT = new FrameLimits(DEFAULT_MAX_MESSAGE_BYTES, DEFAULT_MAX_FRAME_BYTES, DEFAULT_MAX_FRAGMENTS);
}
