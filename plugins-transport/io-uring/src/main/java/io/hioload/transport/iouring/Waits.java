package io.hioload.transport.iouring;

import static io.hioload.transport.iouring.ConnectionTable.CONNECTING;
import static io.hioload.transport.iouring.ConnectionTable.DETACHING;
import static io.hioload.transport.iouring.ConnectionTable.PAUSED;
import static io.hioload.transport.iouring.ConnectionTable.RECEIVING;
import static io.hioload.transport.iouring.ConnectionTable.WAITING;
import static io.hioload.transport.iouring.ConnectionTable.WAIT_CANCELLED;
import static io.hioload.transport.iouring.ConnectionTable.WATCHED;
import static io.hioload.transport.iouring.ConnectionTable.WATCH_CANCELLED;

/**
 * What connections wait for besides bytes: that the socket takes more, and that the connection breaks while nothing is
 * received. The loop's thread only.
 */
final class Waits {

    private final Submissions submissions;
    private final ConnectionTable table;

    Waits(Submissions submissions, ConnectionTable table) {
        this.submissions = submissions;
        this.table = table;
    }

    /** Waits until the socket is connected or takes bytes. */
    void awaitWritable(int slot) {
        table.set(slot, WAITING);
        submissions.writable(table.fd(slot), table.generation(slot), slot);
    }

    /**
     * Watches a connection whose receiving is off, unless that is done. It goes on when receiving is on again: one poll for
     * each connection that was ever paused costs less than a cancel for each pause.
     */
    void watch(int slot) {
        if (!table.has(slot, WATCHED | DETACHING | CONNECTING)) {
            table.set(slot, WATCHED);
            submissions.broken(table.fd(slot), table.generation(slot), slot);
        }
    }

    /** Whether only the watch can tell that a connection broke: a receive would. */
    boolean isAloneWatching(int slot) {
        return table.has(slot, PAUSED) && !table.has(slot, RECEIVING);
    }

    /** Takes both back. */
    void cancel(int slot) {
        if (table.has(slot, WAITING) && !table.has(slot, WAIT_CANCELLED)) {
            table.set(slot, WAIT_CANCELLED);
            submissions.cancel(Operation.WRITABLE, table.generation(slot), slot);
        }
        if (table.has(slot, WATCHED) && !table.has(slot, WATCH_CANCELLED)) {
            table.set(slot, WATCH_CANCELLED);
            submissions.cancel(Operation.BROKEN, table.generation(slot), slot);
        }
    }
}
