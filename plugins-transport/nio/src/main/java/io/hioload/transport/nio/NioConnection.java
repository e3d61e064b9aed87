package io.hioload.transport.nio;

import io.hioload.transport.Status;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The state of one connection of a {@link NioLoop}, which alone touches it. */
final class NioConnection {

    final long id;
    final SocketChannel channel;
    SelectionKey key;

    /** Not connected yet. */
    boolean connecting;
    /** Receiving was turned off. */
    boolean paused;
    /** Closing by FLUSH. */
    boolean flushing;
    /** Our FIN went out. */
    boolean finSent;
    /** The peer's FIN came. */
    boolean inputEnded;
    /** No longer in the table. */
    boolean gone;
    /** What broke it, until {@link NioLoop#poll} reports that; else OK. */
    int failure = Status.OK;

    NioConnection(long id, SocketChannel channel) {
        this.id = id;
        this.channel = channel;
    }

    int slot() {
        return (int) id;
    }

    boolean isClosing() {
        return flushing || failure != Status.OK;
    }

    /**
     * Tells the selector what this connection waits for.
     *
     * @param unsent whether something is queued
     */
    void updateInterest(boolean unsent) {
        int ops = 0;
        if (connecting) {
            ops = SelectionKey.OP_CONNECT;
        } else if (failure == Status.OK) {
            if (!inputEnded && (!paused || flushing)) {
                ops = SelectionKey.OP_READ;
            }
            if (unsent) {
                ops |= SelectionKey.OP_WRITE;
            }
        }
        if (key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }
}
