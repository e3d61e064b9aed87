package io.hioload.session;

/**
 * One entry of a {@link RouteTable}.
 *
 * @param <T>     what the path leads to
 * @param pattern which paths
 * @param rank    among routes whose patterns are equal the highest rank wins, among equal ranks the first in the list
 * @param target  what the path leads to
 */
public record Route<T>(PathPattern pattern, long rank, T target) {
}
