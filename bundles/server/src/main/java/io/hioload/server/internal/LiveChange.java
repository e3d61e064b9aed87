package io.hioload.server.internal;

import io.hioload.control.ConfigSnapshot;
import io.hioload.transport.TransportProvider;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;

/**
 * Puts a configuration to work in a server that runs: transport, then listener, then everything else at once. All or
 * nothing: when a step fails, those before it are undone. Made for one change; one thread, which waits for reactors.
 */
final class LiveChange {

    private static final Logger LOG = System.getLogger(LiveChange.class.getName());

    private final String name;
    private final ServerRuntime server;
    private final ConfigSnapshot old;
    private ListenerMove listener;
    private TransportProvider before;
    private boolean swapped;

    /**
     * Prepares a change.
     *
     * @param old what the server runs on
     */
    LiveChange(String name, ServerRuntime server, ConfigSnapshot old) {
        this.name = name;
        this.server = server;
        this.old = old;
    }

    /**
     * Makes it; returns when every reactor runs on the next configuration.
     *
     * @param changed what differs
     * @param wanted  the transport that the next one chooses, or the present one, or {@code null} if there is none
     * @param taken   is called by each reactor that has taken it
     * @throws IOException if it cannot be put to work; the server goes on as before
     */
    void make(ConfigSnapshot next, Set<String> changed, TransportProvider wanted, Runnable taken)
            throws IOException, InterruptedException {
        before = server.transport();
        // What reactors are asked for they do whenever they get to it, so nothing is begun while one of them does not answer.
        server.awaitReactors();
        boolean done = false;
        try {
            if (wanted != before) {
                server.changeTransport(wanted, next);
                swapped = true;
            }
            if (ServerSettings.isForListener(changed)) {
                listener = ListenerMove.begin(server, old, next, !ServerSettings.isForAddress(changed));
            }
            server.configure(next, taken);
            done = true;
        } finally {
            if (!done) {
                undo();
            } else if (listener != null) {
                listener.commit();
            }
        }
    }

    private void undo() throws InterruptedException {
        if (listener != null) {
            listener.undo();
        }
        if (swapped) {
            try {
                server.changeTransport(before, old);
            } catch (IOException e) {
                LOG.log(Level.ERROR, "server " + name + ": cannot go back to the transport before: " + e.getMessage());
            }
        }
    }
}
