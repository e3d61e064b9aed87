package io.hioload.server.internal;

import io.hioload.http.HttpHandler;
import io.hioload.session.PathPattern;
import io.hioload.websocket.WebSocketHandler;
import java.util.List;
import java.util.Set;

/**
 * A handler that wants to be served: exactly one of {@code webSocket} and {@code http} is there. Immutable.
 *
 * @param pattern      which paths
 * @param webSocket    the handler, or {@code null}
 * @param http         the handler, or {@code null}
 * @param subprotocols that the WebSocket handler speaks, best first
 * @param servers      names of the servers that are to serve it; empty is all
 * @param ranking      the higher one wins when patterns are equal
 * @param serviceId    the lower one wins when rankings are equal too
 */
public record Endpoint(PathPattern pattern, WebSocketHandler webSocket, HttpHandler http, List<String> subprotocols, Set<String> servers,
        int ranking, long serviceId) {

    /**
     * An endpoint that every server serves.
     *
     * @param path         pattern
     * @param handler      of its sessions
     * @param subprotocols best first
     * @param serviceId    its place among equals
     * @return the endpoint
     * @throws IllegalArgumentException if the path is no pattern
     */
    public static Endpoint webSocket(String path, WebSocketHandler handler, List<String> subprotocols, long serviceId) {
        return new Endpoint(PathPattern.parse(path), handler, null, List.copyOf(subprotocols), Set.of(), 0, serviceId);
    }

    /**
     * A resource that every server serves.
     *
     * @param path      pattern
     * @param handler   of its requests
     * @param serviceId its place among equals
     * @return the endpoint
     * @throws IllegalArgumentException if the path is no pattern
     */
    public static Endpoint http(String path, HttpHandler handler, long serviceId) {
        return new Endpoint(PathPattern.parse(path), null, handler, List.of(), Set.of(), 0, serviceId);
    }

    /**
     * Which of the two it is.
     *
     * @return true for a WebSocket endpoint, false for a plain resource
     */
    public boolean isWebSocket() {
        return webSocket != null;
    }

    /**
     * Whether a server is to serve it.
     *
     * @param server its name
     * @return true if it is named, or none is
     */
    boolean isFor(String server) {
        return servers.isEmpty() || servers.contains(server);
    }

    /** Whether sessions that this one opened are as well those of the other: rankings and the like may differ. */
    boolean isServedAs(Endpoint other) {
        return webSocket == other.webSocket && http == other.http && pattern.equals(other.pattern);
    }
}
