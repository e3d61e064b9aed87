package io.hioload.control;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One configuration key, declared once: validation, metatype and documentation are all made from it. Immutable.
 *
 * @param name         as it stands in a {@code .cfg} file
 * @param type         how text becomes a value
 * @param defaultValue used when the key is absent: a String, Long or Boolean as the type says
 * @param min          least allowed number, for numbers, sizes (bytes) and durations (milliseconds)
 * @param max          greatest allowed number
 * @param options      the only allowed texts, or empty when any text is
 * @param effect       when a change takes effect
 * @param description  one sentence for a person
 */
public record ConfigKey(String name, Type type, Object defaultValue, long min, long max, List<String> options, Effect effect,
        String description) {

    /** How text becomes a value. */
    public enum Type {
        /** Any text, or one of the options. */
        STRING,
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** A whole number. */
        NUMBER,
        /** Bytes: a whole number with an optional KiB, MiB or GiB behind it. */
        SIZE,
        /** Milliseconds: a whole number with an optional ms, s, m or h behind it. */
        DURATION
    }

    /** When a change of the key takes effect. */
    public enum Effect {
        /** At once, for everything. */
        LIVE,
        /** For connections that are opened afterwards. */
        NEW_CONNECTIONS,
        /** When what it configures is next started; until then the value before it holds. */
        RESTART
    }

    private static final Pattern AMOUNT = Pattern.compile("(-?\\d{1,18})\\s*([a-z]*)");
    private static final Map<String, Long> BYTES = Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);
    private static final Map<String, Long> MILLIS = Map.of("", 1L, "ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

    /**
     * A text key.
     *
     * @param name         key
     * @param defaultValue default
     * @param effect       when a change takes effect
     * @param description  for a person
     * @param options      the only allowed texts; none means any
     * @return the key
     */
    public static ConfigKey text(String name, String defaultValue, Effect effect, String description, String... options) {
        return new ConfigKey(name, Type.STRING, defaultValue, 0, 0, List.of(options), effect, description);
    }

    /**
     * A true-or-false key.
     *
     * @param name         key
     * @param defaultValue default
     * @param effect       when a change takes effect
     * @param description  for a person
     * @return the key
     */
    public static ConfigKey flag(String name, boolean defaultValue, Effect effect, String description) {
        return new ConfigKey(name, Type.BOOLEAN, defaultValue, 0, 0, List.of(), effect, description);
    }

    /**
     * A key with a number: count, size or duration.
     *
     * @param name         key
     * @param type         {@link Type#NUMBER}, {@link Type#SIZE} or {@link Type#DURATION}
     * @param defaultValue default, in bytes or milliseconds for sizes and durations
     * @param min          least allowed
     * @param max          greatest allowed
     * @param effect       when a change takes effect
     * @param description  for a person
     * @return the key
     */
    public static ConfigKey number(String name, Type type, long defaultValue, long min, long max, Effect effect, String description) {
        return new ConfigKey(name, type, defaultValue, min, max, List.of(), effect, description);
    }

    /**
     * Turns what a configuration source holds into the key's value.
     *
     * @param raw a String, Number or Boolean
     * @return a String, Long or Boolean as the type says
     * @throws IllegalArgumentException if it is not allowed; the message names key, value and what is allowed
     */
    public Object parse(Object raw) {
        String text = String.valueOf(raw).strip();
        Object value = switch (type) {
            case STRING -> options.isEmpty() || options.contains(text) ? text : null;
            case BOOLEAN -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
            case NUMBER -> amount(text, Map.of("", 1L));
            case SIZE -> amount(text, BYTES);
            case DURATION -> amount(text, MILLIS);
        };
        if (value == null) {
            throw new IllegalArgumentException(name + " = " + text + ": allowed is " + allowed());
        }
        return value;
    }

    private Long amount(String text, Map<String, Long> units) {
        Matcher m = AMOUNT.matcher(text.toLowerCase(Locale.ROOT));
        Long unit = m.matches() ? units.get(m.group(2)) : null;
        if (unit == null) {
            return null;
        }
        long number = Long.parseLong(m.group(1));
        if (number > Long.MAX_VALUE / unit || number < Long.MIN_VALUE / unit) {
            return null;
        }
        long value = number * unit;
        return value < min || value > max ? null : value;
    }

    /**
     * What values are allowed.
     *
     * @return for an error message or a table, such as {@code a whole number from 0 to 65535}
     */
    public String allowed() {
        return switch (type) {
            case STRING -> options.isEmpty() ? "any text" : String.join(" | ", options);
            case BOOLEAN -> "true | false";
            case NUMBER -> "a whole number from " + min + " to " + max;
            case SIZE -> "a size from " + bytes(min) + " to " + bytes(max) + " (bytes, or with KiB, MiB, GiB)";
            case DURATION -> "a duration from " + millis(min) + " to " + millis(max) + " (milliseconds, or with ms, s, m, h)";
        };
    }

    /**
     * The default as one would write it.
     *
     * @return text that {@link #parse} turns into the default value
     */
    public String defaultText() {
        return text(defaultValue);
    }

    /**
     * A value as one would write it.
     *
     * @param value what {@link #parse} answered
     * @return text that it turns into that value, with a unit where there is one
     */
    public String text(Object value) {
        return switch (type) {
            case SIZE -> bytes((Long) value);
            case DURATION -> millis((Long) value);
            default -> String.valueOf(value);
        };
    }

    private static String bytes(long n) {
        return n != 0 && n % (1L << 30) == 0 ? (n >> 30) + "GiB" : n != 0 && n % (1L << 20) == 0 ? (n >> 20) + "MiB"
                : n != 0 && n % 1024 == 0 ? (n >> 10) + "KiB" : Long.toString(n);
    }

    private static String millis(long n) {
        return n != 0 && n % 3_600_000 == 0 ? n / 3_600_000 + "h" : n != 0 && n % 60_000 == 0 ? n / 60_000 + "m"
                : n != 0 && n % 1000 == 0 ? n / 1000 + "s" : n + "ms";
    }
}
