package io.hioload.bench.load;

import java.io.PrintStream;
import java.util.Locale;

/** Says each second what goes on: on one line that is written over on a terminal, else on lines of their own. One thread. */
final class ProgressLine {

    private final PrintStream out;
    private final boolean terminal;
    private int width;

    ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void show(String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        if (terminal) {
            out.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
            width = text.length();
        } else {
            out.println(text);
        }
        out.flush();
    }

    /** What follows begins on a line of its own. */
    void end() {
        if (terminal && width > 0) {
            out.println();
            width = 0;
        }
    }
}
