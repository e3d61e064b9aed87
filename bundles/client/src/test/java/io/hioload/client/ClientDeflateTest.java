package io.hioload.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.reactor.RuntimeProviders;
import io.hioload.server.Hioload;
import io.hioload.server.HioloadServer;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compression between our client and our server. */
class ClientDeflateTest {

    private static final WebSocketHandler ECHO = (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length);
    private static final String TEXT = "the quick brown fox jumps over the lazy dog, ".repeat(100);

    @AutoClose
    private HioloadServer server;
    @AutoClose
    private WebSocketClient client;

    private Session connect(Recorder heard) throws Exception {
        Session session = client.connect("ws://127.0.0.1:" + server.port() + "/echo", heard);
        assertEquals("open ", heard.next());
        return session;
    }

    @ParameterizedTest
    @CsvSource({"false,false,15,15", "true,false,15,15", "false,true,15,15", "true,true,15,15", "true,true,9,12", "true,true,12,8",
            "false,false,8,9"})
    void shouldGetBackWhatItSendsWhateverBothWant(boolean own, boolean peer, int ownBits, int peerBits) throws Exception {
        for (boolean mirrored : new boolean[]{true, false}) {
            server = Hioload.server().port(0).reactors(1).handle("/echo", ECHO)
                    .set("extension.deflate.takeover.own", mirrored ? peer : true)
                    .set("extension.deflate.takeover.peer", mirrored ? own : true).set("extension.deflate.min", 1).start();
            client = WebSocketClient.builder().set("extension.deflate.takeover.own", own).set("extension.deflate.takeover.peer", peer)
                    .set("extension.deflate.window.own", ownBits).set("extension.deflate.window.peer", peerBits).open();
            Recorder heard = new Recorder();
            Session session = connect(heard);
            for (int i = 0; i < 10; i++) {
                session.sendText(i + TEXT);
                assertEquals("text " + i + TEXT, heard.next());
            }
            client.close();
            server.close();
        }
    }

    @Test
    void shouldCloseSessionsThatUseItWhenProviderGoes() throws Exception {
        server = Hioload.server().port(0).reactors(1).handle("/echo", ECHO).start();
        client = WebSocketClient.create();
        Recorder heard = new Recorder();
        connect(heard);
        client.extensions(List.of());
        assertEquals("close 1012 ", heard.next());
        Recorder again = new Recorder();
        Session session = connect(again);
        session.sendText(TEXT);
        assertEquals("text " + TEXT, again.next());
    }

    @Test
    void shouldSayWhatIsWrongWithAKey() {
        assertTrue(assertThrows(IllegalStateException.class, () -> WebSocketClient.builder().set("extension.deflate.lvl", 1).open())
                .getMessage().contains("extension.deflate.lvl"));
        assertTrue(assertThrows(IllegalStateException.class, () -> WebSocketClient.builder().set("extension.deflate.level", 10).open())
                .getMessage().contains("extension.deflate.level"));
    }

    @Test
    void shouldSendAsItIsWhenAskedForOrNothingIsThere() throws Exception {
        server = Hioload.server().port(0).reactors(1).handle("/echo", ECHO).start();
        RuntimeProviders all = RuntimeProviders.load(ClientDeflateTest.class.getClassLoader());
        client = ClientBuilder
                .over(new RuntimeProviders(all.transports(), all.pools(), all.reactors(), all.affinity(), all.codecs()), opened -> {
                }).open();
        Recorder heard = new Recorder();
        Session session = connect(heard);
        byte[] bytes = TEXT.getBytes(StandardCharsets.US_ASCII);
        session.sendUncompressed(MessageType.TEXT, new UnsafeBuffer(bytes), 0, bytes.length);
        assertEquals("text " + TEXT, heard.next());
    }
}
