package io.hioload.bench.servers;

import io.hioload.server.Hioload;
import io.hioload.server.HioloadServer;

/** This server in plain Java. Arguments: the transport and how many reactors. */
final class HioloadEcho {

    private HioloadEcho() {
    }

    public static void main(String[] arguments) throws Exception {
        HioloadServer server = Hioload.server().port(0).transport(arguments[0]).reactors(Integer.parseInt(arguments[1]))
                .handle("/", (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length)).start();
        StandardInput.serve(server.port());
    }
}
