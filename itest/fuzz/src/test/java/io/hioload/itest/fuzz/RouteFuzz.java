package io.hioload.itest.fuzz;

import io.hioload.session.PathMatch;
import io.hioload.session.PathPattern;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Path patterns: what is none is refused with its documented exception, and a path matches exactly when its segments, each
 * decoded by itself, do. The first line of an input is the pattern, the rest the path. One thread.
 */
public final class RouteFuzz {

    private RouteFuzz() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        String input = new String(data, StandardCharsets.UTF_8);
        int end = input.indexOf('\n');
        String text = end < 0 ? input : input.substring(0, end);
        String path = end < 0 ? "/" : input.substring(end + 1);
        PathPattern pattern;
        try {
            pattern = PathPattern.parse(text);
        } catch (IllegalArgumentException e) {
            return;
        }
        if (!pattern.equals(PathPattern.parse(pattern.toString())) || pattern.compareTo(pattern) != 0) {
            throw new AssertionError("not itself: " + pattern);
        }
        PathMatch match = pattern.match(path);
        List<String> expected = reference(text, path);
        if ((match != null) != (expected != null)) {
            throw new AssertionError(text + " and " + path + ": " + match);
        }
        for (int i = 0; match != null && i < expected.size(); i += 2) {
            if (!expected.get(i + 1).equals(match.parameter(expected.get(i)))) {
                throw new AssertionError("parameter " + expected.get(i) + " is " + match.parameter(expected.get(i)));
            }
        }
    }

    /** Names and values by turns, or null. */
    private static List<String> reference(String pattern, String path) {
        if (!path.matches("/[\\x21-\\x7E&&[^?#]]*")) {
            return null;
        }
        String[] literal = pattern.split("/", -1);
        String[] raw = path.split("/", -1);
        String[] decoded = new String[raw.length];
        for (int i = 0; i < raw.length; i++) {
            decoded[i] = decoded(raw[i]);
            if (decoded[i] == null || decoded[i].equals(".") || decoded[i].equals("..")) {
                return null;
            }
        }
        List<String> found = new ArrayList<>();
        for (int i = 1; i < literal.length; i++) {
            if (i >= raw.length) {
                return null;
            }
            if (literal[i].equals("*")) {
                found.add("*");
                found.add(String.join("/", List.of(decoded).subList(i, decoded.length)));
                return found;
            }
            if (literal[i].startsWith("{")) {
                if (raw[i].isEmpty()) {
                    return null;
                }
                found.add(literal[i].substring(1, literal[i].length() - 1));
                found.add(decoded[i]);
            } else if (!literal[i].equals(decoded[i])) {
                return null;
            }
        }
        return literal.length == raw.length ? found : null;
    }

    private static String decoded(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) != '%') {
                bytes.write(raw.charAt(i));
            } else if (raw.substring(i).matches("(?s)%[0-9A-Fa-f]{2}.*") && !raw.startsWith("%00", i)) {
                bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                return null;
            }
        }
        return Utf8Reference.isValid(bytes.toByteArray()) ? bytes.toString(StandardCharsets.UTF_8) : null;
    }
}
