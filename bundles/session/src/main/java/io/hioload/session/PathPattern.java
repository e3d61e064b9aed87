package io.hioload.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A pattern of paths, such as {@code /chat/{room}} or <code>/files/*</code>. Immutable.
 *
 * <p>Segments are literal text (compared after percent-decoding), {@code {name}} for exactly one segment that is not empty,
 * or, at the end, {@code *} for any rest, also an empty one. A slash at the end counts.
 *
 * <p>Order: the most specific first, decided by the first segment in which two patterns differ: literal before parameter
 * before rest. Patterns that match the same paths are equal, whatever their parameters are called.
 */
public final class PathPattern implements Comparable<PathPattern> {

    /** The name under which the rest is found in a {@link PathMatch}. */
    public static final String REST = "*";

    private static final byte[] PARAMETER_SEGMENT = {'{'};
    private static final byte[] REST_SEGMENT = {'*'};

    private final String text;
    /** UTF-8 of the literals, and the two constants above in place of what is not literal. */
    private final byte[][] segments;
    private final String[] names;
    private final PathMatch withoutParameters;

    private PathPattern(String text, byte[][] segments, String[] names) {
        this.text = text;
        this.segments = segments;
        this.names = names;
        this.withoutParameters = names.length == 0 ? new PathMatch(this, names) : null;
    }

    /**
     * Reads a pattern.
     *
     * @param text begins with '/'; literals are plain text, not percent-encoded
     * @return the pattern
     * @throws IllegalArgumentException if it is none; the message says what is wrong with it
     */
    public static PathPattern parse(String text) {
        if (!text.startsWith("/")) {
            throw bad(text, "must begin with '/'");
        }
        String[] parts = text.substring(1).split("/", -1);
        byte[][] segments = new byte[parts.length][];
        String[] names = new String[parts.length];
        int parameters = 0;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            boolean last = i == parts.length - 1;
            if (part.equals(REST)) {
                if (!last) {
                    throw bad(text, "'*' may only be the last segment");
                }
                segments[i] = REST_SEGMENT;
                names[parameters++] = REST;
            } else if (part.startsWith("{") && part.endsWith("}")) {
                String name = part.substring(1, part.length() - 1);
                checkName(text, name, Arrays.asList(names).subList(0, parameters).contains(name));
                segments[i] = PARAMETER_SEGMENT;
                names[parameters++] = name;
            } else {
                checkLiteral(text, part, last);
                segments[i] = part.getBytes(StandardCharsets.UTF_8);
            }
        }
        return new PathPattern(text, segments, Arrays.copyOf(names, parameters));
    }

    private static void checkName(String text, String name, boolean taken) {
        if (name.isEmpty()) {
            throw bad(text, "a parameter needs a name");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.')) {
                throw bad(text, "a parameter's name has letters, digits, '_', '-' and '.' only");
            }
        }
        if (taken) {
            throw bad(text, "the parameter '" + name + "' is there twice");
        }
    }

    private static void checkLiteral(String text, String part, boolean last) {
        if (part.isEmpty() && !last) {
            throw bad(text, "has an empty segment");
        }
        if (part.equals(".") || part.equals("..")) {
            throw bad(text, "'.' and '..' are not segments");
        }
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '{' || c == '}' || c == '*') {
                throw bad(text, "'" + c + "' may not stand inside a segment");
            }
            if (c == '%' || c == '?' || c == '#') {
                throw bad(text, "'" + c + "' may not stand in a pattern (literals are not percent-encoded)");
            }
            if (c < ' ' || c == 0x7F || Character.isSurrogate(c) && !PathText.isPaired(part, i)) {
                throw bad(text, "has a character that is not text");
            }
        }
    }

    private static IllegalArgumentException bad(String text, String what) {
        return new IllegalArgumentException("path pattern '" + text + "': " + what);
    }

    /**
     * Matches a path.
     *
     * @param rawPath from '/', percent-encoded, without the query
     * @return the match; {@code null} if it does not match, or if it is not strict: a broken percent-encoding, bytes that
     *         are not UTF-8, a character that must be encoded, an encoded NUL, or a segment "." or ".."
     */
    public PathMatch match(String rawPath) {
        return PathText.isStrict(rawPath) && matchesStrict(rawPath) ? extract(rawPath) : null;
    }

    boolean matchesStrict(String rawPath) {
        int start = 1;
        for (int i = 0; i < segments.length; i++) {
            byte[] segment = segments[i];
            if (segment == REST_SEGMENT) {
                return true;
            }
            int end = PathText.segmentEnd(rawPath, start);
            boolean matches = segment == PARAMETER_SEGMENT ? end > start : PathText.isEqual(rawPath, start, end, segment);
            boolean pathEnds = end == rawPath.length();
            if (!matches || pathEnds != (i == segments.length - 1)) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }

    PathMatch extract(String rawPath) {
        if (withoutParameters != null) {
            return withoutParameters;
        }
        String[] values = new String[names.length];
        int found = 0;
        int start = 1;
        for (byte[] segment : segments) {
            int end = segment == REST_SEGMENT ? rawPath.length() : PathText.segmentEnd(rawPath, start);
            if (segment == REST_SEGMENT || segment == PARAMETER_SEGMENT) {
                values[found++] = PathText.decode(rawPath, start, end);
            }
            start = end + 1;
        }
        return new PathMatch(this, values);
    }

    int parameterIndex(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    boolean isLiteral() {
        return names.length == 0;
    }

    @Override
    public int compareTo(PathPattern other) {
        int shared = Math.min(segments.length, other.segments.length);
        for (int i = 0; i < shared; i++) {
            int byKind = Integer.compare(kind(segments[i]), kind(other.segments[i]));
            if (byKind != 0) {
                return byKind;
            }
            int byText = Arrays.compareUnsigned(segments[i], other.segments[i]);
            if (byText != 0) {
                return byText;
            }
        }
        return Integer.compare(segments.length, other.segments.length);
    }

    private static int kind(byte[] segment) {
        return segment == REST_SEGMENT ? 2 : segment == PARAMETER_SEGMENT ? 1 : 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern pattern && compareTo(pattern) == 0;
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(segments);
    }

    @Override
    public String toString() {
        return text;
    }
}
