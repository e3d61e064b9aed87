package io.hioload.session;

import io.hioload.protocol.ExtensionOffer;
import io.hioload.protocol.MessageCoder;
import io.hioload.protocol.MessageExtension;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.protocol.Role;
import io.hioload.reactor.Reactor;
import io.hioload.session.internal.ExtensionUser;
import io.hioload.transport.Availability;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;

/**
 * The message extensions of one reactor in one role: negotiates them, and looks after them about once a second while there are
 * sessions that use one. Reactor thread only, except the constructor, {@link #offer} and {@link #canTake}. Owns the extensions that it
 * opens, each until {@link #configure} no longer wants it and its last session is over.
 */
public final class SessionExtensions implements AutoCloseable {

    private static final Logger LOG = System.getLogger(SessionExtensions.class.getName());
    private static final long SWEEP_NS = 1_000_000_000L;

    /** An extension with one set of values, and how many sessions use it. */
    static final class Opened {
        final MessageExtensionProvider provider;
        final Map<String, String> properties;
        final MessageExtension extension;
        int sessions;
        private boolean retired;

        Opened(MessageExtensionProvider provider, Map<String, String> properties, MessageExtension extension) {
            this.provider = provider;
            this.properties = properties;
            this.extension = extension;
        }

        /** No more sessions are to begin with it. */
        private void retire() {
            retired = true;
            closeIfUnused();
        }

        void left() {
            sessions--;
            closeIfUnused();
        }

        private void closeIfUnused() {
            if (retired && sessions == 0) {
                extension.close();
            }
        }
    }

    private final Reactor reactor;
    private final Role role;
    /** What is negotiated, best first. */
    private volatile List<Opened> current = List.of();
    /** Retired, and perhaps still in use. */
    private final List<Opened> retired = new ArrayList<>();
    private boolean sweeping;

    /**
     * Has no extensions yet.
     *
     * @param reactor of the sessions
     * @param role    of the sessions
     */
    public SessionExtensions(Reactor reactor, Role role) {
        this.reactor = reactor;
        this.role = role;
    }

    /**
     * Says which extensions there are. Sessions go on with the values that they began with; those that use an extension of a
     * provider that is gone are closed with 1012, and when this returns nothing of it is in use. Does nothing if nothing has
     * changed, else visits every connection if a provider is gone.
     *
     * @param providers  all there are, best first; those that cannot be used are passed over
     * @param properties values by the names of the providers' keys
     */
    public void configure(List<MessageExtensionProvider> providers, Map<String, String> properties) {
        List<Opened> before = current;
        List<Opened> now = new ArrayList<>();
        for (MessageExtensionProvider provider : providers) {
            Map<String, String> own = own(provider, properties);
            Opened same = before.stream().filter(is -> is.provider == provider && is.properties.equals(own)).findFirst().orElse(null);
            Opened opened = same != null ? same : open(provider, own);
            if (opened != null) {
                now.add(opened);
            }
        }
        current = List.copyOf(now);
        retired.removeIf(old -> old.sessions == 0);
        before.stream().filter(old -> !now.contains(old)).forEach(retired::add);
        closeSessions(providers);
        before.stream().filter(old -> !now.contains(old)).forEach(Opened::retire);
    }

    private void closeSessions(List<MessageExtensionProvider> providers) {
        if (retired.stream().anyMatch(old -> old.sessions > 0 && !providers.contains(old.provider))) {
            reactor.forEachConnection(connection -> {
                if (connection.handler() instanceof ExtensionUser session) {
                    AgreedExtension agreed = session.agreed();
                    if (agreed != null && agreed.isHere() && !providers.contains(agreed.provider())) {
                        session.extensionGone();
                    }
                }
            });
        }
    }

    private static Map<String, String> own(MessageExtensionProvider provider, Map<String, String> properties) {
        Map<String, String> own = new HashMap<>();
        provider.keys().forEach(key -> {
            String value = properties.get(key.name());
            if (value != null) {
                own.put(key.name(), value);
            }
        });
        return own;
    }

