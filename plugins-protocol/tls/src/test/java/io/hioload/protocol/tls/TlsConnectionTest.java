package io.hioload.protocol.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.Role;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.testkit.reactor.FakeConnection;
import io.hioload.testkit.reactor.FakeReactor;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stage over a fake connection: every byte, turn and buffer is seen. */
class TlsConnectionTest {

    private static final long WAIT_NS = 20_000_000_000L;
    private static final String[] BOTH = {"TLSv1.3", "TLSv1.2"};

    private final FakeReactor reactor = new FakeReactor();
    private final SSLContext clients = Certificates.client(null, null);
    private final List<EchoHandler> handlers = new ArrayList<>();
    private TlsStage stage;

    @AfterEach
    void shouldHoldNothing() {
        reactor.connections().forEach(connection -> connection.disappear(Status.RESET));
        reactor.runTasks();
        stage.close();
        assertEquals(0, reactor.count("tls.connections"));
        reactor.assertNoLeaks();
    }

    private void open(String... settings) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put(settings[i], settings[i + 1]);
        }
        stage = new TlsStage(Role.SERVER, "test", TlsSettings.of(Role.SERVER, properties));
    }

    private FakeConnection accept() {
        return reactor.accept(new AcceptLater());
    }

    /** A stage wants the connection before there is one: what the reactor's acceptor does. */
    private final class AcceptLater implements ConnectionHandler {
        @Override
        public void onOpen(Connection connection) {
            ConnectionHandler handler = stage.accept(connection, top -> {
                handlers.add(new EchoHandler());
                return handlers.getLast();
            });
            connection.handler(handler);
            handler.onOpen(connection);
        }

        @Override
        public void onReceive(Connection connection, Buffer buffer, int offset, int length) {
            throw new IllegalStateException("replaced");
        }

        @Override
        public void onClosed(Connection connection, int reason) {
            throw new IllegalStateException("replaced");
        }
    }

    private EnginePeer peer(String... protocols) throws SSLException {
        SSLEngine engine = clients.createSSLEngine("localhost", 443);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(protocols);
        return new EnginePeer(engine);
    }

    /** Runs the reactor until the other side has something on the wire, or is closed. */
    private byte[] awaitWire(FakeConnection connection) {
        long endNs = System.nanoTime() + WAIT_NS;
        while (System.nanoTime() - endNs < 0) {
            reactor.runTasks();
            connection.flush();
            byte[] wire = connection.takeWire();
            if (wire.length > 0 || connection.closed() != null) {
                return wire;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("nothing came");
    }

    private void handshake(FakeConnection connection, EnginePeer peer, boolean byteWise) throws SSLException {
        int before = handlers.size();
        byte[] said = peer.talk();
        while (handlers.size() == before) {
            if (byteWise) {
                connection.receiveByteWise(said);
            } else {
                connection.receive(said);
            }
            long endNs = System.nanoTime() + WAIT_NS;
            while (handlers.size() == before && System.nanoTime() - endNs < 0) {
                reactor.runTasks();
                connection.flush();
                peer.take(connection.takeWire());
                said = peer.talk();
                if (said.length > 0) {
                    break;
                }
            }
        }
        assertTrue(said.length == 0, "all of the client's handshake was used");
        reactor.runTasks();
        connection.flush();
        peer.read(connection);
    }

    private byte[] echo(FakeConnection connection, EnginePeer peer, byte[] bytes, boolean byteWise) throws SSLException {
        peer.plain.reset();
        byte[] records = peer.encrypt(bytes);
        if (byteWise) {
            connection.receiveByteWise(records);
        } else {
            connection.receive(records);
        }
        reactor.runTasks();
        connection.flush();
        peer.read(connection);
        return peer.plain.toByteArray();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldEchoWhenAllComesByteByByte(String protocol) throws Exception {
        open();
        FakeConnection connection = accept();
        EnginePeer peer = peer(protocol);
        handshake(connection, peer, true);
        assertEquals(protocol, handlers.getFirst().connection.tlsProtocol());
        for (int length : new int[]{1, 2, 100, 5000}) {
            byte[] bytes = random(length);
            assertArrayEquals(bytes, echo(connection, peer, bytes, true));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldEchoWhenMessagesEndAroundRecords(String protocol) throws Exception {
        open();
        FakeConnection connection = accept();
        EnginePeer peer = peer(protocol);
        handshake(connection, peer, false);
        for (int length : new int[]{1, 125, 4096, 16_255, 16_256, 16_257, 16_383, 16_384, 16_385, 65_535, 65_536, 300_001}) {
            byte[] bytes = random(length);
            assertArrayEquals(bytes, echo(connection, peer, bytes, false), () -> "of " + length + " bytes");
        }
        assertTrue(connection.isOpen());
    }

    @Test
    void shouldGatherWhatOneReceiveCallSendsIntoOneRecord() throws Exception {
        open();
        FakeConnection connection = accept();
        EnginePeer peer = peer(BOTH);
        handshake(connection, peer, false);
        ByteArrayOutputStream three = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            three.writeBytes(peer.encrypt(new byte[]{(byte) i}));
        }
        long before = reactor.count("tls.records.out");
        connection.receive(three.toByteArray());
        assertEquals(1, reactor.count("tls.records.out") - before);
        peer.read(connection);
        assertArrayEquals(new byte[]{0, 1, 2}, peer.plain.toByteArray());
    }

    @Test
    void shouldSendAtTheEndOfTheTurnWhenNothingWasReceived() throws Exception {
        open();
        FakeConnection connection = accept();
        EnginePeer peer = peer(BOTH);
        handshake(connection, peer, false);
        var top = handlers.getFirst().connection;
        for (int i = 0; i < 2; i++) {
            top.claim(1).memory().putByte(top.claimOffset(), (byte) (7 + i));
            top.commit(1);
        }
        assertEquals(2, top.unsentBytes());
        assertEquals(0, connection.takeWire().length);
        reactor.runTasks();
        connection.flush();
        peer.read(connection);
        assertArrayEquals(new byte[]{7, 8}, peer.plain.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldAnswerAndSayCloseNotifyWhenThePeerDoes(String protocol) throws Exception {
        open();
        FakeConnection connection = accept();
        EnginePeer peer = peer(protocol);
        handshake(connection, peer, false);
        ByteArrayOutputStream last = new ByteArrayOutputStream();
        last.writeBytes(peer.encrypt("bye".getBytes(StandardCharsets.US_ASCII)));
        last.writeBytes(peer.closeNotify());
        connection.receive(last.toByteArray());
        assertEquals(1, handlers.getFirst().ended.get());
        assertEquals(CloseMode.FLUSH, connection.closed());
        peer.read(connection);
        assertEquals("bye", peer.plain.toString(StandardCharsets.US_ASCII));
        assertTrue(peer.inputClosed, "there was a close_notify");
        assertEquals(0, reactor.count("tls.truncated"));
        assertEquals(0, reactor.count("tls.violations"));
    }

    @Test
    void shouldCountTruncationWhenTheStreamEndsWithoutCloseNotify() throws Exception {
        open();
        FakeConnection connection = accept();
        handshake(connection, peer(BOTH), false);
        connection.endInput();
        assertEquals(1, reactor.count("tls.truncated"));
        assertEquals(1, handlers.getFirst().ended.get());
    }

    @Test
    void shouldNotCountTruncationWhenCloseNotifyCameBefore() throws Exception {
        open();
        FakeConnection connection = accept();
        EnginePeer peer = peer(BOTH);
        handshake(connection, peer, false);
        connection.receive(peer.closeNotify());
        connection.endInput();
        assertEquals(0, reactor.count("tls.truncated"));
        assertEquals(1, handlers.getFirst().ended.get());
    }

    @Test
    void shouldEndWithAnAlertWhenARecordIsDamaged() throws Exception {
        open();
        FakeConnection connection = accept();
        EnginePeer peer = peer(BOTH);
        handshake(connection, peer, false);
        byte[] record = peer.encrypt(random(100));
        record[record.length - 1] ^= 1;
        connection.receive(record);
        assertEquals(1, reactor.count("tls.violations"));
        assertEquals(CloseMode.FLUSH, connection.closed());
        peer.take(connection.takeWire());
        assertThrows(SSLException.class, peer::talk, "bad_record_mac");
        assertEquals(0, handlers.getFirst().ended.get());
    }

    @Test
    void shouldRefuseAtTheHeaderWhenARecordIsTooLong() throws Exception {
        open();
        FakeConnection connection = accept();
        handshake(connection, peer(BOTH), false);
        connection.receive(new byte[]{23, 3, 3, (byte) 0xFF, (byte) 0xFF});
        assertEquals(1, reactor.count("tls.violations"));
        assertEquals(CloseMode.FLUSH, connection.closed());
    }

    @Test
    void shouldRefuseAndCountWhenItIsPlainHttp() {
        open();
        FakeConnection connection = accept();
        connection.receive("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        String answer = new String(connection.takeWire(), StandardCharsets.US_ASCII);
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertEquals(answer.length() - answer.indexOf("\r\n\r\n") - 4, 29, "as Content-Length says");
        assertEquals(CloseMode.FLUSH, connection.closed());
        assertEquals(1, reactor.count("tls.plaintext.refused"));
        assertTrue(handlers.isEmpty());
    }

    @Test
    void shouldResetAndCountWhenItIsNoTlsAtAll() {
        open();
        FakeConnection connection = accept();
        connection.receive(new byte[]{0, 1, 2, 3});
        assertEquals(CloseMode.ABORT, connection.closed());
        assertEquals(1, reactor.count("tls.plaintext.refused"));
    }

    @Test
    void shouldFailTheHandshakeWithAnAlertWhenItIsNonsense() {
        open();
        FakeConnection connection = accept();
        connection.receive(new byte[]{22, 3, 1, 0, 4, 99, 0, 0, 0});
        byte[] wire = awaitWire(connection);
        assertEquals(CloseMode.FLUSH, connection.closed());
        assertEquals(21, wire[0], "an alert");
        connection.disappear(Status.RESET);
        assertEquals(1, reactor.count("tls.handshakes.failed"));
    }

    @Test
    void shouldResetWhenTheHandshakeIsNotOverInTime() throws Exception {
        open("tls.handshake.timeout", "1s");
        FakeConnection silent = accept();
        FakeConnection begun = accept();
        begun.receive(peer(BOTH).talk());
        reactor.advance(2_000_000_000L);
        assertEquals(CloseMode.ABORT, silent.closed());
        assertEquals(CloseMode.ABORT, begun.closed());
        assertEquals(2, reactor.count("tls.handshakes.timeouts"));
    }

    @Test
    void shouldGiveTheTimeoutToTheHandlerWhenEstablished() throws Exception {
        open("tls.handshake.timeout", "1s");
        FakeConnection connection = accept();
        handshake(connection, peer(BOTH), false);
        reactor.advance(5_000_000_000L);
        assertTrue(connection.isOpen());
        handlers.getFirst().connection.timeout(1_000_000);
        reactor.advance(5_000_000);
        assertEquals(CloseMode.ABORT, connection.closed(), "as the handler's default does");
        assertEquals(0, reactor.count("tls.handshakes.timeouts"));
    }

    @Test
    void shouldRefuseRenegotiationWhenEstablished() throws Exception {
        open();
        FakeConnection connection = accept();
        EnginePeer peer = peer("TLSv1.2");
        handshake(connection, peer, false);
        peer.engine.beginHandshake();
        connection.receive(peer.talk());
        assertEquals(1, reactor.count("tls.violations"));
        assertNotNull(connection.closed());
    }

    @Test
    void shouldFollowWhenThePeerChangesItsKey() throws Exception {
        open();
        FakeConnection connection = accept();
        EnginePeer peer = peer("TLSv1.3");
        handshake(connection, peer, false);
        peer.engine.beginHandshake(); // in TLS 1.3: KeyUpdate, with the wish for one
        connection.receive(peer.talk());
        byte[] bytes = random(1000);
        assertArrayEquals(bytes, echo(connection, peer, bytes, false));
        assertTrue(connection.isOpen());
    }

    @Test
    void shouldEndWhenMemoryIsOut() throws Exception {
        open();
        FakeConnection connection = accept();
        EnginePeer peer = peer(BOTH);
        handshake(connection, peer, false);
        connection.outOfMemory(true);
        connection.receive(peer.encrypt(random(10)));
        assertEquals(1, reactor.count("tls.memory.refusals"));
        assertEquals(CloseMode.ABORT, connection.closed());
    }

    @Test
    void shouldNotCallTheHandlerAgainWhenItHasClosed() throws Exception {
        open();
        FakeConnection connection = accept();
        EnginePeer peer = peer(BOTH);
        handshake(connection, peer, false);
        handlers.getFirst().connection.close(CloseMode.FLUSH);
        peer.read(connection);
        assertTrue(peer.inputClosed);
        assertNull(handlers.getFirst().connection.claim(1));
        assertEquals(Status.CLOSED, handlers.getFirst().connection.send(null, 0, 1));
        assertFalse(handlers.getFirst().connection.isOpen());
    }

    @Test
    void shouldBoundTheStepsOfATurnWhenManyShakeHandsAtOnce() throws Exception {
        int many = 500;
        int perTurn = 8;
        open("tls.handshake.steps", Integer.toString(perTurn));
        FakeConnection live = accept();
        EnginePeer livePeer = peer(BOTH);
        handshake(live, livePeer, false);
        List<FakeConnection> burst = new ArrayList<>();
        byte[] hello = peer(BOTH).talk();
        for (int i = 0; i < many; i++) {
            burst.add(accept());
            burst.getLast().receive(hello);
        }
        long stepsBefore = reactor.count("tls.handshakes.steps");
        int turns = 0;
        for (int handled = 0; handled < many; turns++) {
            // One turn: the handshakes' share, then a live connection's bytes are answered before the next share.
            stage.loop(reactor).run();
            int steps = (int) (reactor.count("tls.handshakes.steps") - stepsBefore);
            assertTrue(steps <= perTurn, () -> steps + " steps in one turn");
            stepsBefore += steps;
            handled += steps;
            byte[] bytes = random(1 + turns);
            livePeer.plain.reset();
            live.receive(livePeer.encrypt(bytes));
            livePeer.read(live);
            assertArrayEquals(bytes, livePeer.plain.toByteArray(), "answered within its own receive call");
        }
        assertTrue(turns >= many / perTurn, turns + " turns");
        assertTrue(reactor.count("tls.handshakes.turns.full") > 0);
        burst.forEach(connection -> assertTrue(awaitWire(connection).length > 0, "every one gets its answer"));
    }

    @Test
    void shouldResetWhenTooManyWaitForTheThreads() throws Exception {
        open("tls.handshake.queue", "1", "tls.handshake.threads", "1", "tls.handshake.steps", "1000");
        byte[] hello = peer(BOTH).talk();
        List<FakeConnection> burst = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            burst.add(accept());
            burst.getLast().receive(hello);
        }
        reactor.runTasks();
        long refused = burst.stream().filter(connection -> connection.closed() == CloseMode.ABORT).count();
        assertTrue(refused > 0);
        assertEquals(refused, reactor.count("tls.handshakes.overloads"));
        burst.stream().filter(connection -> connection.closed() == null)
                .forEach(connection -> assertTrue(awaitWire(connection).length > 0));
    }
}
