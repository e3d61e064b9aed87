package io.hioload.protocol.http1;

import io.hioload.http.HttpRequest;
import io.hioload.http.HttpResponse;
import io.hioload.protocol.ExtensionOffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/**
 * The server's side of the opening handshake (RFC 6455, section 4.2). Any thread; one SHA-1 digest per thread.
 */
public final class Handshake {

    /** The version of RFC 6455. */
    public static final String VERSION = "13";
    /** The 101 answer did not fit; nothing of use was written. */
    public static final int NO_ROOM = ResponseWriter.NO_ROOM;

    /** RFC 6455, section 1.3. */
    private static final byte[] GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".getBytes(StandardCharsets.US_ASCII);
    /** 16 bytes in base64: 22 characters of the alphabet and the padding. */
    private static final int KEY_LENGTH = 24;
    private static final int ACCEPT_LENGTH = 28;
    private static final ThreadLocal<MessageDigest> SHA1 = ThreadLocal.withInitial(Handshake::sha1);

    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: ";
    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
    private static final String PROTOCOL = "Sec-WebSocket-Protocol: ";

    private Handshake() {
    }

    /**
     * Whether a request asks for WebSocket: an Upgrade header names it. Such a request is to be accepted, or answered
     * with {@link #refusal}.
     *
     * @param request any request
     * @return true if Upgrade has the token {@code websocket}
     */
    public static boolean isUpgrade(HttpRequest request) {
        return Headers.hasToken(request.headers(), "Upgrade", "websocket");
    }

    /**
     * Checks an opening handshake by RFC 6455, section 4.2.1.
     *
     * @param request any request
     * @return {@code null} if it is to be accepted, else what to answer instead: 405 for methods other than GET, 426
     *         without Upgrade or for another version than 13, 400 for everything else
     */
    public static HttpResponse refusal(HttpRequest request) {
        List<String> headers = request.headers();
        if (!request.method().equals("GET")) {
            return refuse(405, "WebSocket needs GET", "Allow", "GET");
        }
        if (!isUpgrade(request)) {
            return refuse(426, "this is a WebSocket endpoint", "Upgrade", "websocket", "Sec-WebSocket-Version", VERSION);
        }
        if (!Headers.hasToken(headers, "Connection", "Upgrade")) {
            return refuse(400, "Connection header has no Upgrade");
        }
        if (Headers.count(headers, "Sec-WebSocket-Version") != 1) {
            return refuse(400, "exactly one Sec-WebSocket-Version header is required");
        }
        if (!VERSION.equals(request.header("Sec-WebSocket-Version"))) {
            return refuse(426, "WebSocket version 13 is required", "Upgrade", "websocket", "Sec-WebSocket-Version", VERSION);
        }
        if (Headers.count(headers, "Sec-WebSocket-Key") != 1 || !isKey(request.header("Sec-WebSocket-Key"))) {
            return refuse(400, "exactly one Sec-WebSocket-Key header of 16 bytes in base64 is required");
        }
        try {
            extensions(request);
        } catch (IllegalArgumentException e) {
            return refuse(400, "Sec-WebSocket-Extensions is no list of extensions");
        }
        return null;
    }

    /**
     * Chooses the subprotocol (RFC 6455, section 4.2.2).
     *
     * @param request   an opening handshake
     * @param supported what the handler speaks, best first
     * @return the first of the supported ones that the client offers, or {@code null}
     */
    public static String subprotocol(HttpRequest request, List<String> supported) {
        List<String> headers = request.headers();
        for (int s = 0; s < supported.size(); s++) {
            for (int i = 0; i < headers.size(); i += 2) {
                if (headers.get(i).equalsIgnoreCase("Sec-WebSocket-Protocol")
                        && Headers.listHas(headers.get(i + 1), supported.get(s), false)) {
                    return supported.get(s);
                }
            }
        }
        return null;
    }

    /**
     * What a client offers of extensions (RFC 6455, section 9.1).
     *
     * @param request an opening handshake
     * @return its offers in their order
     * @throws IllegalArgumentException if a header is not of the form that the RFC gives
     */
    public static List<ExtensionOffer> extensions(HttpRequest request) {
        List<String> headers = request.headers();
        return Headers.count(headers, EXTENSIONS) == 0 ? List.of() : ExtensionOffer.parse(Headers.values(headers, EXTENSIONS));
    }

