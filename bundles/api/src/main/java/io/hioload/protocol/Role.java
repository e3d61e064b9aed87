package io.hioload.protocol;

/** The side of a WebSocket connection that a codec works for. */
public enum Role {
    /** Expects masked frames, sends unmasked ones. */
    SERVER,
    /** Expects unmasked frames, sends masked ones. */
    CLIENT
}
