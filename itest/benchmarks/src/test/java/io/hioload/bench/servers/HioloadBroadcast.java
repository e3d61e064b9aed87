package io.hioload.bench.servers;

import io.hioload.server.Hioload;
import io.hioload.server.HioloadServer;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** This server in plain Java, sending to all sessions what it receives from one. One reactor. Argument: the transport. */
final class HioloadBroadcast implements WebSocketHandler {

    private final List<Session> sessions = new ArrayList<>();

    private HioloadBroadcast() {
    }

    public static void main(String[] arguments) throws Exception {
        HioloadServer server = Hioload.server().port(0).transport(arguments[0]).reactors(1).handle("/", new HioloadBroadcast()).start();
        StandardInput.serve(server.port());
    }

    @Override
    public void onOpen(Session session) {
        sessions.add(session);
    }

    @Override
    public void onMessage(Session from, MessageType type, DirectBuffer buffer, int offset, int length) {
        for (int i = 0; i < sessions.size(); i++) {
            sessions.get(i).send(type, buffer, offset, length);
        }
    }

    @Override
    public void onClose(Session session, int code, String reason) {
        sessions.remove(session);
    }
}
