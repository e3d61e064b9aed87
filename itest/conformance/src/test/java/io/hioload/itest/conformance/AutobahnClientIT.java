package io.hioload.itest.conformance;

import io.hioload.client.WebSocketClient;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The suite as a server, which the client asks for one case after the other, once for each transport. */
class AutobahnClientIT {

    static final List<String> TRANSPORTS = Conformance.TRANSPORTS;

    private static final long CASE_DEADLINE_S = 120;

    private static Fuzzer fuzzer;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        url = "ws://127.0.0.1:" + port;
        fuzzer = Fuzzer.server("client", port);
    }

    @AfterAll
    static void stop() throws Exception {
        fuzzer.close();
    }

    /** Echoes, keeps the last text, and tells when it is closed. */
    private static final class Echo implements WebSocketHandler {

        private final boolean echoes;
        private final CompletableFuture<String> closed = new CompletableFuture<>();
        private String text = "";

        Echo(boolean echoes) {
            this.echoes = echoes;
        }

        @Override
        public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
            if (echoes) {
                session.send(type, buffer, offset, length);
            } else {
                text = buffer.getStringWithoutLengthUtf8(offset, length);
            }
        }

        @Override
        public void onClose(Session session, int code, String reason) {
            closed.complete(text);
        }
    }

    private static String ask(WebSocketClient client, String target, boolean echoes) throws Exception {
        Echo handler = new Echo(echoes);
        client.connect(url + target, handler);
        return handler.closed.get(CASE_DEADLINE_S, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @FieldSource("TRANSPORTS")
    @Timeout(value = Conformance.DEADLINE_S, unit = TimeUnit.SECONDS)
    void shouldPassEveryCaseAsAClient(String transport) throws Exception {
        try (WebSocketClient client = WebSocketClient.builder().transport(transport).reactors(1).open()) {
            int cases = Integer.parseInt(ask(client, "/getCaseCount", false));
            for (int i = 1; i <= cases; i++) {
                ask(client, "/runCase?case=" + i + "&agent=" + transport, true);
            }
            ask(client, "/updateReports?agent=" + transport, false);
        }
        fuzzer.verdicts().assertAllRight(transport, Conformance.CASES);
    }
}
