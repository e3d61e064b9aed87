package io.hioload.server.internal;

import io.hioload.session.Route;
import io.hioload.session.RouteTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Where a server's paths lead, WebSocket and plain HTTP apart: a path may have one of each. Immutable.
 *
 * @param webSockets leads upgrades
 * @param https      leads all other requests
 */
record Routes(RouteTable<Endpoint> webSockets, RouteTable<Endpoint> https) {

    /** Leads nowhere. */
    static final Routes NONE = new Routes(RouteTable.of(List.of()), RouteTable.of(List.of()));

    /**
     * The routes of one server.
     *
     * @param endpoints that it serves
     * @return routes in which the higher ranking wins, then the lower service id
     */
    static Routes of(Collection<Endpoint> endpoints) {
        List<Endpoint> byAge = new ArrayList<>(endpoints);
        byAge.sort(Comparator.comparingLong(Endpoint::serviceId));
        List<Route<Endpoint>> webSockets = new ArrayList<>();
        List<Route<Endpoint>> https = new ArrayList<>();
        for (Endpoint endpoint : byAge) {
            (endpoint.isWebSocket() ? webSockets : https).add(new Route<>(endpoint.pattern(), endpoint.ranking(), endpoint));
        }
        return new Routes(RouteTable.of(webSockets), RouteTable.of(https));
    }

    /**
     * The paths that are served.
     *
     * @return patterns, the most specific first, WebSocket before HTTP
     */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        webSockets.routes().forEach(route -> paths.add("ws " + route.pattern()));
        https.routes().forEach(route -> paths.add("http " + route.pattern()));
        return paths;
    }
}