    private Opened open(MessageExtensionProvider provider, Map<String, String> own) {
        Availability availability = provider.availability();
        if (!availability.usable()) {
            LOG.log(Level.DEBUG, "extension " + provider.name() + " is not used: " + availability.reason());
            return null;
        }
        try {
            MessageExtension extension = provider.open(role, reactor.buffers(), reactor.counters(), own);
            if (extension == null) {
                return null;
            }
            extension.sweep(reactor.nowNs()); // so that it knows the clock
            return new Opened(provider, own, extension);
        } catch (IllegalArgumentException | LinkageError e) {
            LOG.log(Level.ERROR, "extension " + provider.name() + " is not used: " + e.getMessage());
            return null;
        }
    }

    /**
     * Chooses, as a server, among the offers of a client: the first that can be accepted (RFC 6455, section 9.1).
     *
     * @param offers in their order
     * @return what was agreed on, or {@code null} for nothing
     */
    public AgreedExtension accept(List<ExtensionOffer> offers) {
        for (ExtensionOffer offer : offers) {
            for (Opened opened : current) {
                MessageCoder coder = opened.provider.name().equals(offer.name()) ? opened.extension.accept(offer) : null;
                if (coder != null) {
                    return agreed(coder, opened);
                }
            }
        }
        return null;
    }

    /**
     * What a client offers. Any thread.
     *
     * @return the value of {@code Sec-WebSocket-Extensions}, or {@code null} for nothing
     */
    public String offer() {
        return current.isEmpty() ? null : String.join(", ", current.stream().map(opened -> opened.extension.offer()).toList());
    }

    /**
     * Looks, as a client, at the answer of a server.
     *
     * @param answers in their order
     * @return what was agreed on, or {@code null} for nothing
     * @throws IllegalArgumentException if the server may not answer so: the connection is to be failed (RFC 6455, section 4.1)
     */
    public AgreedExtension accepted(List<ExtensionOffer> answers) {
        if (answers.isEmpty()) {
            return null;
        }
        ExtensionOffer answer = answers.getFirst();
        for (Opened opened : current) {
            if (answers.size() == 1 && opened.provider.name().equals(answer.name())) {
                MessageCoder coder = opened.extension.accepted(answer);
                if (coder == null) {
                    throw new IllegalArgumentException("parameters of the extension " + answer.name() + " that were not offered");
                }
                return agreed(coder, opened);
            }
        }
        throw new IllegalArgumentException(
                answers.size() == 1 ? "an extension that was not asked for" : "extensions that cannot be used together");
    }

    private AgreedExtension agreed(MessageCoder coder, Opened opened) {
        AgreedExtension agreed = new AgreedExtension(coder, opened);
        keepSweeping();
        return agreed;
    }

    // Sessions that come from another reactor

    /**
     * Whether a session of another reactor can go on here. Any thread; may be outdated when it returns.
     *
     * @param agreed what it uses
     * @return false if that is not there
     */
    public boolean canTake(AgreedExtension agreed) {
        return find(agreed.provider()) != null;
    }

    private Opened find(MessageExtensionProvider provider) {
        for (Opened opened : current) {
            if (opened.provider == provider) {
                return opened;
            }
        }
        return null;
    }

    /**
     * Takes what a session brings along, after {@link AgreedExtension#leave()} on its old reactor.
     *
     * @param agreed of the session
     * @return false if its provider went while it was on its way; it is closed then
     */
    public boolean take(AgreedExtension agreed) {
        Opened opened = find(agreed.provider());
        if (opened == null) {
            agreed.closeOnTheWay();
            return false;
        }
        agreed.enterAnother(opened);
        keepSweeping();
        return true;
    }

    /** Ends it, when the reactor has ended or has no more sessions that use an extension. Any thread. */
    @Override
    public void close() {
        List<Opened> last = current;
        current = List.of();
        last.forEach(Opened::retire);
    }

    private void keepSweeping() {
        if (!sweeping && isUsed()) {
            try {
                reactor.schedule(this::sweep, SWEEP_NS);
                sweeping = true;
            } catch (RejectedExecutionException e) {
                LOG.log(Level.DEBUG, "the next session begins it", e);
            }
        }
    }

    private boolean isUsed() {
        retired.removeIf(old -> old.sessions == 0);
        return !retired.isEmpty() || current.stream().anyMatch(opened -> opened.sessions > 0);
    }

    private void sweep() {
        sweeping = false;
        long nowNs = reactor.nowNs();
        current.forEach(opened -> opened.extension.sweep(nowNs));
        retired.stream().filter(opened -> opened.sessions > 0).forEach(opened -> opened.extension.sweep(nowNs));
        keepSweeping();
    }
}
