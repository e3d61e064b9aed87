package io.hioload.itest.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What a running server says of itself at {@code /metrics}, summed over its reactors, and the system of its process. */
final class ServerFigures {

    private static final String COUNTERS = "hioload_reactor_counters_";

    private final Map<String, Long> values = new HashMap<>();
    private final long residentBytes;

    private ServerFigures(String text, long residentBytes) {
        this.residentBytes = residentBytes;
        for (String line : text.split("\n")) {
            int labels = line.indexOf('{');
            int space = line.lastIndexOf(' ');
            if (!line.startsWith("#") && labels > 0 && line.substring(space + 1).matches("-?\\d+")) {
                values.merge(line.substring(0, labels), Long.valueOf(line.substring(space + 1).strip()), Long::sum);
            }
        }
    }

    /** Asks a server that has the metrics at this path. */
    static ServerFigures read(int port, long pid) throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String head = client.head();
            if (!head.startsWith("HTTP/1.1 200 ")) {
                throw new IOException("no metrics: " + head);
            }
            return new ServerFigures(client.rest().replace("\r", ""), resident(pid));
        }
    }

    /** Linux only, as the attack tests are. */
    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElseThrow();
    }

    /** A counter of the reactors; 0 if it has not counted yet. */
    long counter(String name) {
        return values.getOrDefault(COUNTERS + name, 0L);
    }

    /** How much a counter has grown. */
    long since(ServerFigures before, String name) {
        return counter(name) - before.counter(name);
    }

    long connections() {
        return values.get("hioload_reactor_connections");
    }

    long poolBytes() {
        return values.get("hioload_pool_in_use_bytes");
    }

    long residentBytes() {
        return residentBytes;
    }
}
