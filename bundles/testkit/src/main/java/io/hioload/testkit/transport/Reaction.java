package io.hioload.testkit.transport;

import io.hioload.buffer.Buffer;
import io.hioload.transport.Status;

/** What a test does about a connection's events, on the loop's thread. The harness has checked and counted them before. */
interface Reaction {

    /** Collects what arrives. */
    Reaction COLLECT = new Reaction() {
    };

    /** Sends back what arrives and holds the peer back while too much waits. */
    Reaction ECHO = new Reaction() {
        private static final int HIGH_BYTES = 1 << 20;
        private static final int LOW_BYTES = 256 << 10;

        @Override
        public void onReceive(Link link, Buffer buffer, int offset, int length) {
            link.send(buffer.retain(), offset, length);
            if (link.unsentBytes > HIGH_BYTES && !link.paused) {
                link.receiving(false);
            }
        }

        @Override
        public void onSent(Link link, int status) {
            if (status == Status.OK && link.paused && link.unsentBytes < LOW_BYTES && link.isOpen()) {
                link.receiving(true);
            }
        }
    };

    /**
     * The connection is open on this loop: accepted, connected or adopted. For an accepted one the loop does not know
     * the id yet.
     *
     * @param link connection
     */
    default void onOpen(Link link) {
    }

    /**
     * Bytes arrived.
     *
     * @param link   connection
     * @param buffer holds them
     * @param offset first byte
     * @param length at least 1
     */
    default void onReceive(Link link, Buffer buffer, int offset, int length) {
        link.collect(buffer, offset, length);
    }

    /**
     * The peer sent FIN.
     *
     * @param link connection
     */
    default void onEndOfInput(Link link) {
    }

    /**
     * A send ended; the harness has released the buffer.
     *
     * @param link   connection
     * @param status of the send
     */
    default void onSent(Link link, int status) {
    }
}
