package io.hioload.server;

import io.hioload.control.ConfigException;
import io.hioload.control.Tracer;
import io.hioload.http.HttpHandler;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.server.internal.Endpoint;
import io.hioload.server.internal.JfrTracer;
import io.hioload.server.internal.ManagedServer;
import io.hioload.server.internal.TracerChain;
import io.hioload.session.BlockingHandler;
import io.hioload.websocket.WebSocketHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what a server is to be. One thread; {@link #start} may be called again for another server. */
public final class ServerBuilder {

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Tracer> tracers = new ArrayList<>(List.of(new JfrTracer()));
    private String name = "default";
    private ClassLoader loader = ServerBuilder.class.getClassLoader();

    /** {@link Hioload#server} makes it. */
    ServerBuilder() {
    }

    /**
     * Names the server, for thread names, log and probes.
     *
     * @param newName {@code default} when not given
     * @return this
     */
    public ServerBuilder name(String newName) {
        name = newName;
        return this;
    }

    /**
     * Sets the address to listen on.
     *
     * @param host IP address or {@code localhost}; {@code 0.0.0.0} or {@code ::} for every interface
     * @return this
     */
    public ServerBuilder host(String host) {
        return set("host", host);
    }

    /**
     * Sets the port to listen on.
     *
     * @param port 0 lets the system choose
     * @return this
     */
    public ServerBuilder port(int port) {
        return set("port", port);
    }

    /**
     * Sets the transport.
     *
     * @param transport its name, or {@code auto} for the best one that can be used
     * @return this
     */
    public ServerBuilder transport(String transport) {
        return set("transport", transport);
    }

    /**
     * Sets the number of reactors.
     *
     * @param reactors event loops, each one thread; 0 is one for each usable CPU
     * @return this
     */
    public ServerBuilder reactors(int reactors) {
        return set("reactors", reactors);
    }

    /**
     * Sets any key of the configuration; {@link #start} checks it. The README of this bundle lists them.
     *
     * @param key   such as {@code message.max}
     * @param value a text as in a configuration file, a number or a boolean
     * @return this
     */
    public ServerBuilder set(String key, Object value) {
        values.put(key, value);
        return this;
    }

    /**
     * Adds a WebSocket endpoint.
     *
     * @param path    pattern, see {@link WebSocketHandler#PATH_PROPERTY}
     * @param handler of its sessions
     * @return this
     * @throws IllegalArgumentException if the path is no pattern
     */
    public ServerBuilder handle(String path, WebSocketHandler handler) {
        return handle(path, List.of(), handler);
    }

    /**
     * Adds a WebSocket endpoint whose handler may block: it is called on virtual threads, in order for each session.
     *
     * @param path    pattern, see {@link WebSocketHandler#PATH_PROPERTY}
     * @param handler of its sessions, see {@link WebSocketHandler#BLOCKING_PROPERTY}
     * @return this
     * @throws IllegalArgumentException if the path is no pattern
     */
    public ServerBuilder handleBlocking(String path, WebSocketHandler handler) {
        return handle(path, new BlockingHandler(handler, BlockingHandler.DEFAULT_HIGH_BYTES));
    }

    /**
     * Adds a WebSocket endpoint with subprotocols.
     *
     * @param path         pattern, see {@link WebSocketHandler#PATH_PROPERTY}
     * @param subprotocols that the handler speaks, best first
     * @param handler      of its sessions
     * @return this
     * @throws IllegalArgumentException if the path is no pattern
     */
    public ServerBuilder handle(String path, List<String> subprotocols, WebSocketHandler handler) {
        endpoints.add(Endpoint.webSocket(path, handler, subprotocols, endpoints.size()));
        return this;
    }

    /**
     * Adds a plain HTTP resource. A path can have one of these and a WebSocket endpoint.
     *
     * @param path    pattern, with the rules of a WebSocket handler's
     * @param handler of its requests
     * @return this
     * @throws IllegalArgumentException if the path is no pattern
     */
    public ServerBuilder http(String path, HttpHandler handler) {
        endpoints.add(Endpoint.http(path, handler, endpoints.size()));
        return this;
    }

    /**
     * Adds a tracer. Java Flight Recorder is always told.
     *
     * @param tracer is called on reactor threads
     * @return this
     */
    public ServerBuilder tracer(Tracer tracer) {
        tracers.add(tracer);
        return this;
    }

    /**
     * Sets where transports and the other parts are looked for.
     *
     * @param parts loader of the service files; this class's own when not given
     * @return this
     */
    public ServerBuilder classLoader(ClassLoader parts) {
        loader = parts;
        return this;
    }

    /**
     * Starts the server.
     *
     * @return it listens
     * @throws IllegalStateException if it cannot: a wrong key or value, an address that cannot be bound, a transport that
     *                               cannot be used, a part or a flag of the JVM that is missing; the message says which
     *                               and what is allowed. Nothing is left running.
     */
    public HioloadServer start() {
        TracerChain chain = new TracerChain();
        chain.set(tracers);
        ManagedServer server = new ManagedServer(name, RuntimeProviders.load(loader), chain);
        try {
            server.endpoints(endpoints);
            server.apply(values, "server " + name);
            return new HioloadServer(server);
        } catch (ConfigException e) {
            server.close();
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            server.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the server started", e);
        }
    }
}
