package io.hioload.bench.servers;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty: one selector, one acceptor, the default execution strategy, a small pool. */
final class JettyEcho {

    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(10);

    private JettyEcho() {
    }

    /** Echoes whole messages; public because Jetty looks for its methods. */
    public static final class Echo extends Session.Listener.Abstract {

        private Session session;

        @Override
        public void onWebSocketOpen(Session opened) {
            session = opened;
            session.demand();
        }

        @Override
        public void onWebSocketBinary(ByteBuffer message, Callback done) {
            session.sendBinary(message, Callback.from(() -> {
                done.succeed();
                session.demand();
            }, done::fail));
        }

        @Override
        public void onWebSocketText(String message) {
            session.sendText(message, Callback.from(session::demand, failure -> {
            }));
        }

        @Override
        public void onWebSocketError(Throwable failure) {
        }
    }

    public static void main(String[] arguments) throws Exception {
        Server server = new Server(new QueuedThreadPool(8, 4));
        ServerConnector connector = new ServerConnector(server, 0, 1);
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(4096);
        connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setIdleTimeout(IDLE_TIMEOUT);
            container.setMaxBinaryMessageSize(MAX_MESSAGE_BYTES);
            container.setMaxTextMessageSize(MAX_MESSAGE_BYTES);
            container.setMaxFrameSize(MAX_MESSAGE_BYTES);
            container.addMapping("/", (request, response, done) -> new Echo());
        }));
        server.start();
        StandardInput.serve(connector.getLocalPort());
    }
}
