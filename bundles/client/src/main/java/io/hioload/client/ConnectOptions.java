package io.hioload.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one connection asks for. Immutable.
 *
 * @param subprotocols to offer, best first
 * @param headers      to send besides those of the handshake, such as Origin: name, value, name, value …
 * @param timeout      from the call on, for looking the host up, connecting and the opening handshake together; more than
 *                     {@link #MAX_TIMEOUT} becomes that
 */
public record ConnectOptions(List<String> subprotocols, List<String> headers, Duration timeout) {

    /** Timeout when none is given. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** The longest timeout: 1 day. */
    public static final Duration MAX_TIMEOUT = Duration.ofDays(1);

    /** No subprotocol, no header, 10 s. */
    public static final ConnectOptions DEFAULT = new ConnectOptions(List.of(), List.of(), DEFAULT_TIMEOUT);

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a header has no value or the timeout is not positive
     */
    public ConnectOptions {
        subprotocols = List.copyOf(subprotocols);
        headers = List.copyOf(headers);
        if (headers.size() % 2 != 0) {
            throw new IllegalArgumentException("headers: name, value, name, value …; there are " + headers.size());
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout " + timeout + ": must be positive");
        }
        if (timeout.compareTo(MAX_TIMEOUT) > 0) {
            timeout = MAX_TIMEOUT;
        }
    }

    /**
     * The same with other subprotocols.
     *
     * @param offered best first
     * @return new options
     */
    public ConnectOptions withSubprotocols(String... offered) {
        return new ConnectOptions(List.of(offered), headers, timeout);
    }

    /**
     * The same with one more header.
     *
     * @param name  of the header
     * @param value of the header
     * @return new options
     */
    public ConnectOptions withHeader(String name, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(name);
        more.add(value);
        return new ConnectOptions(subprotocols, more, timeout);
    }

    /**
     * The same with another timeout.
     *
     * @param limit from the call on; more than {@link #MAX_TIMEOUT} becomes that
     * @return new options
     */
    public ConnectOptions withTimeout(Duration limit) {
        return new ConnectOptions(subprotocols, headers, limit);
    }
}
