package io.hioload.control;

import java.util.List;

/** A configuration was refused as a whole; whatever ran before runs on. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String[] problems;

    /**
     * Refuses a configuration.
     *
     * @param source   where it came from, such as a file name
     * @param problems one sentence for each bad key: key, value, what is allowed
     */
    public ConfigException(String source, List<String> problems) {
        super(source + ": " + String.join("; ", problems));
        this.problems = problems.toArray(new String[0]);
    }

    /**
     * What is wrong.
     *
     * @return one sentence for each bad key
     */
    public List<String> problems() {
        return List.of(problems);
    }
}
