package io.hioload.protocol.http1;

import java.util.List;

/**
 * The head of an answer (RFC 9112, section 4). Immutable; any thread.
 *
 * @param status  three digits, from 100 to 999
 * @param reason  the reason phrase, may be empty
 * @param headers in their order: name, value, name, value …; values without surrounding white space
 */
public record ResponseHead(int status, String reason, List<String> headers) {

    /**
     * The first header of a name.
     *
     * @param name in any case
     * @return its value, or {@code null}
     */
    public String header(String name) {
        return Headers.first(headers, name);
    }
}
