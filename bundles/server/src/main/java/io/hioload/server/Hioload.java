package io.hioload.server;

/**
 * The way in for plain Java:
 * {@snippet :
 * try (HioloadServer server = Hioload.server()
 *         .port(9001)
 *         .handle("/echo", (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length))
 *         .start()) {
 *     server.awaitStopped();
 * }
 * }
 * The JVM needs {@code --add-opens java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED}.
 */
public final class Hioload {

    private Hioload() {
    }

    /**
     * Begins a server.
     *
     * @return a builder with every key at its default
     */
    public static ServerBuilder server() {
        return new ServerBuilder();
    }
}
