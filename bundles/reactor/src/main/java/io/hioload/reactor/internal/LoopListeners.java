package io.hioload.reactor.internal;

import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import java.net.SocketAddress;
import java.util.Arrays;

/**
 * The listening sockets of one reactor by their number, the smallest free one for each new socket, and on which of its loops
 * each is. Its thread only.
 */
final class LoopListeners {

    private final EventLoop loop;
    private Acceptor[] acceptors = new Acceptor[1];
    private int[] places = new int[1];

    LoopListeners(EventLoop loop) {
        this.loop = loop;
    }

    Acceptor acceptor(int number) {
        return acceptors[number];
    }

    private int free() {
        for (int number = 0; number < acceptors.length; number++) {
            if (acceptors[number] == null) {
                return number;
            }
        }
        int before = acceptors.length;
        acceptors = Arrays.copyOf(acceptors, before * 2);
        places = Arrays.copyOf(places, before * 2);
        return before;
    }

    /**
     * Listens.
     *
     * @param local    address
     * @param options  how
     * @param acceptor deals with its connections
     * @return the number of the socket, or a negative status
     */
    int listen(SocketAddress local, ListenOptions options, Acceptor acceptor) {
        if (loop.tasks().isStopping()) {
            return Status.CLOSED;
        }
        int number = free();
        acceptors[number] = acceptor;
        return kept(number, loop.transports().place(), loop.transport().listen(number, local, options));
    }

    /**
     * Takes a listening socket over.
     *
     * @param handle   of the socket; still the caller's when the result is negative
     * @param acceptor deals with its connections
     * @return the number of the socket, or a negative status
     */
    int adopt(DetachedHandle handle, Acceptor acceptor) {
        int place = loop.transports().placeFor(handle.kind());
        if (place < 0 || loop.tasks().isStopping()) {
            return place < 0 ? Status.NOT_SUPPORTED : Status.CLOSED;
        }
        int number = free();
        acceptors[number] = acceptor;
        return kept(number, place, loop.transportAt(place).adoptListener(number, handle.value()));
    }

    private int kept(int number, int place, int status) {
        if (status != Status.OK) {
            acceptors[number] = null;
            return status;
        }
        places[number] = place;
        return number;
    }

    /** The address that a socket is bound to; null if its loop does not know. */
    SocketAddress localAddress(int number) {
        return loop.transportAt(places[number]).localAddress(number);
    }

    /**
     * Gives a listening socket away.
     *
     * @param number of the socket
     * @return its handle, or null
     */
    DetachedHandle detach(int number) {
        if (acceptors[number] == null) {
            return null;
        }
        int place = places[number];
        long handle = loop.transportAt(place).detachListener(number);
        if (handle < 0) {
            return null;
        }
        acceptors[number] = null;
        return loop.transports().handle(place, handle);
    }

    /**
     * Brings the sockets of one loop to another one, with their accept queues. What the other one does not take goes back and
     * is asked for again in a later turn.
     *
     * @return how many it has taken
     */
    int moveAll(int from, int to) {
        int moved = 0;
        for (int number = 0; number < acceptors.length; number++) {
            if (acceptors[number] != null && places[number] == from) {
                long handle = loop.transportAt(from).detachListener(number);
                if (handle >= 0 && loop.transportAt(to).adoptListener(number, handle) == Status.OK) {
                    places[number] = to;
                    moved++;
                } else if (handle >= 0 && loop.transportAt(from).adoptListener(number, handle) != Status.OK) {
                    loop.transports().handle(from, handle).dispose();
                    acceptors[number] = null;
                }
            }
        }
        return moved;
    }

    boolean isOnOlderLoop(int number) {
        return places[number] != loop.transports().place();
    }

    boolean isAnyAt(int place) {
        for (int number = 0; number < acceptors.length; number++) {
            if (acceptors[number] != null && places[number] == place) {
                return true;
            }
        }
        return false;
    }

    void closeAt(int place) {
        for (int number = 0; number < acceptors.length; number++) {
            if (places[number] == place) {
                close(number);
            }
        }
    }

    /** The loop of these sockets is lost, and they with it. */
    void loseAt(int place) {
        for (int number = 0; number < acceptors.length; number++) {
            if (places[number] == place) {
                acceptors[number] = null;
            }
        }
    }

    void close(int number) {
        if (acceptors[number] != null) {
            loop.transportAt(places[number]).unlisten(number);
            acceptors[number] = null;
        }
    }

    /** Closes a socket after what waits in its accept queue was accepted, as far as one can see. */
    void drainAndClose(int number) {
        if (acceptors[number] != null) {
            loop.transports().drain(places[number]);
            close(number);
        }
    }

    void closeAll() {
        for (int number = 0; number < acceptors.length; number++) {
            close(number);
        }
    }
}
