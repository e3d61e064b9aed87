package io.hioload.itest.clients;

import java.util.ArrayList;
import java.util.List;

/** The distribution with a server for each way to configure compression: as it is, with everything allowed, and with small windows. */
final class DeflateServers implements AutoCloseable {

    private final Distribution distribution;
    private final List<String> urls = new ArrayList<>();

    private DeflateServers(Distribution distribution) {
        this.distribution = distribution;
        urls.add(distribution.url());
    }

    static DeflateServers start(String name) throws Exception {
        DeflateServers servers = new DeflateServers(Distribution.copy(name));
        servers.add("takeover", "extension.deflate.takeover.own=true\nextension.deflate.takeover.peer=true\n");
        servers.add("windows", "extension.deflate.takeover.own=true\nextension.deflate.window.own=9\nextension.deflate.window.peer=10\n");
        servers.distribution.start();
        for (String url : servers.urls) {
            int port = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
            Await.until("a listener at port " + port, () -> Distribution.listens(port));
        }
        return servers;
    }

    private void add(String server, String lines) throws Exception {
        int port = Distribution.freePort();
        distribution.write(server, "port=" + port + "\nreactors=1\n" + lines);
        urls.add("ws://127.0.0.1:" + port);
    }

    List<String> urls() {
        return urls;
    }

    void stop() throws Exception {
        distribution.stop();
    }

    Distribution distribution() {
        return distribution;
    }

    @Override
    public void close() {
        distribution.close();
    }
}
