package io.hioload.http;

import java.util.List;

/**
 * A request head (RFC 9112, section 2). Immutable.
 *
 * @param method  such as GET
 * @param path    the path as it was sent, percent-encoding included, from the first '/'
 * @param query   what followed '?', as it was sent; empty without
 * @param headers in their order: name, value, name, value …; values without surrounding white space
 */
public record HttpRequest(String method, String path, String query, List<String> headers) {

    /**
     * The first header of a name.
     *
     * @param name in any case
     * @return its value, or {@code null}
     */
    public String header(String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return headers.get(i + 1);
            }
        }
        return null;
    }
}
