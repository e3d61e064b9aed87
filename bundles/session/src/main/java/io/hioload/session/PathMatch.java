package io.hioload.session;

/** What a {@link PathPattern} found in a path. Immutable. A pattern without parameters always gives the same object. */
public final class PathMatch {

    private final PathPattern pattern;
    private final String[] values;

    PathMatch(PathPattern pattern, String[] values) {
        this.pattern = pattern;
        this.values = values;
    }

    /**
     * The pattern that matched.
     *
     * @return the pattern
     */
    public PathPattern pattern() {
        return pattern;
    }

    /**
     * The value of a parameter.
     *
     * @param name as it stands between braces; {@code *} is the rest
     * @return percent-decoded, or {@code null} if the pattern has no such parameter
     */
    public String parameter(String name) {
        int index = pattern.parameterIndex(name);
        return index < 0 ? null : values[index];
    }

    @Override
    public String toString() {
        return pattern + " " + java.util.Arrays.toString(values);
    }
}
