package io.hioload.session.internal;

import io.hioload.websocket.Topics;

/** Reads topics and filters (MQTT 3.1.1, section 4.7). Stateless; any thread. Allocates the levels. */
final class TopicName {

    static final String ONE_LEVEL = "+";
    static final String ALL_LEVELS = "#";

    private TopicName() {
    }

    /**
     * The levels of a topic.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    static String[] topic(String topic) {
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            throw bad("topic", topic, "must not have a wildcard");
        }
        return levels("topic", topic);
    }

    /**
     * The levels of a filter.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    static String[] filter(String filter) {
        String[] levels = levels("filter", filter);
        for (int i = 0; i < levels.length; i++) {
            String level = levels[i];
            boolean wild = level.equals(ONE_LEVEL) || level.equals(ALL_LEVELS) && i == levels.length - 1;
            if (!wild && (level.indexOf('+') >= 0 || level.indexOf('#') >= 0)) {
                throw bad("filter", filter, "'+' stands for a whole level, '#' for the last one");
            }
        }
        return levels;
    }

    private static String[] levels(String what, String text) {
        if (text.isEmpty() || text.length() > Topics.MAX_LENGTH) {
            throw bad(what, text.length() > Topics.MAX_LENGTH ? text.substring(0, 40) + "..." : text,
                    "must have 1 to " + Topics.MAX_LENGTH + " chars");
        }
        if (text.indexOf('\0') >= 0) {
            throw bad(what, text.replace('\0', '?'), "must not have NUL");
        }
        String[] levels = text.split("/", -1);
        if (levels.length > Topics.MAX_LEVELS) {
            throw bad(what, text, "must have at most " + Topics.MAX_LEVELS + " levels");
        }
        return levels;
    }

    private static IllegalArgumentException bad(String what, String text, String why) {
        return new IllegalArgumentException(what + " '" + text + "' " + why);
    }

    /** Whether a filter's wildcards may match the first level of a topic: those that begin with '$' are the server's own. */
    static boolean isOpen(String firstLevel) {
        return firstLevel.isEmpty() || firstLevel.charAt(0) != '$';
    }

    /** Whether a filter matches a topic. */
    static boolean matches(String[] filter, String[] topic) {
        for (int i = 0; i < filter.length; i++) {
            boolean wildAllowed = i > 0 || isOpen(topic[0]);
            if (filter[i].equals(ALL_LEVELS)) {
                return wildAllowed;
            }
            if (i == topic.length) {
                return false;
            }
            if (filter[i].equals(ONE_LEVEL) ? !wildAllowed : !filter[i].equals(topic[i])) {
                return false;
            }
        }
        return filter.length == topic.length;
    }
}
