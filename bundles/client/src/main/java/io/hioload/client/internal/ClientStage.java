package io.hioload.client.internal;

import io.hioload.protocol.Role;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.ConnectionStage;
import io.hioload.reactor.ConnectionStageProvider;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/**
 * TLS of one client: made when it is first needed, or at once if it is configured, so that mistakes show early. Any thread.
 */
public final class ClientStage {

    private static final String TLS = "tls";

    private final String name;
    private final ConnectionStageProvider provider;
    private final Map<String, String> properties;
    /** Guarded by this. */
    private ConnectionStage stage;
    private boolean closed;

    /**
     * Takes what it is made of.
     *
     * @param name       the client's
     * @param provider   makes the stage; {@code null} if there is none
     * @param properties of the client; those of other parts are passed over
     * @throws IllegalArgumentException if they are not right
     */
    public ClientStage(String name, ConnectionStageProvider provider, Map<String, String> properties) {
        this.name = name;
        this.provider = provider;
        this.properties = properties;
        if (properties.keySet().stream().anyMatch(key -> key.startsWith(TLS + "."))) {
            stage();
        }
    }

    /**
     * Whether there is TLS.
     *
     * @return false without its bundle
     */
    public boolean isThere() {
        return provider != null;
    }

    /**
     * Whether it is made by a provider.
     *
     * @param by the provider
     * @return true if it is this very one and was needed
     */
    public synchronized boolean uses(ConnectionStageProvider by) {
        return stage != null && provider == by;
    }

    /** What a connection is opened with; cold the first time. */
    ConnectionHandler connect(WebSocketUrl url, ConnectionHandler next, Consumer<IOException> failed) {
        return stage().connect(url.host(), url.port(), next, failed);
    }

    private synchronized ConnectionStage stage() {
        if (stage == null) {
            if (closed) {
                throw new IllegalStateException("the client is closed");
            }
            stage = provider.open(Role.CLIENT, name, properties);
        }
        return stage;
    }

    /** Gives back what it has. */
    public synchronized void close() {
        closed = true;
        if (stage != null) {
            stage.close();
        }
    }
}
