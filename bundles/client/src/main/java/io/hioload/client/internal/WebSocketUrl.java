package io.hioload.client.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;

/**
 * A WebSocket URI (RFC 6455, section 3). Immutable.
 *
 * @param secure over TLS
 * @param host   name or address, an IPv6 address without brackets
 * @param port   from 1 to 65535
 * @param target path and query as they go into the request
 */
public record WebSocketUrl(boolean secure, String host, int port, String target) {

    private static final int DEFAULT_PORT = 80;
    private static final int DEFAULT_SECURE_PORT = 443;

    /**
     * Reads a URL.
     *
     * @param url such as {@code ws://host:port/path?query} or {@code wss://…}
     * @return its parts
     * @throws IllegalArgumentException if it is none; the message says what is wrong
     */
    public static WebSocketUrl parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a URL: " + e.getMessage(), e);
        }
        boolean secure = "wss".equalsIgnoreCase(uri.getScheme());
        if (!secure && !"ws".equalsIgnoreCase(uri.getScheme())) {
            throw bad(url, "must begin with ws:// or wss://");
        }
        if (uri.getHost() == null) {
            throw bad(url, "has no host");
        }
        if (uri.getRawFragment() != null) {
            throw bad(url, "must not have a fragment (RFC 6455, section 3)");
        }
        if (uri.getRawUserInfo() != null) {
            throw bad(url, "must not have user information");
        }
        int port = uri.getPort() < 0 ? secure ? DEFAULT_SECURE_PORT : DEFAULT_PORT : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw bad(url, "port must be from 1 to 65535");
        }
        String host = uri.getHost();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new WebSocketUrl(secure, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port,
                uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    private static IllegalArgumentException bad(String url, String what) {
        return new IllegalArgumentException(url + ": " + what);
    }

    /**
     * The value of the Host header.
     *
     * @return the host, with the port unless it is the scheme's own
     */
    public String hostHeader() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == (secure ? DEFAULT_SECURE_PORT : DEFAULT_PORT) ? name : name + ":" + port;
    }

    /**
     * Whether the host is an address, so that {@link #resolve} does not ask anybody.
     *
     * @return true for an IPv4 or IPv6 address
     */
    public boolean isLiteral() {
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Finds the address. May block.
     *
     * @return where to connect to
     * @throws IOException if the host is not known
     */
    public InetSocketAddress resolve() throws IOException {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new UnknownHostException("no such host: " + host);
        }
    }
}
