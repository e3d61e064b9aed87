package io.hioload.launcher;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * Puts a record on one line: local time, level, logger, message, and what was thrown with its causes and where each came
 * from. Immutable; any thread.
 */
final class LineFormatter extends Formatter {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");
    private static final int MAX_CAUSES = 8;

    private final boolean stackTraces;

    LineFormatter(boolean stackTraces) {
        this.stackTraces = stackTraces;
    }

    @Override
    public String format(LogRecord record) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(record.getInstant().atZone(ZoneId.systemDefault()), line);
        line.append(' ').append(level(record)).append(' ').append(record.getLoggerName()).append(": ");
        appendOneLine(line, formatMessage(record));
        int depth = 0;
        for (Throwable t = record.getThrown(); t != null && depth < MAX_CAUSES; t = t.getCause()) {
            line.append(depth++ == 0 ? " | " : " | caused by ");
            appendOneLine(line, t.toString());
            if (t.getStackTrace().length > 0) {
                line.append(" at ").append(t.getStackTrace()[0]);
            }
        }
        line.append(System.lineSeparator());
        if (stackTraces && record.getThrown() != null) {
            StringWriter trace = new StringWriter();
            record.getThrown().printStackTrace(new PrintWriter(trace, true));
            line.append(trace);
        }
        return line.toString();
    }

    /** System.Logger's names, in five columns; java.util.logging calls them SEVERE, WARNING and FINE. */
    private static String level(LogRecord record) {
        int level = record.getLevel().intValue();
        return level >= 1000 ? "ERROR" : level >= 900 ? "WARN " : level >= 800 ? "INFO " : level >= 500 ? "DEBUG" : "TRACE";
    }

    private static void appendOneLine(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(c < ' ' && c != '\t' ? ' ' : c);
        }
    }
}
