package io.hioload.bench.load;

import io.hioload.websocket.MessageType;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** Reads one command line. One thread; used once. */
final class LoadOptionsParser {

    private final Iterator<String> rest;
    private final LoadOptions defaults = LoadOptions.defaults("ws://127.0.0.1/");
    private String url;
    private int connections = defaults.connections();
    private int sizeBytes = defaults.sizeBytes();
    private int pipeline = defaults.pipeline();
    private double ratePerSecond = defaults.ratePerSecond();
    private double seconds = defaults.seconds();
    private double warmupSeconds = defaults.warmupSeconds();
    private MessageType type = defaults.type();
    private String transport = defaults.transport();
    private int reactors = defaults.reactors();
    private int connectRatePerSecond = defaults.connectRatePerSecond();
    private boolean idle;
    private boolean broadcast;
    private long serverPid;
    private Path histogramFile;
    private boolean json;

    LoadOptionsParser(List<String> arguments) {
        rest = arguments.iterator();
    }

    LoadOptions parse() {
        while (rest.hasNext()) {
            take(rest.next());
        }
        return new LoadOptions(url, connections, sizeBytes, pipeline, ratePerSecond, seconds, warmupSeconds, type, transport, reactors,
                connectRatePerSecond, idle, broadcast, serverPid, histogramFile, json);
    }

    private void take(String argument) {
        switch (argument) {
            case "--connections" -> connections = whole(argument);
            case "--size" -> sizeBytes = whole(argument);
            case "--pipeline" -> pipeline = whole(argument);
            case "--rate" -> ratePerSecond = number(argument);
            case "--seconds" -> seconds = number(argument);
            case "--warmup" -> warmupSeconds = number(argument);
            case "--text" -> type = MessageType.TEXT;
            case "--binary" -> type = MessageType.BINARY;
            case "--transport" -> transport = value(argument);
            case "--reactors" -> reactors = whole(argument);
            case "--connect-rate" -> connectRatePerSecond = whole(argument);
            case "--idle" -> idle = true;
            case "--broadcast" -> broadcast = true;
            case "--server-pid" -> serverPid = whole(argument);
            case "--histogram" -> histogramFile = Path.of(value(argument));
            case "--json" -> json = true;
            default -> url(argument);
        }
    }

    private void url(String argument) {
        if (argument.startsWith("-")) {
            throw new IllegalArgumentException(argument + ": no such option");
        }
        if (url != null) {
            throw new IllegalArgumentException(argument + ": there is a URL already, " + url);
        }
        url = argument;
    }

    private String value(String option) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + ": needs a value");
        }
        return rest.next();
    }

    private int whole(String option) {
        String text = value(option);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " " + text + ": needs a whole number", e);
        }
    }

    private double number(String option) {
        String text = value(option);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " " + text + ": needs a number", e);
        }
    }
}
