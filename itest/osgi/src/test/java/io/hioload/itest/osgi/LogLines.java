package io.hioload.itest.osgi;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Collects what our bundles log while it is open. {@code System.Logger} ends in java.util.logging, which is the JDK's default. */
final class LogLines extends Handler {

    private final Formatter formatter = new SimpleFormatter();
    private final List<String> errors = new CopyOnWriteArrayList<>();

    LogLines() {
        Logger.getLogger("").addHandler(this);
    }

    /** Errors so far, each as one string: message and, behind it, that of what was thrown. */
    List<String> errors() {
        return errors;
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
            Throwable thrown = record.getThrown();
            errors.add(formatter.formatMessage(record) + (thrown == null ? "" : " " + thrown.getMessage()));
        }
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
