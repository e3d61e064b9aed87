package io.hioload.reactor.internal;

import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import java.net.SocketAddress;
import java.util.Arrays;

/** The listening sockets of one reactor by their number, the smallest free one for each new socket. Its thread only. */
final class LoopListeners {

    private final EventLoop loop;
    private Acceptor[] acceptors = new Acceptor[1];

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
        acceptors = Arrays.copyOf(acceptors, acceptors.length * 2);
        return acceptors.length / 2;
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
        return kept(number, loop.transport().listen(number, local, options));
    }

    /**
     * Takes a listening socket over.
     *
     * @param handle   of the socket; still the caller's when the result is negative
     * @param acceptor deals with its connections
     * @return the number of the socket, or a negative status
     */
    int adopt(long handle, Acceptor acceptor) {
        if (loop.tasks().isStopping()) {
            return Status.CLOSED;
        }
        int number = free();
        acceptors[number] = acceptor;
        return kept(number, loop.transport().adoptListener(number, handle));
    }

    private int kept(int number, int status) {
        if (status != Status.OK) {
            acceptors[number] = null;
            return status;
        }
        return number;
    }

    /**
     * Gives a listening socket away.
     *
     * @param number of the socket
     * @return its handle, or a negative status
     */
    long detach(int number) {
        long handle = loop.transport().detachListener(number);
        if (handle >= 0) {
            acceptors[number] = null;
        }
        return handle;
    }

    void close(int number) {
        if (acceptors[number] != null) {
            loop.transport().unlisten(number);
            acceptors[number] = null;
        }
    }

    void closeAll() {
        for (int number = 0; number < acceptors.length; number++) {
            close(number);
        }
    }
}
