package io.hioload.transport;

/**
 * Whether a transport can be used on this machine, now.
 *
 * @param usable true if {@link TransportProvider#open} is expected to succeed
 * @param reason why not, with the figure or setting that is in the way; empty when usable
 */
public record Availability(boolean usable, String reason) {

    /** It can be used. */
    public static final Availability USABLE = new Availability(true, "");

    /**
     * It cannot be used.
     *
     * @param reason such as {@code needs Linux, this is Windows 11}
     * @return the answer
     */
    public static Availability unusable(String reason) {
        return new Availability(false, reason);
    }
}
