package io.hioload.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class LogLimitTest {

    private final List<String> lines = new ArrayList<>();
    private RuntimeException broken;

    private final System.Logger logger = new System.Logger() {
        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            if (broken != null) {
                throw broken;
            }
            lines.add(level + " " + message + " " + thrown.getMessage());
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
            throw new AssertionError();
        }
    };

    @Test
    void shouldLogTheFirstAndThenEverRarerWhenFailuresRepeat() {
        LogLimit limit = new LogLimit(logger);
        for (int i = 1; i <= 1000; i++) {
            limit.failed("source", "x", new IllegalStateException("no. " + i));
        }
        assertEquals(10, lines.size());
        assertEquals("WARNING x failed (java.lang.String, failure 1) no. 1", lines.getFirst());
        assertEquals("WARNING x failed (java.lang.String, failure 512) no. 512", lines.getLast());
    }

    @Test
    void shouldLogTheFirstOfEachSource() {
        LogLimit limit = new LogLimit(logger);
        for (int i = 0; i < 3; i++) {
            limit.failed("source", "x", new IllegalStateException());
            limit.failed(7, "y", new IllegalStateException());
        }
        assertEquals(4, lines.size());
    }

    @Test
    void shouldNotThrowWhenTheLoggerDoes() {
        broken = new IllegalStateException("disk full");
        LogLimit limit = new LogLimit(logger);
        limit.failed("source", "x", new IllegalStateException());
        broken = null;
        limit.failed("source", "x", new IllegalStateException());
        assertEquals(1, lines.size());
    }
}
