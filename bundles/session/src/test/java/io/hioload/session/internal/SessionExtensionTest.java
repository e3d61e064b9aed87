package io.hioload.session.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.protocol.ExtensionOffer;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.session.AgreedExtension;
import io.hioload.session.SessionExtensions;
import io.hioload.transport.Status;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions with the compression plugin; the peer compresses with the JDK. */
class SessionExtensionTest {

    private static final String TEXT = "the quick brown fox jumps over the lazy dog and ".repeat(50);
    private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.US_ASCII);
    private static final MessageExtensionProvider DEFLATE = ServiceLoader.load(MessageExtensionProvider.class).findFirst().orElseThrow();
    private static final Map<String, String> TAKEOVER = Map.of("extension.deflate.takeover.own", "true",
            "extension.deflate.takeover.peer", "true");

    private final Deflater deflater = new Deflater(6, true);
    private final Inflater inflater = new Inflater(true);

    private Rig rig;
    private SessionExtensions extensions;
    /** Of a server. */
    private String answer;

    private Rig open(Role role, Map<String, String> properties) {
        rig = new Rig(role, Rig.QUIET);
        extensions = new SessionExtensions(rig.reactor, role);
        rig.engine.extensions(extensions);
        extensions.configure(List.of(DEFLATE), properties);
        answer = properties.isEmpty() ? "permessage-deflate; server_no_context_takeover" : "permessage-deflate";
        rig.open(rig.connection, rig.handler, agree());
        return rig;
    }

    private AgreedExtension agree() {
        List<ExtensionOffer> peer = ExtensionOffer.parse(List.of(rig.role == Role.SERVER ? "permessage-deflate" : answer));
        return rig.role == Role.SERVER ? extensions.accept(peer) : extensions.accepted(peer);
    }

    private void end() {
        rig.end(Status.RESET);
        extensions.configure(List.of(), Map.of());
        assertEquals(0, rig.reactor.count("deflate.sessions"));
        assertEquals(0, rig.reactor.count("deflate.memory.bytes"));
    }

    private byte[] deflate(byte[] message) {
        deflater.setInput(message);
        byte[] out = new byte[message.length + 100];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        return Arrays.copyOf(out, length - 4);
    }

    private byte[] inflate(byte[] compressed) throws DataFormatException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[1 << 16];
        for (byte[] input : new byte[][]{compressed, {0, 0, -1, -1}}) {
            inflater.setInput(input);
            for (int n = inflater.inflate(piece); n > 0; n = inflater.inflate(piece)) {
                out.write(piece, 0, n);
            }
        }
        return out.toByteArray();
    }

    private byte[] marked(int opcode, byte[] payload) {
        return Frames.frame(rig.role == Role.SERVER, Opcode.RSV1 | opcode, true, payload);
    }

    private void echo() {
        rig.handler.onMessage = (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldEchoCompressedWhenAgreed(Role role) throws Exception {
        for (Map<String, String> properties : List.of(Map.<String, String>of(), TAKEOVER)) {
            open(role, properties);
            echo();
            for (int i = 0; i < 3; i++) {
                deflater.reset();
                inflater.reset();
                rig.receive(marked(Opcode.TEXT, deflate(BYTES)));
                List<Frames.Frame> sent = rig.sent();
                assertEquals(1, sent.size());
                assertEquals(Opcode.TEXT, sent.getFirst().opcode());
                assertTrue(sent.getFirst().marked());
                if (properties.isEmpty()) {
                    assertArrayEquals(BYTES, inflate(sent.getFirst().payload()));
                } else {
                    assertTrue(sent.getFirst().payload().length < (i == 0 ? 200 : 40), "refers to the message before");
                }
            }
            assertEquals("text " + BYTES.length + " bytes", rig.handler.calls.getLast());
            end();
        }
    }

    @Test
    void shouldGoOnWithContextWhenTakenOverBothWays() throws Exception {
        open(Role.SERVER, TAKEOVER);
        echo();
        for (int i = 0; i < 20; i++) {
            byte[] message = Arrays.copyOfRange(BYTES, i, BYTES.length - 2 * i);
            rig.receive(marked(Opcode.BINARY, deflate(message)));
            assertArrayEquals(message, inflate(rig.sent().getFirst().payload()));
        }
        end();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldSendAsItIsWhenSmallOrAskedForOrControl(Role role) {
        open(role, Map.of());
        UnsafeBuffer payload = new UnsafeBuffer(BYTES);
        rig.session().send(MessageType.TEXT, payload, 0, 255);
        rig.session().sendUncompressed(MessageType.BINARY, payload, 0, BYTES.length);
        rig.session().sendText("short");
        rig.session().ping(payload, 0, 125);
        List<Frames.Frame> sent = rig.sent();
        assertEquals(List.of(255, BYTES.length, 5, 125), sent.stream().map(frame -> frame.payload().length).toList());
        assertTrue(sent.stream().noneMatch(Frames.Frame::marked));
        end();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldSendTextCompressed(Role role) throws Exception {
        open(role, Map.of());
        for (String text : List.of(TEXT, TEXT.repeat(40), "\u20AC\uD83D\uDE00".repeat(300))) {
            assertEquals(SendStatus.ACCEPTED, rig.session().sendText(text));
            Frames.Frame frame = rig.sent().getFirst();
            assertTrue(frame.marked());
            inflater.reset();
            assertEquals(text, new String(inflate(frame.payload()), StandardCharsets.UTF_8));
        }
        end();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldKeepOrderWhenOtherThreadSendsWithTakeover(Role role) throws Exception {
        open(role, TAKEOVER);
        Thread other = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 50; i++) {
                rig.session().send(MessageType.TEXT, new UnsafeBuffer(BYTES), i, BYTES.length - i);
                rig.session().sendText(i + TEXT);
                rig.session().send(MessageType.BINARY, new UnsafeBuffer(BYTES), 0, 10 + i);
                rig.session().sendUncompressed(MessageType.BINARY, new UnsafeBuffer(BYTES), 0, 1000 + i);
            }
        });
        other.join();
        rig.reactor.runTasks();
        List<Frames.Frame> sent = rig.sent();
        assertEquals(200, sent.size());
        for (int i = 0; i < 50; i++) {
            assertArrayEquals(Arrays.copyOfRange(BYTES, i, BYTES.length), inflate(sent.get(4 * i).payload()));
            assertEquals(i + TEXT, new String(inflate(sent.get(4 * i + 1).payload()), StandardCharsets.US_ASCII));
            assertFalse(sent.get(4 * i + 2).marked());
            assertEquals(10 + i, sent.get(4 * i + 2).payload().length);
            assertFalse(sent.get(4 * i + 3).marked());
            assertEquals(1000 + i, sent.get(4 * i + 3).payload().length);
        }
        end();
    }

    @Test
    void shouldSendAsItIsWhenOtherThreadsMessageFitsNoBuffer() {
        open(Role.SERVER, Map.of());
        Thread.ofPlatform().start(() -> rig.session().send(MessageType.BINARY, new UnsafeBuffer(new byte[300_000]), 0, 300_000));
        while (rig.reactor.tasks.isEmpty()) {
            Thread.onSpinWait();
        }
        rig.reactor.runTasks();
        List<Frames.Frame> sent = rig.sent();
        assertEquals(300_000, sent.stream().mapToInt(frame -> frame.payload().length).sum());
        assertTrue(sent.stream().noneMatch(Frames.Frame::marked));
        end();
    }

    @Test
    void shouldCompressOnceWhenDeliveredMessageGoesToMany() throws Exception {
        for (int size : new int[]{600, 6_000}) {
            open(Role.SERVER, Map.of());
            FakeConnection[] more = new FakeConnection[5];
            Rig.Recorder[] handlers = new Rig.Recorder[more.length];
            for (int i = 0; i < more.length; i++) {
                more[i] = new FakeConnection(rig.reactor, 100 + i);
                handlers[i] = new Rig.Recorder();
                rig.open(more[i], handlers[i], agree());
            }
            rig.handler.onMessage = (session, type, buffer, offset, length) -> {
                for (Rig.Recorder to : handlers) {
                    assertEquals(SendStatus.ACCEPTED, to.session.send(type, buffer, offset, length));
                }
            };
            byte[] message = Arrays.copyOf(TEXT.repeat(3).getBytes(StandardCharsets.US_ASCII), size);
            rig.receive(rig.binary(message));
            assertEquals(size, rig.reactor.count("deflate.out.plain.bytes"), "compressed once");
            for (int i = 0; i < more.length; i++) {
                more[i].flush();
                Frames.Frame frame = Frames.read(more[i].takeWire(), false).getFirst();
                inflater.reset();
                assertArrayEquals(message, inflate(frame.payload()));
                more[i].disappear(Status.RESET);
            }
            rig.connection.disappear(Status.RESET);
            assertEquals(0, rig.reactor.pool.out.get());
            extensions.configure(List.of(), Map.of());
            assertEquals(0, rig.reactor.count("deflate.memory.bytes"));
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldCloseWith1007WhenDataIsNoDeflate(Role role) {
        open(role, Map.of());
        rig.receive(marked(Opcode.BINARY, new byte[]{(byte) 0xFF, 1, 2, 3}));
        assertEquals(1007, rig.sent().getFirst().closeCode());
        assertEquals("close 1007 message cannot be decoded", rig.handler.calls.getLast());
        assertEquals(1, rig.reactor.count("protocol.violations.1007"));
        assertEquals(1, rig.reactor.count("deflate.failures"));
        end();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldCloseWith1007WhenInflatedTextIsNotUtf8(Role role) {
        open(role, Map.of());
        byte[] message = BYTES.clone();
        message[message.length - 1] = (byte) 0xC3;
        rig.receive(marked(Opcode.TEXT, deflate(message)));
        assertEquals("close 1007 text is not UTF-8", rig.handler.calls.getLast());
        end();
    }

    /** 16 MiB of zeros are 16 KiB compressed; the limit is the largest buffer here, 128 KiB. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldCloseWith1009WhenMessageBecomesTooBig(Role role) {
        open(role, Map.of());
        byte[] bomb = deflate(new byte[16 << 20]);
        assertTrue(bomb.length < 20_000);
        rig.receive(marked(Opcode.BINARY, bomb));
        assertEquals(1009, rig.sent().getFirst().closeCode());
        assertEquals("close 1009 message too big", rig.handler.calls.getLast());
        end();
    }

    @Test
    void shouldCloseWith1011WhenOutOfMemory() {
        open(Role.SERVER, Map.of());
        byte[] compressed = deflate(BYTES);
        rig.reactor.pool.exhausted = true;
        rig.receive(marked(Opcode.BINARY, compressed));
        rig.reactor.pool.exhausted = false;
        assertEquals("close 1011 out of buffers", rig.handler.calls.getLast());
        end();
    }

    @Test
    void shouldSendAsItIsWhenThereIsNoMemoryToCompress() {
        open(Role.SERVER, TAKEOVER);
        rig.session().send(MessageType.BINARY, new UnsafeBuffer(BYTES), 0, 300);
        rig.reactor.pool.exhausted = true;
        assertEquals(SendStatus.DROPPED, rig.session().send(MessageType.BINARY, new UnsafeBuffer(new byte[5000]), 0, 5000));
        rig.reactor.pool.exhausted = false;
        rig.session().send(MessageType.BINARY, new UnsafeBuffer(BYTES), 0, 300);
        assertTrue(rig.sent().stream().allMatch(Frames.Frame::marked));
        end();
    }

    @Test
    void shouldIgnoreMessagesWhenClosing() {
        open(Role.SERVER, Map.of());
        rig.session().close(1000, "");
        rig.receive(marked(Opcode.BINARY, deflate(BYTES)), rig.close(1000, ""));
        assertEquals(List.of("open", "close 1000 "), rig.handler.calls);
        end();
    }

    @Test
    void shouldGiveMemoryBackWhenQuiet() {
        open(Role.SERVER, TAKEOVER);
        rig.session().send(MessageType.BINARY, new UnsafeBuffer(BYTES), 0, BYTES.length);
        assertTrue(rig.reactor.count("deflate.memory.bytes") > 200_000);
        rig.reactor.advance(12 * Rig.SECOND);
        assertEquals(0, rig.reactor.count("deflate.memory.bytes"));
        assertEquals(1, rig.reactor.count("deflate.released"));
        rig.session().send(MessageType.BINARY, new UnsafeBuffer(BYTES), 0, BYTES.length);
        assertTrue(rig.sent().getLast().marked());
        end();
    }

    @Test
    void shouldCloseWith1012WhenProviderGoes() {
        open(Role.SERVER, TAKEOVER);
        rig.session().send(MessageType.BINARY, new UnsafeBuffer(BYTES), 0, BYTES.length);
        FakeConnection plain = new FakeConnection(rig.reactor, 8);
        Rig.Recorder untouched = new Rig.Recorder();
        rig.open(plain, untouched);
        extensions.configure(List.of(), Map.of());
        assertEquals(0, rig.reactor.count("deflate.sessions"));
        assertEquals(0, rig.reactor.count("deflate.memory.bytes"));
        assertEquals(1012, rig.sent().getLast().closeCode());
        assertTrue(untouched.session.isOpen());
        assertNull(extensions.accept(ExtensionOffer.parse(List.of("permessage-deflate"))));
        rig.receive(marked(Opcode.BINARY, deflate(BYTES)), rig.close(1012, ""));
        assertEquals("close 1012 ", rig.handler.calls.getLast());
        plain.disappear(Status.RESET);
        rig.connection.disappear(Status.CLOSED);
        assertEquals(0, rig.reactor.pool.out.get());
    }

    @Test
    void shouldKeepSessionsWhenValuesChange() throws Exception {
        open(Role.SERVER, TAKEOVER);
        echo();
        extensions.configure(List.of(DEFLATE), Map.of("extension.deflate.level", "1"));
        rig.receive(marked(Opcode.BINARY, deflate(BYTES)));
        assertArrayEquals(BYTES, inflate(rig.sent().getFirst().payload()));
        extensions.configure(List.of(DEFLATE), Map.of("extension.deflate.enabled", "false"));
        assertNull(extensions.accept(ExtensionOffer.parse(List.of("permessage-deflate"))));
        rig.receive(marked(Opcode.BINARY, deflate(BYTES)));
        assertArrayEquals(BYTES, inflate(rig.sent().getFirst().payload()));
        end();
    }

    @Test
    void shouldAcceptFirstGoodOfferAndRefuseBadAnswers() {
        open(Role.CLIENT, Map.of());
        assertEquals("permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits",
                extensions.offer());
        assertNull(extensions.accepted(List.of()));
        for (String bad : List.of("x-other", "permessage-deflate; server_no_context_takeover, permessage-deflate",
                "permessage-deflate; unknown", "permessage-deflate; server_max_window_bits=7")) {
            List<ExtensionOffer> answer = ExtensionOffer.parse(List.of(bad));
            assertThrows(IllegalArgumentException.class, () -> extensions.accepted(answer), bad);
        }
        end();
        open(Role.SERVER, Map.of());
        try (AgreedExtension agreed = extensions.accept(ExtensionOffer
                .parse(List.of("x-other, permessage-deflate; bad, permessage-deflate; server_max_window_bits=10", "permessage-deflate")))) {
            assertTrue(agreed.answer().contains("server_max_window_bits=10"), agreed.answer());
        }
        end();
    }
}
