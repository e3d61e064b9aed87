package io.hioload.protocol.http1;

import io.hioload.protocol.ExtensionOffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/**
 * The client's side of one opening handshake (RFC 6455, section 4.1): makes the request with a fresh random key and
 * judges the answer. For one connection; one thread at a time.
 */
public final class ClientHandshake {

    /** The request did not fit; nothing of use was written. */
    public static final int NO_ROOM = ResponseWriter.NO_ROOM;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 16;

    private final String key;
    private final List<String> subprotocols;
    private final String offer;
    private final String request;
    private String subprotocol;
    private List<ExtensionOffer> extensions = List.of();

    /**
     * Makes a handshake with a new key.
     *
     * @param host         the Host header: name or address, with {@code :port} unless it is the scheme's own
     * @param target       path and query, such as {@code /chat?room=1}
     * @param subprotocols what to offer, best first; may be empty
     * @param headers      more of them, such as Origin: name, value, name, value …
     * @throws IllegalArgumentException if something is not valid there, or a header is one that the handshake itself sets
     */
    public ClientHandshake(String host, String target, List<String> subprotocols, List<String> headers) {
        this(host, target, subprotocols, null, headers);
    }

    /**
     * Makes a handshake that offers extensions.
     *
     * @param host         the Host header: name or address, with {@code :port} unless it is the scheme's own
     * @param target       path and query, such as {@code /chat?room=1}
     * @param subprotocols what to offer, best first; may be empty
     * @param offer        the value of Sec-WebSocket-Extensions, or {@code null} to offer nothing
     * @param headers      more of them, such as Origin: name, value, name, value …
     * @throws IllegalArgumentException if something is not valid there, or a header is one that the handshake itself sets
     */
    public ClientHandshake(String host, String target, List<String> subprotocols, String offer, List<String> headers) {
        if (!Grammar.isAuthority(host)) {
            throw new IllegalArgumentException("host is not a name or address with an optional port");
        }
        checkTarget(target);
        for (String offered : subprotocols) {
            if (!Grammar.isToken(offered)) {
                throw new IllegalArgumentException("subprotocol is not a token");
            }
        }
        Handshake.checkExtraHeaders(headers);
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        this.key = Base64.getEncoder().encodeToString(nonce);
        this.subprotocols = List.copyOf(subprotocols);
        this.offer = offer;
        if (offer != null) {
            ExtensionOffer.parse(List.of(offer));
        }
        this.request = request(host, target, headers);
    }

    /**
     * The size of the request.
     *
     * @return bytes
     */
    public int requestLength() {
        return request.length();
    }

    /**
     * Writes the request.
     *
     * @param buffer   where to write
     * @param offset   first byte
     * @param capacity how many bytes may be written
     * @return bytes written, or {@link #NO_ROOM}
     */
    public int writeRequest(MutableDirectBuffer buffer, int offset, int capacity) {
        return request.length() > capacity ? NO_ROOM : buffer.putStringWithoutLengthAscii(offset, request);
    }

    /**
     * Judges the answer by RFC 6455, section 4.1: status 101, Upgrade, Connection, the accept key of this request, and no
     * subprotocol that was not offered. The {@link #extensions()} of the answer are the caller's to judge, if any were offered.
     *
     * @param response the answer
     * @return {@code null} if the connection is established, else a text that says what is wrong with the answer
     */
    public String refusal(ResponseHead response) {
        if (response.status() != 101) {
            return "status " + response.status() + " " + response.reason();
        }
        List<String> headers = response.headers();
        if (Headers.count(headers, "Upgrade") != 1 || !"websocket".equalsIgnoreCase(response.header("Upgrade"))) {
            return "Upgrade header is not websocket";
        }
        if (!Headers.hasToken(headers, "Connection", "Upgrade")) {
            return "Connection header has no Upgrade";
        }
        if (Headers.count(headers, "Sec-WebSocket-Accept") != 1
                || !Handshake.acceptKey(key).equals(response.header("Sec-WebSocket-Accept"))) {
            return "Sec-WebSocket-Accept does not answer this request";
        }
        if (Headers.count(headers, "Sec-WebSocket-Extensions") > 0) {
            if (offer == null) {
                return "an extension that was not asked for";
            }
            try {
                extensions = ExtensionOffer.parse(Headers.values(headers, "Sec-WebSocket-Extensions"));
            } catch (IllegalArgumentException e) {
                return "Sec-WebSocket-Extensions is " + e.getMessage();
            }
        }
        String chosen = response.header("Sec-WebSocket-Protocol");
        if (chosen != null && (Headers.count(headers, "Sec-WebSocket-Protocol") > 1 || !subprotocols.contains(chosen))) {
            return "a subprotocol that was not offered";
        }
        subprotocol = chosen;
        return null;
    }

    /**
     * What the server chose.
     *
     * @return one of the offered subprotocols after {@link #refusal} found the answer good, or {@code null} for none
     */
    public String subprotocol() {
        return subprotocol;
    }

    /**
     * What the server answered to the offer.
     *
     * @return its elements after {@link #refusal} found the answer good, empty for none
     */
    public List<ExtensionOffer> extensions() {
        return extensions;
    }

    private String request(String host, String target, List<String> headers) {
        StringBuilder text = new StringBuilder(256);
        text.append("GET ").append(target).append(" HTTP/1.1\r\nHost: ").append(host);
        text.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ").append(key);
        text.append("\r\nSec-WebSocket-Version: ").append(Handshake.VERSION).append("\r\n");
        if (!subprotocols.isEmpty()) {
            text.append("Sec-WebSocket-Protocol: ").append(String.join(", ", subprotocols)).append("\r\n");
        }
        if (offer != null) {
            text.append("Sec-WebSocket-Extensions: ").append(offer).append("\r\n");
        }
        for (int i = 0; i < headers.size(); i += 2) {
            text.append(headers.get(i)).append(": ").append(headers.get(i + 1)).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    private static void checkTarget(String target) {
        boolean valid = target.startsWith("/");
        for (int i = 0; i < target.length(); i++) {
            valid &= Grammar.isTargetChar(target.charAt(i));
        }
        if (!valid) {
            throw new IllegalArgumentException("target is not a path from '/' with an optional query, percent-encoded");
        }
    }
}
