package io.hioload.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;

/**
 * Writes log records to standard output, one line each, so that a container's or a service manager's log takes them as
 * they are. Any thread; a record is written with one call, so lines do not mix.
 *
 * <p>Property in {@code logging.properties}: {@code io.hioload.launcher.StdoutHandler.stackTraces} (true or false,
 * default false) lets stack traces follow a record on lines of their own.
 */
public final class StdoutHandler extends Handler {

    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final Charset charset = System.out.charset();

    /** Made by java.util.logging from the name in {@code logging.properties}. */
    public StdoutHandler() {
        boolean stackTraces = Boolean.parseBoolean(LogManager.getLogManager().getProperty(getClass().getName() + ".stackTraces"));
        setFormatter(new LineFormatter(stackTraces));
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        try {
            out.write(getFormatter().format(record).getBytes(charset));
        } catch (IOException e) {
            reportError(null, e, ErrorManager.WRITE_FAILURE);
        }
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public void close() {
        // Standard output belongs to the process.
    }
}
