package io.hioload.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LineFormatterTest {

    private static final String NEW_LINE = System.lineSeparator();

    @Test
    void shouldPutRecordOnOneLineWhenMessageHasLineBreaks() {
        LogRecord record = new LogRecord(Level.WARNING, "first {0}\nsecond\r\nthird");
        record.setLoggerName("a.b");
        record.setParameters(new Object[]{"one"});

        String line = new LineFormatter(false).format(record);

        assertTrue(line.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  a\\.b: first one second  third\\R"), line);
    }

    @Test
    void shouldNameEachCauseAndWhereItAroseWhenThrown() {
        LogRecord record = new LogRecord(Level.SEVERE, "failed");
        record.setLoggerName("a");
        record.setThrown(new IllegalStateException("outer", new IllegalArgumentException("inner\nline")));

        String line = new LineFormatter(false).format(record);

        assertEquals(1, line.split(NEW_LINE).length, line);
        assertTrue(line.contains("ERROR a: failed | java.lang.IllegalStateException: outer at " + getClass().getName()), line);
        assertTrue(line.contains(" | caused by java.lang.IllegalArgumentException: inner line at " + getClass().getName()), line);
    }

    @Test
    void shouldEndWhenCausesFormACircle() {
        Exception first = new Exception("first");
        first.initCause(new Exception("second", first));
        LogRecord record = new LogRecord(Level.INFO, "circle");
        record.setThrown(first);

        assertTrue(new LineFormatter(false).format(record).contains("caused by java.lang.Exception: second"));
    }

    @Test
    void shouldAppendStackTraceWhenAsked() {
        LogRecord record = new LogRecord(Level.FINE, "traced");
        record.setThrown(new Exception("here"));

        String text = new LineFormatter(true).format(record);

        assertTrue(text.contains(" DEBUG ") && text.contains(NEW_LINE + "\tat "), text);
    }
}
