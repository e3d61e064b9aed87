package io.hioload.server.internal.osgi;

import io.hioload.http.HttpHandler;
import io.hioload.server.internal.Endpoint;
import io.hioload.session.BlockingHandler;
import io.hioload.session.PathPattern;
import io.hioload.websocket.WebSocketHandler;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Constants;

/** Reads endpoints out of service properties (OSGi Core, section 5.2.5, for ranking and id). Any thread. */
final class ServiceEndpoints {

    private ServiceEndpoints() {
    }

    /**
     * A WebSocket endpoint.
     *
     * @throws IllegalArgumentException if a property is not what it should be; the message names it
     */
    static Endpoint webSocket(WebSocketHandler handler, Map<String, ?> properties) {
        WebSocketHandler called = blocks(properties) ? new BlockingHandler(handler, BlockingHandler.DEFAULT_HIGH_BYTES) : handler;
        return new Endpoint(pattern(properties, WebSocketHandler.PATH_PROPERTY), called, null,
                texts(properties, WebSocketHandler.SUBPROTOCOLS_PROPERTY), servers(properties), ranking(properties), serviceId(properties));
    }

    /**
     * A plain resource.
     *
     * @throws IllegalArgumentException if a property is not what it should be; the message names it
     */
    static Endpoint http(HttpHandler handler, Map<String, ?> properties) {
        return new Endpoint(pattern(properties, HttpHandler.PATH_PROPERTY), null, handler, List.of(), servers(properties),
                ranking(properties), serviceId(properties));
    }

    static long serviceId(Map<String, ?> properties) {
        return (Long) properties.get(Constants.SERVICE_ID);
    }

    private static boolean blocks(Map<String, ?> properties) {
        return switch (properties.get(WebSocketHandler.BLOCKING_PROPERTY)) {
            case null -> false;
            case Boolean blocks -> blocks;
            case Object other when other.equals("true") || other.equals("false") -> other.equals("true");
            case Object other -> throw new IllegalArgumentException(
                    WebSocketHandler.BLOCKING_PROPERTY + " = " + other + ": allowed is true or false");
        };
    }

    private static PathPattern pattern(Map<String, ?> properties, String name) {
        if (!(properties.get(name) instanceof String path)) {
            throw new IllegalArgumentException(name + " = " + properties.get(name) + ": allowed is one path pattern, a String");
        }
        return PathPattern.parse(path);
    }

    private static Set<String> servers(Map<String, ?> properties) {
        return Set.copyOf(texts(properties, WebSocketHandler.SERVER_PROPERTY));
    }

    private static int ranking(Map<String, ?> properties) {
        return properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }

    private static List<String> texts(Map<String, ?> properties, String name) {
        return switch (properties.get(name)) {
            case null -> List.of();
            case String text -> List.of(text);
            case String[] several -> List.of(several);
            case Collection<?> several -> several.stream().map(String::valueOf).toList();
            case Object other -> throw new IllegalArgumentException(name + " = " + other + ": allowed is a String, or several");
        };
    }
}
