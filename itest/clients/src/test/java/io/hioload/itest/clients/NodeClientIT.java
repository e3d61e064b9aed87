package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Node package {@code ws} against the distribution. */
class NodeClientIT {

    private static final String INSTALL = "Install Node.js 20 or newer with npm (Debian: apt-get install nodejs npm).";

    @Test
    void shouldServeNodeWs() throws Exception {
        String node = node();
        File folder = installWs();
        try (Distribution server = Distribution.start("node")) {
            List<String> passed = Command.run(folder, "The server behaves otherwise than expected.", node, "client.js", server.url());
            assertEquals(List.of("passed text", "passed binary", "passed mebibyte", "passed fragmented", "passed order", "passed ping",
                    "passed closeByClient", "passed closeByServer", "passed refused"), passed);
            server.stop();
        }
    }

    static String node() {
        return Command.path("node", "/usr/bin/node", INSTALL);
    }

    /** Returns the folder of the scripts, with what they need. */
    static File installWs() throws Exception {
        File folder = new File(System.getProperty("itest.scripts"), "node");
        if (!new File(folder, "node_modules/.package-lock.json").exists()) {
            String npm = Command.path("npm", "/usr/bin/npm", INSTALL);
            Command.run(folder, "The package ws could not be installed; npm needs a registry that has it.", npm, "ci");
        }
        return folder;
    }
}
