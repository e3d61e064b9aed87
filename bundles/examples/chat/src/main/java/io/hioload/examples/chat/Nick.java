package io.hioload.examples.chat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** What a member is called: one word, so that it can stand in the middle of a line. */
final class Nick {

    /** Characters of the longest nick, before a number is added to tell two of the same name apart. */
    static final int MAX_LENGTH = 24;

    private static final String PARAMETER = "nick=";

    private Nick() {
    }

    /** The nick that a query asks for, or null. */
    static String ofQuery(String query) {
        for (String pair : query.split("&")) {
            if (pair.startsWith(PARAMETER)) {
                try {
                    return of(URLDecoder.decode(pair.substring(PARAMETER.length()), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException badEscape) {
                    return null;
                }
            }
        }
        return null;
    }

    /** Makes one word of any text; {@code guest} if nothing is left of it. */
    static String of(String text) {
        StringBuilder nick = new StringBuilder();
        text.strip().codePoints().limit(MAX_LENGTH).forEach(c -> nick.appendCodePoint(isPlain(c) ? c : '_'));
        return nick.isEmpty() ? "guest" : nick.toString();
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }
}
