package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Python package {@code websockets} against the distribution. */
class PythonClientIT {

    static final String INSTALL = "Install Python 3 and its package websockets (Debian: apt-get install python3-websockets).";

    @Test
    void shouldServePythonWebsockets() throws Exception {
        String python = Command.path("python", "/usr/bin/python3", INSTALL);
        File folder = new File(System.getProperty("itest.scripts"), "python");
        Command.run(folder, INSTALL, python, "-c", "import websockets");
        try (Distribution server = Distribution.start("python")) {
            List<String> passed = Command.run(folder, "The server behaves otherwise than expected.", python, "client.py", server.url());
            assertEquals(List.of("passed text", "passed binary", "passed mebibyte", "passed fragmented", "passed order", "passed ping",
                    "passed close_by_client", "passed close_by_server", "passed refused"), passed);
            server.stop();
        }
    }
}
