package io.hioload.protocol.http1;

import java.util.List;

/** Character rules of RFC 9110 and RFC 3986. Any thread; allocates nothing. */
final class Grammar {

    /** Characters that a token may have beside letters and digits (RFC 9110, section 5.6.2). */
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    /** Characters that a registered name may have beside letters and digits (RFC 3986, section 3.2.2). */
    private static final String HOST_MARKS = "-._~%!$&'()*+,;=";
    private static final int MAX_PORT_DIGITS = 5;

    private static final boolean[] TOKEN = table(TOKEN_MARKS);
    private static final boolean[] HOST = table(HOST_MARKS);

    private Grammar() {
    }

    static boolean isTokenChar(int c) {
        return c >= 0 && c < 128 && TOKEN[c];
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isSpace(int c) {
        return c == ' ' || c == '\t';
    }

    /** Whether a text may be sent as a header's value. We send US-ASCII only (RFC 9110, section 5.5). */
    static boolean isFieldValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > '~' || c < ' ' && c != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Whether a character may stand in a request target: visible US-ASCII that no client leaves unencoded for nothing. */
    static boolean isTargetChar(int c) {
        return c > ' ' && c <= '~' && c != '#' && c != '"' && c != '<' && c != '>';
    }

    /** Whether a text is {@code host [ ":" port ]} with a host that is not empty (RFC 9110, sections 4.2.1 and 7.2). */
    static boolean isAuthority(String text) {
        int end = text.startsWith("[") ? endOfIpLiteral(text) : endOfName(text);
        if (end <= 0) {
            return false;
        }
        if (end == text.length()) {
            return true;
        }
        if (text.charAt(end) != ':' || text.length() - end - 1 > MAX_PORT_DIGITS) {
            return false;
        }
        for (int i = end + 1; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Refuses headers that would not be headers on the wire.
     *
     * @throws IllegalArgumentException if the list is odd, a name is no token or a value has a control character
     */
    static void checkHeaders(List<String> headers) {
        if ((headers.size() & 1) != 0) {
            throw new IllegalArgumentException("headers: a name without a value");
        }
        for (int i = 0; i < headers.size(); i += 2) {
            if (!isToken(headers.get(i))) {
                throw new IllegalArgumentException("header name is not a token");
            }
            if (!isFieldValue(headers.get(i + 1))) {
                throw new IllegalArgumentException("value of header " + headers.get(i) + " has a character that cannot be sent");
            }
        }
    }

    private static int endOfName(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) < 128 && HOST[text.charAt(i)]) {
            i++;
        }
        return i;
    }

    private static int endOfIpLiteral(String text) {
        int close = text.indexOf(']');
        for (int i = 1; i < close; i++) {
            char c = text.charAt(i);
            if (c != ':' && c != '.' && Character.digit(c, 16) < 0 || c >= 128) {
                return -1;
            }
        }
        return close < 3 ? -1 : close + 1;
    }

    private static boolean[] table(String marks) {
        boolean[] table = new boolean[128];
        for (int c = 0; c < table.length; c++) {
            table[c] = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || marks.indexOf(c) >= 0;
        }
        return table;
    }
}