    /**
     * Writes the 101 answer to a request that {@link #refusal} accepts.
     *
     * @param request     the opening handshake
     * @param subprotocol what was chosen, or {@code null} for none
     * @param headers     more of them: name, value, name, value …
     * @param target      where to write
     * @param offset      first byte
     * @param capacity    how many bytes may be written; 256 are enough without subprotocol and headers
     * @return bytes written, or {@link #NO_ROOM}
     * @throws IllegalArgumentException if the subprotocol is no token or a header is not valid
     */
    public static int accept(HttpRequest request, String subprotocol, List<String> headers, MutableDirectBuffer target, int offset,
            int capacity) {
        return accept(request, subprotocol, null, headers, target, offset, capacity);
    }

    /**
     * Writes the 101 answer to a request that {@link #refusal} accepts, with an extension.
     *
     * @param request     the opening handshake
     * @param subprotocol what was chosen, or {@code null} for none
     * @param extension   the value of Sec-WebSocket-Extensions, or {@code null} for none
     * @param headers     more of them: name, value, name, value …
     * @param target      where to write
     * @param offset      first byte
     * @param capacity    how many bytes may be written; 256 are enough without subprotocol, extension and headers
     * @return bytes written, or {@link #NO_ROOM}
     * @throws IllegalArgumentException if the subprotocol is no token or a header is not valid
     */
    public static int accept(HttpRequest request, String subprotocol, String extension, List<String> headers, MutableDirectBuffer target,
            int offset, int capacity) {
        checkExtraHeaders(headers);
        if (subprotocol != null && !Grammar.isToken(subprotocol)) {
            throw new IllegalArgumentException("subprotocol is not a token");
        }
        int length = SWITCHING.length() + ACCEPT_LENGTH + 2 + headersLength(headers) + 2;
        if (subprotocol != null) {
            length += PROTOCOL.length() + subprotocol.length() + 2;
        }
        if (extension != null) {
            length += EXTENSIONS.length() + 2 + extension.length() + 2;
        }
        if (length > capacity) {
            return NO_ROOM;
        }
        int at = offset + target.putStringWithoutLengthAscii(offset, SWITCHING);
        at += target.putStringWithoutLengthAscii(at, acceptKey(request.header("Sec-WebSocket-Key")));
        at = ResponseWriter.putLineEnd(target, at);
        if (subprotocol != null) {
            at += target.putStringWithoutLengthAscii(at, PROTOCOL);
            at += target.putStringWithoutLengthAscii(at, subprotocol);
            at = ResponseWriter.putLineEnd(target, at);
        }
        if (extension != null) {
            at = ResponseWriter.putHeaders(List.of(EXTENSIONS, extension), false, target, at);
        }
        at = ResponseWriter.putHeaders(headers, false, target, at);
        return ResponseWriter.putLineEnd(target, at) - offset;
    }

    /**
     * The value of Sec-WebSocket-Accept (RFC 6455, section 4.2.2, step 5.4).
     *
     * @param key the value of Sec-WebSocket-Key
     * @return 28 characters
     */
    public static String acceptKey(String key) {
        MessageDigest sha1 = SHA1.get();
        sha1.update(key.getBytes(StandardCharsets.ISO_8859_1));
        return Base64.getEncoder().encodeToString(sha1.digest(GUID));
    }

    /** Refuses headers that are not valid, or that are the handshake's own. */
    static void checkExtraHeaders(List<String> headers) {
        Grammar.checkHeaders(headers);
        for (int i = 0; i < headers.size(); i += 2) {
            String name = headers.get(i);
            if (name.regionMatches(true, 0, "Sec-WebSocket-", 0, 14) || name.equalsIgnoreCase("Upgrade")
                    || name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Host") || name.equalsIgnoreCase("Content-Length")
                    || name.equalsIgnoreCase("Transfer-Encoding")) {
                throw new IllegalArgumentException("header " + name + " is the handshake's own");
            }
        }
    }

    static int headersLength(List<String> headers) {
        int length = 0;
        for (int i = 0; i < headers.size(); i += 2) {
            length += headers.get(i).length() + headers.get(i + 1).length() + 4;
        }
        return length;
    }

    private static HttpResponse refuse(int status, String text, String... headers) {
        HttpResponse plain = HttpResponse.text(status, text);
        List<String> all = new ArrayList<>(plain.headers());
        all.addAll(List.of(headers));
        return new HttpResponse(status, List.copyOf(all), plain.body());
    }

    private static boolean isKey(String key) {
        if (key.length() != KEY_LENGTH || !key.endsWith("==")) {
            return false;
        }
        for (int i = 0; i < KEY_LENGTH - 2; i++) {
            char c = key.charAt(i);
            if ((c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && !Grammar.isDigit(c) && c != '+' && c != '/') {
                return false;
            }
        }
        return true;
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
