package io.hioload.server.internal;

import io.hioload.control.ConfigSnapshot;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Set;

/**
 * Moves the listening of a server from one runtime to the next, with the least harm that the change allows: the socket
 * itself with its accept queue is handed over; else the new address is bound before the old one is let go; else, where one
 * address is in the way of the other, there is a moment without a listener. What the old one's reactors are asked for they
 * do whenever they get to it, so nothing is begun while one of them does not answer. Called by one thread at a time, which
 * waits.
 */
final class ListenerMove {

    private static final Logger LOG = System.getLogger(ListenerMove.class.getName());

    private ListenerMove() {
    }

    /**
     * Moves it.
     *
     * @param name    of the server
     * @param old     listens
     * @param fresh   is to listen
     * @param next    what the fresh one runs on
     * @param changed keys whose values differ between the two
     * @throws IOException if the fresh one cannot listen; the old one does so again then
     */
    static void run(String name, ServerRuntime old, ServerRuntime fresh, ConfigSnapshot next, Set<String> changed)
            throws IOException, InterruptedException {
        old.awaitReactors();
        boolean unchanged = !changed.contains(ServerSchema.PORT.name()) && !changed.contains(ServerSchema.HOST.name());
        InetSocketAddress before = old.localAddress();
        InetSocketAddress target = unchanged ? before : ListenAddress.of(next);
        boolean samePort = target.getPort() == before.getPort();
        if (ServerRuntime.listensAlike(changed) && old.transport().handleKind().equals(fresh.transport().handleKind())) {
            try {
                fresh.takeOver(old);
                return;
            } catch (SocketTimeoutException e) {
                throw e; // It was called off, and the old one listens on.
            } catch (IOException e) {
                LOG.log(Level.WARNING, "server " + name + ": the listener could not be handed over, it is opened anew: " + e.getMessage());
                // Or was that a reactor which is busy? Then closing would come too late as well.
                old.awaitReactors();
            }
        } else if (!target.equals(before)) {
            try {
                fresh.listen(target);
                old.closeListener();
                return;
            } catch (BindException e) {
                // 0.0.0.0 and 127.0.0.1 are in each other's way on one port: then the old one has to go first.
                if (!samePort) {
                    throw e;
                }
            }
        }
        old.closeListener();
        try {
            fresh.listen(target);
        } catch (IOException e) {
            listenAgain(name, old, before);
            throw e;
        }
    }

    private static void listenAgain(String name, ServerRuntime old, InetSocketAddress before) throws InterruptedException {
        try {
            old.listen(before);
        } catch (IOException e) {
            LOG.log(Level.ERROR,
                    "server " + name + ": keeps its sessions but takes no new ones, somebody took its address: " + e.getMessage());
        }
    }
}
