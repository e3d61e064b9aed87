package io.hioload.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what a path leads to. Immutable: any thread; a change makes a new table.
 *
 * <p>Cost: a path without percent-encoding that is equal to a pattern without parameters is one hash look-up; otherwise the
 * patterns with parameters are tried, the most specific first. Nothing is allocated but the match and its parameters.
 *
 * @param <T> what paths lead to
 */
public final class RouteTable<T> {

    /**
     * What was found.
     *
     * @param <T>    what the path leads to
     * @param target of the winning route
     * @param path   its parameters
     */
    public record Match<T>(T target, PathMatch path) {
    }

    private final List<Route<T>> routes;
    private final Map<String, Match<T>> literals = new HashMap<>();

    private RouteTable(List<Route<T>> routes) {
        this.routes = routes;
        for (Route<T> route : routes) {
            // A literal that has to be percent-encoded never comes as it stands in the pattern.
            String text = route.pattern().toString();
            if (route.pattern().isLiteral() && PathText.isStrict(text)) {
                literals.put(text, new Match<>(route.target(), route.pattern().extract(text)));
            }
        }
    }

    /**
     * Makes a table. Of routes whose patterns are equal only the winning one is kept.
     *
     * @param <T>    what paths lead to
     * @param routes in any order; the list is copied
     * @return the table
     */
    public static <T> RouteTable<T> of(List<Route<T>> routes) {
        List<Route<T>> sorted = new ArrayList<>(routes);
        sorted.sort(Comparator.comparing((Route<T> route) -> route.pattern()).thenComparing(Route::rank, Comparator.reverseOrder()));
        List<Route<T>> winners = new ArrayList<>();
        for (Route<T> route : sorted) {
            if (winners.isEmpty() || !winners.getLast().pattern().equals(route.pattern())) {
                winners.add(route);
            }
        }
        return new RouteTable<>(List.copyOf(winners));
    }

    /**
     * Finds the most specific route of a path.
     *
     * @param rawPath from '/', percent-encoded, without the query
     * @return the match, or {@code null} if no route matches or the path is not strict (see {@link PathPattern#match})
     */
    public Match<T> find(String rawPath) {
        Match<T> exact = literals.get(rawPath);
        if (exact != null) {
            return exact;
        }
        if (!PathText.isStrict(rawPath)) {
            return null;
        }
        for (int i = 0; i < routes.size(); i++) {
            Route<T> route = routes.get(i);
            if (route.pattern().matchesStrict(rawPath)) {
                return new Match<>(route.target(), route.pattern().extract(rawPath));
            }
        }
        return null;
    }

    /**
     * The routes that can win.
     *
     * @return the most specific first, immutable
     */
    public List<Route<T>> routes() {
        return routes;
    }
}
