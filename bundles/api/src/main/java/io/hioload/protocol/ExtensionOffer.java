package io.hioload.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * One element of {@code Sec-WebSocket-Extensions} (RFC 6455, section 9.1): an extension with its parameters, as offered by
 * a client or answered by a server.
 *
 * @param name       the extension's token
 * @param parameters in their order; the same name may stand there twice, which most extensions forbid
 */
public record ExtensionOffer(String name, List<Parameter> parameters) {

    /**
     * A parameter.
     *
     * @param name  its token
     * @param value unquoted, or {@code null} if it has none
     */
    public record Parameter(String name, String value) {
    }

    /** Keeps its own copy of the parameters. */
    public ExtensionOffer {
        parameters = List.copyOf(parameters);
    }

    /**
     * Reads the values of all {@code Sec-WebSocket-Extensions} headers of a message.
     *
     * @param values of the headers, in their order
     * @return the offers in their order
     * @throws IllegalArgumentException if a value is not of the form that RFC 6455, section 9.1 gives
     */
    public static List<ExtensionOffer> parse(List<String> values) {
        List<ExtensionOffer> offers = new ArrayList<>();
        for (String value : values) {
            new Reader(value).offers(offers);
        }
        return offers;
    }

    /** Reads one header value: {@code 1#( token *( ";" token [ "=" ( token | quoted-string ) ] ) )}. */
    private static final class Reader {

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void offers(List<ExtensionOffer> offers) {
            boolean any = false;
            do {
                skipSpace();
                if (at == text.length() || text.charAt(at) == ',') {
                    continue; // RFC 9110, section 5.6.1.2: empty list elements are to be ignored
                }
                offers.add(offer());
                any = true;
            } while (take(','));
            if (at < text.length() || !any) {
                throw bad();
            }
        }

        private ExtensionOffer offer() {
            String name = token();
            List<Parameter> parameters = new ArrayList<>();
            while (take(';')) {
                skipSpace();
                String parameter = token();
                String value = null;
                if (take('=')) {
                    skipSpace();
                    value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
                }
                parameters.add(new Parameter(parameter, value));
            }
            return new ExtensionOffer(name, parameters);
        }

        private boolean take(char wanted) {
            skipSpace();
            if (at < text.length() && text.charAt(at) == wanted) {
                at++;
                return true;
            }
            return false;
        }

        private void skipSpace() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }

        private String token() {
            int from = at;
            while (at < text.length() && isTokenChar(text.charAt(at))) {
                at++;
            }
            if (at == from) {
                throw bad();
            }
            return text.substring(from, at);
        }

        /** The value behind the quotes must itself be a token (RFC 6455, section 9.1). */
        private String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && ++at == text.length()) {
                    throw bad();
                }
                if (!isTokenChar(text.charAt(at))) {
                    throw bad();
                }
                value.append(text.charAt(at));
            }
            if (at++ == text.length() || value.isEmpty()) {
                throw bad();
            }
            return value.toString();
        }

        /** RFC 9110, section 5.6.2. */
        private static boolean isTokenChar(char c) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }

        private IllegalArgumentException bad() {
            return new IllegalArgumentException("not a list of extensions, at character " + (at + 1) + ": " + text);
        }
    }
}
