package io.hioload.itest.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The first inputs of each target, kept as text: one input a line, ASCII, everything else as {@code \r}, {@code \n},
 * {@code \\} or {@code \x00}; lines that begin with '#' say what it is about. What the fuzzer once found is added there,
 * so that every build tries it again.
 */
final class Seeds {

    private Seeds() {
    }

    /** Writes each input of a target's file into a file of its own, as Jazzer wants them. */
    static void write(String target, Path folder) throws IOException {
        Path file = Path.of(System.getProperty("fuzz.seeds")).resolve(target.substring(target.lastIndexOf('.') + 1) + ".txt");
        int count = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                Files.write(folder.resolve("seed-" + ++count), bytes(line));
            }
        }
        assertTrue(count > 0, () -> "no seeds in " + file);
    }

    static byte[] bytes(String line) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c != '\\') {
                bytes.write(c);
                continue;
            }
            char escaped = line.charAt(++i);
            switch (escaped) {
                case 'r' -> bytes.write('\r');
                case 'n' -> bytes.write('\n');
                case '\\' -> bytes.write('\\');
                case 'x' -> {
                    bytes.write(Integer.parseInt(line, i + 1, i + 3, 16));
                    i += 2;
                }
                default -> throw new IllegalArgumentException("\\" + escaped + " in " + line);
            }
        }
        return bytes.toByteArray();
    }
}
