package io.hioload.server.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigException;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.server.RawPeer;
import io.hioload.websocket.WebSocketHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server and the compression plugin: agreed on, configured, moved, removed. */
class ExtensionTest {

    private static final String TEXT = "{\"id\":17,\"name\":\"item 17\",\"tags\":[\"new\",\"sale\"],\"price\":21.25},".repeat(16);
    private static final int RSV1 = 0x40;

    private final RuntimeProviders parts = RuntimeProviders.load(ExtensionTest.class.getClassLoader());
    private final ManagedServer server = new ManagedServer("extended", parts, new JfrTracer());
    private final List<Peer> peers = new ArrayList<>();

    /** A client with compression of its own; both contexts are taken over if that was agreed on. */
    private final class Peer {
        final RawPeer raw = new RawPeer(server.localAddress());
        final Deflater deflater = new Deflater(6, true);
        final Inflater inflater = new Inflater(true);
        final String head;

        Peer(String offer) throws Exception {
            head = raw.send(RawPeer.upgrade("/echo", "Sec-WebSocket-Extensions: " + offer)).head();
            assertTrue(head.startsWith("HTTP/1.1 101"), head);
            peers.add(this);
        }

        void send(byte[] message) throws Exception {
            deflater.setInput(message);
            byte[] out = new byte[message.length + 100];
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            raw.send(RawPeer.frame(RSV1 | 1, true, Arrays.copyOf(out, length - 4)));
        }

        String receive() throws Exception {
            byte[] payload = raw.read().payload();
            byte[] out = new byte[1 << 16];
            int length = inflate(payload, out, 0);
            return new String(out, 0, inflate(new byte[]{0, 0, -1, -1}, out, length), StandardCharsets.UTF_8);
        }

        private int inflate(byte[] payload, byte[] out, int offset) throws DataFormatException {
            inflater.setInput(payload);
            return offset + inflater.inflate(out, offset, out.length - offset);
        }

        void echo() throws Exception {
            send(TEXT.getBytes(StandardCharsets.US_ASCII));
            assertEquals(TEXT, receive());
        }
    }

    @BeforeEach
    void serve() throws Exception {
        WebSocketHandler echo = (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length);
        server.endpoints(List.of(Endpoint.webSocket("/echo", echo, List.of(), 0)));
    }

    @AfterEach
    void stop() throws Exception {
        for (Peer peer : peers) {
            peer.raw.close();
            peer.deflater.end();
            peer.inflater.end();
        }
        server.close();
    }

    private void configure(Object... pairs) throws Exception {
        Map<String, Object> values = new HashMap<>(Map.of("port", 0, "reactors", 1, "drain.timeout", "1s"));
        for (int i = 0; i < pairs.length; i += 2) {
            values.put((String) pairs[i], pairs[i + 1]);
        }
        server.apply(values, "test");
    }

    private void takeover(Object... pairs) throws Exception {
        List<Object> all = new ArrayList<>(List.of("extension.deflate.takeover.own", true, "extension.deflate.takeover.peer", true));
        all.addAll(List.of(pairs));
        configure(all.toArray());
    }

    @Test
    void shouldAnswerFirstOfferThatCanBeAccepted() throws Exception {
        configure();
        Peer peer = new Peer("x-unknown, permessage-deflate; odd, permessage-deflate; client_max_window_bits=10");
        assertTrue(peer.head.contains(
                "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=10"),
                peer.head);
        assertFalse(new Peer("x-unknown").head.contains("Sec-WebSocket-Extensions"));
        configure("extension.deflate.enabled", false);
        assertFalse(new Peer("permessage-deflate").head.contains("Sec-WebSocket-Extensions"));
    }

    @Test
    void shouldKnowKeysOfExtensionsThatAreThereAndKeepOthers() throws Exception {
        configure("extension.other.level", "x");
        ConfigException wrong = assertThrows(ConfigException.class,
                () -> configure("extension.deflate.level", 10, "extension.deflate.lvl", 3));
        assertEquals(2, wrong.problems().size(), wrong.getMessage());
        server.extensions(List.of());
        configure("extension.deflate.level", 10);
        server.extensions(parts.extensions());
        assertFalse(new Peer("permessage-deflate").head.contains("Sec-WebSocket-Extensions"), "a value that is not allowed");
    }

    @Test
    void shouldCarryContextsAlongWhenSessionsMoveBetweenReactors() throws Exception {
        takeover("reactors", 2);
        for (int i = 0; i < 6; i++) {
            new Peer("permessage-deflate");
        }
        for (int reactors : new int[]{1, 3, 1, 2}) {
            for (Peer peer : peers) {
                peer.echo();
            }
            takeover("reactors", reactors);
        }
        for (Peer peer : peers) {
            peer.echo();
        }
    }

    @Test
    void shouldKeepSessionsWhenValuesChange() throws Exception {
        takeover();
        Peer peer = new Peer("permessage-deflate");
        peer.echo();
        configure("extension.deflate.level", 1);
        peer.echo();
        assertTrue(new Peer("permessage-deflate").head.contains("server_no_context_takeover"));
    }

    @Test
    void shouldCloseSessionsThatUseItWith1012WhenItsProviderGoes() throws Exception {
        takeover();
        Peer peer = new Peer("permessage-deflate");
        Peer plain = new Peer("x-other");
        peer.echo();
        server.extensions(List.of());
        RawPeer.Frame close = peer.raw.read();
        assertEquals(8, close.opcode());
        assertEquals(1012, close.closeCode());
        peer.raw.send(RawPeer.close(1012));
        assertTrue(peer.raw.atEnd());
        assertEquals("as ever", plain.raw.send(RawPeer.text("as ever")).read().text());
        assertFalse(new Peer("permessage-deflate").head.contains("Sec-WebSocket-Extensions"));
        List<MessageExtensionProvider> again = parts.extensions();
        server.extensions(again);
        new Peer("permessage-deflate").echo();
    }

    /** Far more than may be inflated, in few bytes. */
    @Test
    void shouldCloseWith1009WhenMessageBecomesTooBig() throws Exception {
        takeover("message.max", "1MiB");
        Peer peer = new Peer("permessage-deflate");
        peer.send(new byte[64 << 20]);
        RawPeer.Frame close = peer.raw.read();
        assertEquals(1009, close.closeCode());
        new Peer("permessage-deflate").echo();
    }

    @Test
    void shouldRefuseWhatIsNoListOfExtensions() throws Exception {
        configure();
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            assertEquals(400, peer.send(RawPeer.upgrade("/echo", "Sec-WebSocket-Extensions: ;")).status());
        }
    }
}
