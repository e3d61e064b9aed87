package io.hioload.client;

import io.hioload.buffer.PoolSettings;
import io.hioload.control.ConfigKey;
import io.hioload.control.Tracer;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;
import io.hioload.reactor.IdlePolicy;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.session.SessionSettings;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportSelection;
import io.hioload.transport.TransportSettings;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Collects what a client is to be. One thread; {@link #open} may be called again for another client. */
public final class ClientBuilder {

    private final Supplier<RuntimeProviders> parts;
    private final Consumer<WebSocketClient> opened;
    private String transport = TransportSelection.AUTO;
    private String name = "client";
    private int reactors = 1;
    private int maxConnections = ReactorSettings.DEFAULT_MAX_CONNECTIONS;
    private IdlePolicy idle = IdlePolicy.BALANCED;
    private long memoryCeilingBytes = PoolSettings.DEFAULT_CEILING_BYTES;
    private FrameLimits limits = FrameLimits.DEFAULT;
    private SessionSettings sessions = SessionSettings.DEFAULT;
    private Tracer tracer;
    private final Map<String, Object> values = new LinkedHashMap<>();

    /**
     * For {@link WebSocketClient#builder} and providers.
     *
     * @param parts  finds what a client is built from
     * @param opened is given each client
     */
    ClientBuilder(Supplier<RuntimeProviders> parts, Consumer<WebSocketClient> opened) {
        this.parts = parts;
        this.opened = opened;
    }

    /**
     * Makes a builder over other parts than those on the class path, for those who find them by other means.
     *
     * @param parts  what a client is built from
     * @param opened is given each client
     * @return a builder with every setting at its default
     */
    public static ClientBuilder over(RuntimeProviders parts, Consumer<WebSocketClient> opened) {
        return new ClientBuilder(() -> parts, opened);
    }

    /**
     * Names the client, for thread names and probes.
     *
     * @param newName {@code client} when not given
     * @return this
     */
    public ClientBuilder name(String newName) {
        name = newName;
        return this;
    }

    /**
     * Sets the transport.
     *
     * @param newTransport its name, or {@code auto} for the best one that can be used
     * @return this
     */
    public ClientBuilder transport(String newTransport) {
        transport = newTransport;
        return this;
    }

    /**
     * Sets the number of event loops; connections are dealt out over them.
     *
     * @param count each is one thread; 0 is one for each usable CPU; 1 when not given
     * @return this
     */
    public ClientBuilder reactors(int count) {
        reactors = count;
        return this;
    }

    /**
     * Sets how an event loop waits.
     *
     * @param policy {@link IdlePolicy#BALANCED} when not given
     * @return this
     */
    public ClientBuilder idle(IdlePolicy policy) {
        idle = policy;
        return this;
    }

    /**
     * Sets the most connections at once; more fail with "no resources".
     *
     * @param connections 1,000,000 when not given
     * @return this
     */
    public ClientBuilder maxConnections(int connections) {
        maxConnections = connections;
        return this;
    }

    /**
     * Sets how much buffer memory the client may take.
     *
     * @param bytes 1 GiB when not given; mapped only as it is needed
     * @return this
     */
    public ClientBuilder memoryCeiling(long bytes) {
        memoryCeilingBytes = bytes;
        return this;
    }

    /**
     * Sets what is accepted from servers.
     *
     * @param accepted {@link FrameLimits#DEFAULT} when not given
     * @return this
     */
    public ClientBuilder limits(FrameLimits accepted) {
        limits = accepted;
        return this;
    }

    /**
     * Sets how sessions behave.
     *
     * @param settings {@link SessionSettings#DEFAULT} when not given
     * @return this
     */
    public ClientBuilder sessions(SessionSettings settings) {
        sessions = settings;
        return this;
    }

    /**
     * Sets who is told of sessions.
     *
     * @param told is called on reactor threads
     * @return this
     */
    public ClientBuilder tracer(Tracer told) {
        tracer = told;
        return this;
    }

    /**
     * Sets a key of an extension or of TLS, such as {@code extension.deflate.level} or {@code tls.ca}; {@link #open} checks it.
     *
     * @param key   see the README of the plugin
     * @param value a text as in a configuration file, a number or a boolean
     * @return this
     */
    public ClientBuilder set(String key, Object value) {
        values.put(key, value);
        return this;
    }

    /**
     * Starts the client's event loops.
     *
     * @return to be closed by the caller
     * @throws IllegalStateException if it cannot start: a transport that cannot be used, a part or a flag of the JVM that
     *                               is missing, a key or value that is not allowed; the message says which
     */
    public WebSocketClient open() {
        RuntimeProviders found = parts.get();
        try {
            TransportSelection selection = TransportSelection.select(transport, found.transports());
            WebSocketClient client = new WebSocketClient(found, selection.chosen(), reactorSettings(),
                    new PoolSettings(memoryCeilingBytes, PoolSettings.DEFAULT_SLAB_BYTES, false), limits, sessions, tracer,
                    checked(found));
            opened.accept(client);
            return client;
        } catch (TransportException | IllegalArgumentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (IllegalCallerException | LinkageError e) {
            throw RuntimeProviders.explain(e);
        }
    }

    private Map<String, String> checked(RuntimeProviders found) {
        Map<String, String> properties = new HashMap<>();
        Stream<ConfigKey> ofExtensions = found.extensions().stream().flatMap(extension -> extension.keys().stream());
        Stream<ConfigKey> ofStages = found.stages().stream().flatMap(stage -> stage.keys(Role.CLIENT).stream());
        List<ConfigKey> keys = Stream.concat(ofExtensions, ofStages).toList();
        values.forEach((name, value) -> {
            ConfigKey key = keys.stream().filter(any -> any.name().equals(name)).findFirst()
                    .orElseThrow(() -> new IllegalStateException("nothing that is there has the key " + name));
            try {
                properties.put(name, key.parse(value).toString());
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        });
        return Map.copyOf(properties);
    }

    private ReactorSettings reactorSettings() {
        return new ReactorSettings(name, reactors, maxConnections, false, idle, ReactorSettings.DEFAULT_EVENTS_PER_TURN,
                ReactorSettings.DEFAULT_TASK_QUEUE_SLOTS, ReactorSettings.DEFAULT_HIGH_WATER_BYTES, ReactorSettings.DEFAULT_LOW_WATER_BYTES,
                ReactorSettings.DEFAULT_LINGER_NS, TransportSettings.DEFAULT);
    }
}
