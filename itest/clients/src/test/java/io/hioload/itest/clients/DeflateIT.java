package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compression (RFC 7692) between the distribution and other people's clients, in every combination of parameters that they offer. */
class DeflateIT {

    /** Four messages that are alike, so that each may refer to those before. */
    private static final String TALK = """
            new Promise((resolve, reject) => {
              const s = new WebSocket('%s/echo');
              const messages = [1, 2, 3, 4].map(i => JSON.stringify(Array.from({length: i * 300}, (_, n) => ({id: n, name: 'item ' + n}))));
              let at = 0;
              s.onopen = () => s.send(messages[0]);
              s.onmessage = e => {
                if (e.data !== messages[at]) { resolve('message ' + at + ' came back otherwise'); }
                else if (++at < messages.length) { s.send(messages[at]); }
                else { resolve(s.extensions.split(';')[0]); s.close(); }
              };
              s.onclose = e => resolve('closed ' + e.code);
            })""";

    @AutoClose
    private DeflateServers servers;

    @BeforeEach
    void start() throws Exception {
        servers = DeflateServers.start("deflate");
    }

    @AfterEach
    void stop() throws Exception {
        servers.stop();
    }

    private List<String> run(String folder, String install, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(servers.urls());
        return Command.run(new File(System.getProperty("itest.scripts"), folder), install, all.toArray(String[]::new));
    }

    @Test
    void shouldServeNodeWsInEveryCombination() throws Exception {
        NodeClientIT.installWs();
        List<String> passed = run("node", "The server behaves otherwise than expected.", NodeClientIT.node(), "deflate.js", "client");
        assertEquals(List.of("passed 120", "passed 120", "passed 120", "passed others"), passed);
    }

    @Test
    void shouldServePythonWebsocketsInEveryCombination() throws Exception {
        String python = Command.path("python", "/usr/bin/python3", PythonClientIT.INSTALL);
        List<String> passed = run("python", "The server behaves otherwise than expected.", python, "deflate.py");
        assertEquals(List.of("passed 100", "passed 100", "passed 100"), passed);
    }

    /** The parameters that Jetty's client can offer, in the combinations in which it keeps to what it offered. */
    @Test
    void shouldServeJetty() throws Exception {
        WebSocketClient client = new WebSocketClient();
        client.start();
        try {
            for (String url : servers.urls()) {
                // Jetty's client takes the two for each other, and the offer for the answer, so it goes on with a context that it has agreed
                // not to take over, unless it offered both.
                String both = "; server_no_context_takeover; client_no_context_takeover";
                List<String> contexts = url.equals(servers.urls().get(1)) ? List.of("", "; server_no_context_takeover", both)
                        : List.of(both);
                for (String context : contexts) {
                    for (String bits : List.of("", "; server_max_window_bits=9", "; client_max_window_bits",
                            "; server_max_window_bits=12; client_max_window_bits")) {
                        JettyPeer.talk(client, url + "/echo", "permessage-deflate" + context + bits);
                    }
                }
            }
        } finally {
            client.stop();
        }
    }

    @Test
    void shouldServeChromium() throws Exception {
        try (Browser browser = Browser.start()) {
            for (String url : servers.urls()) {
                // The page's policy lets it connect to its own server only.
                browser.open(url.replace("ws:", "http:") + "/");
                assertEquals("permessage-deflate", browser.evalAsync(TALK.formatted(url)), url);
            }
        }
    }
}
