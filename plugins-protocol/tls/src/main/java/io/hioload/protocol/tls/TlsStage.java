package io.hioload.protocol.tls;

import io.hioload.protocol.Role;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.reactor.ConnectionStage;
import io.hioload.reactor.Reactor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * TLS of one server or client: the context that new connections are made by, threads for handshakes, a look at the files now
 * and then. Owns its threads until it is closed; connections live on.
 */
final class TlsStage implements ConnectionStage {

    private final Role role;
    private final String owner;
    private final HandshakeWorkers workers;
    private final FileWatch watch;
    private final Map<Reactor, TlsLoop> loops = new ConcurrentHashMap<>();
    private volatile TlsContext context;
    private volatile int stepsPerTurn;
    /** Made when it is first needed, and kept. Guarded by this. */
    private Identity own;

    TlsStage(Role role, String owner, TlsSettings settings) {
        this.role = role;
        this.owner = owner;
        this.context = load(settings);
        this.stepsPerTurn = settings.number(TlsSettings.HANDSHAKE_STEPS);
        this.workers = new HandshakeWorkers(owner, HandshakeWorkers.threads(settings.number(TlsSettings.HANDSHAKE_THREADS)),
                settings.number(TlsSettings.HANDSHAKE_QUEUE));
        this.watch = new FileWatch(owner, this::reload);
        watch.watch(KeyMaterial.files(settings), settings.ns(TlsSettings.RELOAD));
        announce();
    }

    private TlsContext load(TlsSettings settings) {
        return new TlsContext(settings, KeyMaterial.load(settings, ownIfNeeded(settings)));
    }

    private synchronized Identity ownIfNeeded(TlsSettings settings) {
        if (!KeyMaterial.isSelfSigned(settings)) {
            return null;
        }
        try {
            if (own == null || !own.isForAll(settings.list(TlsSettings.SELF_SIGNED_NAMES))) {
                own = SelfSigned.make(settings.list(TlsSettings.SELF_SIGNED_NAMES));
            }
            return own;
        } catch (GeneralSecurityException e) {
            throw settings.refused(TlsSettings.SELF_SIGNED_NAMES, "no certificate can be made for it: " + e.getMessage());
        }
    }

    private void announce() {
        for (Identity identity : context.identities()) {
            TlsLoop.LOG.log(Level.INFO, owner + ": TLS as " + identity + ", SHA-256 " + identity.fingerprint());
        }
        if (role == Role.CLIENT && context.settings().flag(TlsSettings.INSECURE)) {
            TlsLoop.LOG.log(Level.WARNING, owner + ": TLS accepts any server, for tests only: " + TlsSettings.INSECURE.name() + " = true");
        }
    }

    @Override
    public ConnectionHandler accept(Connection raw, ConnectionHandlerFactory next) {
        return new TlsConnection(this, raw, context, next);
    }

    @Override
    public ConnectionHandler connect(String host, int port, ConnectionHandler next, Consumer<IOException> failed) {
        return new TlsConnection(this, context, host, port, next, failed);
    }

    /** The part of a reactor; called there. */
    TlsLoop loop(Reactor reactor) {
        TlsLoop loop = loops.get(reactor);
        return loop != null ? loop : loops.computeIfAbsent(reactor, key -> new TlsLoop(this, key));
    }

    void forget(TlsLoop loop) {
        loops.remove(loop.reactor, loop);
    }

    HandshakeWorkers workers() {
        return workers;
    }

    int stepsPerTurn() {
        return stepsPerTurn;
    }

    @Override
    public Runnable prepare(Map<String, String> properties) {
        TlsSettings settings = TlsSettings.of(role, properties);
        if (settings.equals(context.settings())) {
            return this::reload;
        }
        TlsContext next = load(settings);
        return () -> {
            context = next;
            stepsPerTurn = settings.number(TlsSettings.HANDSHAKE_STEPS);
            workers.threadCount(HandshakeWorkers.threads(settings.number(TlsSettings.HANDSHAKE_THREADS)));
            watch.watch(KeyMaterial.files(settings), settings.ns(TlsSettings.RELOAD));
            announce();
        };
    }

    /** Loads the files again; if they are not right, everything stays. Sessions stay too, unless whom to trust has changed. */
    private synchronized void reload() {
        TlsContext now = context;
        try {
            KeyMaterial material = KeyMaterial.load(now.settings(), ownIfNeeded(now.settings()));
            List<String> before = fingerprints(now.identities());
            if (!now.replaceIdentities(material)) {
                context = new TlsContext(now.settings(), material);
            }
            if (!before.equals(fingerprints(material.identities()))) {
                announce();
            }
        } catch (IllegalArgumentException e) {
            TlsLoop.LOG.log(Level.WARNING, owner + ": TLS goes on with the certificates that it has: " + e.getMessage());
        }
    }

    private static List<String> fingerprints(List<Identity> identities) {
        return identities.stream().map(Identity::fingerprint).toList();
    }

    @Override
    public void close() {
        watch.close();
        workers.close();
    }

    @Override
    public String probeName() {
        return TlsProvider.NAME;
    }

    @Override
    public Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("identities", context.identities().stream().map(Identity::toString).toList());
        state.put("protocols", context.settings().text(TlsSettings.PROTOCOLS));
        state.put("handshakesWaiting", workers.waiting());
        return state;
    }
}
