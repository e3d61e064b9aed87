package io.hioload.bench.load;

import java.util.Arrays;

/**
 * Messages of one connection that the server sends to all of them: the next one is sent when the last connection has the one
 * before, so that nobody is flooded and each delivery can be timed. The one reactor's thread only. Allocates nothing for a message.
 */
final class Broadcast {

    private final int receivers;
    /** By number modulo what is in flight. */
    private final int[] missing;
    private LoadConnection publisher;

    Broadcast(int receivers, int inFlight) {
        this.receivers = receivers;
        this.missing = new int[inFlight];
        Arrays.fill(missing, receivers);
    }

    /** Whether it is this one that sends; the first to ask with index 0 is. */
    boolean isPublisher(LoadConnection connection) {
        if (publisher == null && connection.index() == 0) {
            publisher = connection;
        }
        return publisher == connection;
    }

    LoadConnection publisher() {
        return publisher;
    }

    /** One more connection has a message; true if it was the last. */
    boolean delivered(long number) {
        int slot = (int) (number % missing.length);
        if (--missing[slot] > 0) {
            return false;
        }
        missing[slot] = receivers;
        return true;
    }
}
