package io.hioload.server.internal;

import io.hioload.control.ConfigSnapshot;
import io.hioload.reactor.Listener;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;

/**
 * Has a running server listen at another address, or with other options, with the least harm that the change allows: the
 * new address is bound before the old one is let go; where one is in the way of the other, there is a moment without a
 * listener. Sessions do not notice. Called by one thread at a time, which waits; ends with {@link #commit} or {@link #undo}.
 */
final class ListenerMove {

    private static final Logger LOG = System.getLogger(ListenerMove.class.getName());

    private final ServerRuntime server;
    private final ConfigSnapshot old;
    private final Listener before;
    private final InetSocketAddress address;
    private boolean closed;

    private ListenerMove(ServerRuntime server, ConfigSnapshot old) {
        this.server = server;
        this.old = old;
        this.before = server.listener();
        this.address = server.localAddress();
    }

    /**
     * Listens as the next configuration says.
     *
     * @param old         what it listens by
     * @param next        what it is to listen by
     * @param sameAddress only options differ, so the port is the one that it has
     * @throws IOException if it cannot; it listens as before then
     */
    static ListenerMove begin(ServerRuntime server, ConfigSnapshot old, ConfigSnapshot next, boolean sameAddress)
            throws IOException, InterruptedException {
        ListenerMove move = new ListenerMove(server, old);
        InetSocketAddress target = sameAddress ? move.address : ListenAddress.of(next);
        try {
            move.listen(target, next);
            return move;
        } catch (IOException e) {
            move.undo();
            throw e;
        }
    }

    private void listen(InetSocketAddress target, ConfigSnapshot next) throws IOException, InterruptedException {
        if (!target.equals(address)) {
            try {
                server.listen(target, next);
                return;
            } catch (BindException e) {
                // 0.0.0.0 and 127.0.0.1 are in each other's way on one port: then the old one has to go first.
                if (target.getPort() != address.getPort()) {
                    throw e;
                }
            }
        }
        closed = true;
        server.close(before);
        server.listen(target, next);
    }

    /** It stays so. */
    void commit() throws InterruptedException {
        if (!closed) {
            server.close(before);
        }
    }

    /** It listens as before. */
    void undo() throws InterruptedException {
        Listener now = server.listener();
        if (now != before) {
            server.close(now);
            server.listener(before);
        }
        if (closed) {
            try {
                server.listen(address, old);
            } catch (IOException e) {
                LOG.log(Level.ERROR, "a server keeps its sessions but takes no new ones, somebody took its address: " + e.getMessage());
            }
        }
    }
}
