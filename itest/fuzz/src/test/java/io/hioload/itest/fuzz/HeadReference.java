package io.hioload.itest.fuzz;

import io.hioload.protocol.http1.HttpLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Heads of messages by RFC 9112, sections 2 to 6, as regular expressions over the whole text: what is one, what can still
 * become one, and what is in error. Of a request also whether it could be smuggled past somebody. Stateless.
 */
final class HeadReference {

    static final String MORE = "more";
    static final String BAD = "bad";

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern LEGAL = Pattern.compile("(?:\r\n|[\t\\x20-\\x7E\\x80-\\xFF])*+\r?");
    private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):[ \t]*(.*?)[ \t]*", Pattern.DOTALL);
    private static final String AUTHORITY = "(?:\\[[0-9A-Fa-f:.]{2,}\\]|[0-9A-Za-z._~%!$&'()*+,;=-]+)(?::[0-9]{0,5})?";
    private static final String TARGET = "[\\x21-\\x7E&&[^#\"<>]]+";
    private static final Pattern REQUEST_LINE = Pattern.compile("(" + TOKEN + ") (" + TARGET + ") HTTP/1\\.1");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://(" + AUTHORITY + ")([/?].*)?", Pattern.DOTALL);
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([0-9]{3})(?: (.*))?", Pattern.DOTALL);
    private static final int MAX_METHOD = 32;
    private static final int LINE_REST = 10;

    /** A head as it stands at the front of a text. */
    record Head(String verdict, int end, List<String> lines) {
    }

    private HeadReference() {
    }

    /** What a server makes of what it has received, request after request. */
    static List<String> requests(HttpLimits limits, String text) {
        List<String> found = new ArrayList<>();
        for (int at = 0;;) {
            Head head = head(limits, limits.maxTargetBytes() + MAX_METHOD + LINE_REST, text.substring(at));
            String request = head.lines == null ? head.verdict : request(limits, head.lines);
            found.add(request);
            at += head.end;
            if (request.equals(BAD) || request.equals(MORE)) {
                return found;
            }
        }
    }

    static String response(HttpLimits limits, String text) {
        Head head = head(limits, limits.maxHeadBytes(), text);
        if (head.lines == null) {
            return head.verdict;
        }
        Matcher line = STATUS_LINE.matcher(head.lines.getFirst());
        List<String> fields = fields(head.lines);
        if (fields == null || !line.matches()) {
            return BAD;
        }
        int status = Integer.parseInt(line.group(2));
        if (status < 100 || status < 200 && line.group(1).equals("0")) {
            return BAD;
        }
        return status + " " + (line.group(3) == null ? "" : line.group(3)) + " " + fields;
    }

    private static Head head(HttpLimits limits, int maxFirstLine, String text) {
        int from = text.startsWith("\r\n") ? 2 : 0;
        // An empty line where the first one should be ends nothing, but is in error.
        int empty = text.startsWith("\r\n", from) ? from : text.indexOf("\r\n\r\n", from) + 2;
        boolean ends = empty >= 2 || empty == from && from < text.length() && text.startsWith("\r\n", from);
        int end = ends ? empty + 2 : text.length();
        String examined = text.substring(0, end);
        String[] lines = examined.substring(Math.min(from, end)).split("\r\n", -1);
        int whole = ends ? lines.length - 2 : lines.length - 1;
        if (!LEGAL.matcher(examined).matches() || end > limits.maxHeadBytes() || whole - 1 > limits.maxHeaders()
                || lines[0].replace("\r", "").length() > maxFirstLine || ends && empty == from) {
            return new Head(BAD, end, null);
        }
        return ends ? new Head(null, end, List.of(lines).subList(0, whole)) : new Head(MORE, end, null);
    }

    private static List<String> fields(List<String> lines) {
        List<String> fields = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                return null;
            }
            fields.add(field.group(1));
            fields.add(field.group(2));
        }
        return fields;
    }

    private static String request(HttpLimits limits, List<String> lines) {
        Matcher line = REQUEST_LINE.matcher(lines.getFirst());
        List<String> fields = fields(lines);
        if (fields == null || !line.matches() || line.group(1).length() > MAX_METHOD || line.group(2).length() > limits.maxTargetBytes()) {
            return BAD;
        }
        int hosts = 0;
        int lengths = 0;
        for (int i = 0; i < fields.size(); i += 2) {
            String value = fields.get(i + 1);
            if (fields.get(i).equalsIgnoreCase("Transfer-Encoding")
                    || fields.get(i).equalsIgnoreCase("Content-Length") && (++lengths > 1 || !value.matches("0+"))
                    || fields.get(i).equalsIgnoreCase("Host") && (++hosts > 1 || !value.matches(AUTHORITY))) {
                return BAD;
            }
        }
        String target = line.group(2);
        if (!target.startsWith("/")) {
            Matcher absolute = ABSOLUTE.matcher(target);
            if (!absolute.matches()) {
                return BAD;
            }
            String rest = absolute.group(2) == null ? "" : absolute.group(2);
            target = rest.startsWith("/") ? rest : "/" + rest;
            for (int i = 0; i < fields.size(); i += 2) {
                if (fields.get(i).equalsIgnoreCase("Host")) {
                    fields.set(i + 1, absolute.group(1));
                }
            }
        }
        int query = target.indexOf('?');
        return hosts != 1 ? BAD : line.group(1) + " " + (query < 0 ? target : target.substring(0, query)) + " "
                + (query < 0 ? "" : target.substring(query + 1)) + " " + fields;
    }
}
