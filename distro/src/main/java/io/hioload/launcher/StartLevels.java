package io.hioload.launcher;

/**
 * The order in which bundles start; they stop in the reverse order.
 *
 * <p>File Install comes last, so that every transport and endpoint is there before it hands the first configuration to
 * Config Admin: a server that is configured earlier would choose among the transports that happened to be up. When
 * stopping, the servers go first, so that they drain while everything they stand on still works.
 */
final class StartLevels {

    /** The OSGi services and third-party libraries. */
    static final int FOUNDATION = 1;
    /** Our bundles, and what is dropped into {@code deploy}. */
    static final int RUNTIME = 2;
    /** What serves and connects, and drains when it stops. */
    static final int SERVERS = 3;
    /** What watches {@code etc} and {@code deploy}. */
    static final int WATCHER = 4;

    private StartLevels() {
    }

    /** The level of a bundle of {@code lib/bundles}, by its symbolic name. */
    static int of(String symbolicName) {
        return switch (symbolicName) {
            case "org.apache.felix.fileinstall" -> WATCHER;
            case "io.hioload.server", "io.hioload.client" -> SERVERS;
            default -> symbolicName.startsWith("io.hioload.") ? RUNTIME : FOUNDATION;
        };
    }
}
