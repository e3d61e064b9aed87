package io.hioload.server.internal;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSnapshot;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSelection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * Which transport a server runs on as they come and go, and why it has none or not the best. One thread at a time, which
 * waits for reactors; getters by any.
 */
final class TransportChoice {

    private static final Logger LOG = System.getLogger(TransportChoice.class.getName());

    private final String name;
    /** Why there is none; {@code null} while there is one, or was never to be any. */
    private volatile Rest rest;
    private volatile List<String> passedOver = List.of();

    TransportChoice(String name) {
        this.name = name;
    }

    /** Why it has no transport, or {@code null}. */
    Rest rest() {
        return rest;
    }

    /** The transports that are better than the chosen one, and what is in their way. */
    List<String> passedOver() {
        return passedOver;
    }

    /** It has a transport now, or needs none any more. */
    void found() {
        rest = null;
    }

    /** It has none, and waits for one. */
    void none(String reason) {
        rest = Rest.because(rest, reason);
    }

    /**
     * Chooses.
     *
     * @throws TransportException if there is none that the configuration wants and that can be used; says why
     */
    TransportProvider select(ConfigSnapshot config, List<TransportProvider> among) throws TransportException {
        TransportSelection selection = TransportSelection.select(config.text(ServerSchema.TRANSPORT), among);
        if (!selection.passedOver().equals(passedOver)) {
            passedOver = selection.passedOver();
            passedOver.forEach(line -> LOG.log(Level.INFO, "server " + name + ": " + line));
        }
        return selection.chosen();
    }

    /**
     * Has a server go to the best of those that are there now; one after the other of those that cannot be opened is left
     * out. If there is none the server rests.
     *
     * @return whether it runs on another one than before
     */
    boolean follow(ServerRuntime server, ConfigSnapshot config, List<TransportProvider> now) throws InterruptedException {
        TransportProvider present = server.transport();
        List<TransportProvider> among = new ArrayList<>(now);
        among.removeIf(transport -> transport != present && !acceptsKeys(transport, config));
        while (true) {
            TransportProvider next;
            try {
                next = select(config, among);
            } catch (TransportException e) {
                if (present == null || !among.contains(present)) {
                    rest(server, config, e.getMessage());
                }
                return false;
            }
            if (next == present) {
                return false;
            }
            if (changed(server, config, next)) {
                return true;
            }
            among.remove(next);
        }
    }

    /** A key that was kept while its transport was not there is checked now. */
    private boolean acceptsKeys(TransportProvider transport, ConfigSnapshot config) {
        boolean good = true;
        for (ConfigKey key : transport.keys()) {
            Object value = config.values().get(key.name());
            try {
                if (value != null) {
                    key.parse(value);
                }
            } catch (IllegalArgumentException e) {
                LOG.log(Level.ERROR, "server " + name + ": transport " + transport.name() + " is not used: " + e.getMessage());
                good = false;
            }
        }
        return good;
    }

    private boolean changed(ServerRuntime server, ConfigSnapshot config, TransportProvider next) throws InterruptedException {
        try {
            server.changeTransport(next, config);
            found();
            return true;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "server " + name + ": transport " + next.name() + " is not used: " + e.getMessage());
            return false;
        }
    }

    private void rest(ServerRuntime server, ConfigSnapshot config, String reason) throws InterruptedException {
        none(reason);
        LOG.log(Level.ERROR, "server " + name + ": rests until there is a transport for it: " + reason);
        if (server.transport() != null) {
            try {
                server.changeTransport(null, config);
            } catch (IOException e) {
                LOG.log(Level.ERROR, "server " + name + ": cannot let go of its transport: " + e.getMessage());
            }
        }
    }
}
