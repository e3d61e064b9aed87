package io.hioload.protocol.http1;

import java.util.ArrayList;
import java.util.List;

/** Looks things up in a list of headers: name, value, name, value …. Any thread. */
public final class Headers {

    private Headers() {
    }

    /**
     * The first header of a name.
     *
     * @param headers names and values by turns
     * @param name    in any case
     * @return its value, or {@code null}
     */
    public static String first(List<String> headers, String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return headers.get(i + 1);
            }
        }
        return null;
    }

    /**
     * How many header lines have a name.
     *
     * @param headers names and values by turns
     * @param name    in any case
     * @return from 0
     */
    public static int count(List<String> headers, String name) {
        int count = 0;
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                count++;
            }
        }
        return count;
    }

    /**
     * The values of all header lines of a name.
     *
     * @param headers names and values by turns
     * @param name    in any case
     * @return in their order
     */
    public static List<String> values(List<String> headers, String name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                values.add(headers.get(i + 1));
            }
        }
        return values;
    }

    /**
     * Whether an element of a comma-separated list (RFC 9110, section 5.6.1), over all header lines of the name, equals a
     * token. Such as {@code hasToken(headers, "Connection", "close")}.
     *
     * @param headers names and values by turns
     * @param name    in any case
     * @param token   in any case
     * @return true if it is there
     */
    public static boolean hasToken(List<String> headers, String name, String token) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name) && listHas(headers.get(i + 1), token, true)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a comma-separated list has an element. */
    static boolean listHas(String list, String token, boolean anyCase) {
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int to = comma < 0 ? list.length() : comma;
            int next = to + 1;
            while (from < to && Grammar.isSpace(list.charAt(from))) {
                from++;
            }
            while (to > from && Grammar.isSpace(list.charAt(to - 1))) {
                to--;
            }
            if (to - from == token.length() && list.regionMatches(anyCase, from, token, 0, token.length())) {
                return true;
            }
            from = next;
        }
        return false;
    }
}
