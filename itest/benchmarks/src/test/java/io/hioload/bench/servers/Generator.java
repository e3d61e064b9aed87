package io.hioload.bench.servers;

import io.hioload.bench.load.LoadOptions;
import io.hioload.bench.load.LoadRun;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The load generator as a process that lives through many runs, so that it is warm. One line in, one line out:
 * {@code open OPTIONS}, {@code measure}, {@code close}.
 */
final class Generator {

    private LoadRun run;

    private Generator() {
    }

    public static void main(String[] arguments) throws Exception {
        Generator generator = new Generator();
        System.out.println("READY 0");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println("OK " + generator.answer(line));
        }
        Runtime.getRuntime().halt(0);
    }

    private String answer(String command) throws Exception {
        List<String> words = List.of(command.split(" "));
        switch (words.getFirst()) {
            case "open" -> {
                run = new LoadRun(LoadOptions.parse(words.subList(1, words.size())), System.err, false);
                return Integer.toString(run.open());
            }
            case "measure" -> {
                return run.measure().toJson();
            }
            case "close" -> {
                run.close();
                return "closed";
            }
            default -> throw new IllegalArgumentException(command);
        }
    }
}
