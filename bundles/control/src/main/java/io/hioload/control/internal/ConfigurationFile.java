package io.hioload.control.internal;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file {@code <factory PID>~<name>.cfg}: one instance of what a factory makes, such as one server. In the format of
 * {@link Properties}, in UTF-8. Immutable.
 *
 * @param factoryPid names the factory
 * @param name       names the instance
 */
public record ConfigurationFile(String factoryPid, String name) {

    /** File Install's property, which tells readers of a configuration what file it came from. */
    static final String FILE_NAME = "felix.fileinstall.filename";

    private static final Pattern PATTERN = Pattern.compile("([^~]+)~(.+)\\.cfg");

    /** Whether the file is named like one. */
    static boolean isOne(File file) {
        return PATTERN.matcher(file.getName()).matches();
    }

    static ConfigurationFile of(File file) {
        Matcher matcher = PATTERN.matcher(file.getName());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(file.getName());
        }
        return new ConfigurationFile(matcher.group(1), matcher.group(2));
    }

    String pid() {
        return factoryPid + "~" + name;
    }

    /**
     * Reads keys and values.
     *
     * @param file in the format of {@link Properties}
     * @return texts, and the file's name under {@link #FILE_NAME}
     * @throws IOException if it cannot be read; the message says why
     */
    public static Dictionary<String, Object> read(File file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file.toPath())) {
            properties.load(reader);
        } catch (MalformedInputException e) {
            throw new IOException(file.getName() + " is not in UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file.getName() + ": " + e.getMessage(), e);
        }
        Hashtable<String, Object> values = new Hashtable<>();
        properties.forEach((key, value) -> values.put((String) key, value));
        values.put(FILE_NAME, file.toURI().toString());
        return values;
    }
}
