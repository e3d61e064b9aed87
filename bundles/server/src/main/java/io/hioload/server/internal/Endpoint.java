package io.hioload.server.internal;

import io.hioload.http.HttpHandler;
import io.hioload.session.BlockingHandler;
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
     * Checks the subprotocols: a bad one would otherwise be found by the first client that offers it.
     *
     * @throws IllegalArgumentException if a subprotocol is no token (RFC 6455, section 4.1)
     */
    public Endpoint {
        for (String subprotocol : subprotocols) {
            if (subprotocol.isEmpty() || !subprotocol.chars().allMatch(Endpoint::isTokenChar)) {
                throw new IllegalArgumentException("subprotocol '" + subprotocol + "' of " + pattern
                        + ": allowed are letters, digits and !#$%&'*+-.^_`|~");
            }
        }
    }

    /** RFC 9110, section 5.6.2. */
    private static boolean isTokenChar(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /**
     * An endpoint that every server serves.
     *
     * @param path         pattern
     * @param handler      of its sessions
     * @param subprotocols best first
     * @param serviceId    its place among equals
     * @return the endpoint
     * @throws IllegalArgumentException if the path is no pattern or a subprotocol no token
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
        return BlockingHandler.isSame(webSocket, other.webSocket) && http == other.http && pattern.equals(other.pattern);
    }
}
