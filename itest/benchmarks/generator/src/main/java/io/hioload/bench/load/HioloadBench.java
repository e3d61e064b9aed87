package io.hioload.bench.load;

import java.io.IOException;
import java.util.List;

/** The program {@code hioload-bench}. */
public final class HioloadBench {

    private static final int FAULTS = 1;
    private static final int NOT_STARTED = 2;

    private HioloadBench() {
    }

    /**
     * Runs.
     *
     * @param arguments see {@link LoadOptions#USAGE}
     * @throws InterruptedException if the main thread was interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> given = List.of(arguments);
        if (given.isEmpty() || given.contains("--help") || given.contains("-h")) {
            System.out.print(LoadOptions.USAGE);
            System.exit(given.isEmpty() ? NOT_STARTED : 0);
        }
        System.exit(run(given));
    }

    private static int run(List<String> arguments) throws InterruptedException {
        LoadOptions options;
        try {
            options = LoadOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("hioload-bench: " + e.getMessage() + "; --help tells more");
            return NOT_STARTED;
        }
        try (LoadRun run = new LoadRun(options, System.err, System.console() != null && System.console().isTerminal())) {
            if (run.open() == 0) {
                System.err.println("hioload-bench: no connection opened: " + run.firstFailure());
                return NOT_STARTED;
            }
            LoadResult result = run.measure();
            System.out.print(options.json() ? result.toJson() + System.lineSeparator() : result.toText());
            return result.errors() == 0 ? 0 : FAULTS;
        } catch (IOException | IllegalStateException e) {
            System.err.println("hioload-bench: " + e.getMessage());
            return NOT_STARTED;
        }
    }
}
