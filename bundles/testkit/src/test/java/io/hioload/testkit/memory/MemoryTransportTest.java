package io.hioload.testkit.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.control.Counters;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.transport.CloseMode;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.LoopContext;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loops that one thread polls in turns: what happens depends on nothing but the order of calls. */
class MemoryTransportTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final long ID = 1L << 32;

    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager();
    private final MemoryNetwork network = new MemoryNetwork(100);
    private final MemoryTransportProvider provider = new MemoryTransportProvider(network);

    /** A loop with what it told. */
    private final class Side implements LoopContext, TransportEvents {

        final List<String> told = new ArrayList<>();
        final TransportLoop loop;
        final BufferPool pool = memory.confined(0);
        final Counters counters = new Counters();
        long handle = -1;

        Side() throws TransportException {
            loop = provider.open(this);
        }

        List<String> poll() {
            told.clear();
            loop.poll(100, 0);
            return List.copyOf(told);
        }

        int send(long id, String text) {
            Buffer buffer = pool.acquire(text.length());
            buffer.memory().putStringWithoutLengthUtf8(0, text);
            int status = loop.send(id, buffer, 0, text.length());
            if (status != Status.OK) {
                buffer.release();
            }
            return status;
        }

        @Override
        public long onAccept(int listener) {
            told.add("accept");
            return ID;
        }

        @Override
        public void onConnect(long id, int status) {
            told.add("connect " + Status.text(status));
        }

        @Override
        public void onReceive(long id, Buffer buffer, int offset, int length) {
            told.add(buffer.memory().getStringWithoutLengthUtf8(offset, length));
        }

        @Override
        public void onEndOfInput(long id) {
            told.add("end");
        }

        @Override
        public void onSent(long id, Buffer buffer, int length, int status) {
            told.add("sent " + length + " " + Status.text(status));
            buffer.release();
        }

        @Override
        public void onUnsent(long id, Buffer buffer, int offset, int length) {
            told.add("unsent " + length);
            buffer.release();
        }

        @Override
        public void onClosed(long id, int reason) {
            told.add("closed " + Status.text(reason));
        }

        @Override
        public void onDetached(long id, long detached) {
            told.add("detached");
            handle = detached;
        }

        @Override
        public TransportEvents events() {
            return this;
        }

        @Override
        public BufferPool buffers() {
            return pool;
        }

        @Override
        public int maxConnections() {
            return 10;
        }

        @Override
        public Counters counters() {
            return counters;
        }

        @Override
        public TransportSettings settings() {
            return TransportSettings.DEFAULT;
        }
    }

    private Side server;
    private Side client;

    private void connected() throws TransportException {
        server = new Side();
        client = new Side();
        assertEquals(Status.OK, server.loop.listen(0, ANY_PORT, ListenOptions.DEFAULT));
        assertEquals(Status.OK, client.loop.connect(ID, server.loop.localAddress(0)));
        assertEquals(List.of("connect ok"), client.poll());
        assertEquals(List.of("accept"), server.poll());
    }

    @AfterEach
    void shouldLeaveNothing() {
        if (server != null) {
            server.loop.close();
            client.loop.close();
        }
        assertEquals(0, provider.openLoops());
        assertEquals(0, network.openHandles());
        memory.assertNoLeaks();
    }

    @Test
    void shouldCarryBytesBetweenTwoLoops() throws TransportException {
        connected();
        assertEquals(Status.SENT, client.send(ID, "ping"));
        assertEquals(List.of("ping"), server.poll());
        server.send(ID, "pong");
        assertEquals(List.of("pong"), client.poll());
    }

    @Test
    void shouldHoldTheSenderUpWhenTheOtherEndDoesNotRead() throws TransportException {
        connected();
        client.told.clear();
        client.send(ID, "a".repeat(150));
        client.send(ID, "b");
        assertEquals(List.of(), client.told);
        assertEquals(List.of("a".repeat(100)), server.poll());
        assertEquals(List.of("sent 150 ok", "sent 1 ok"), client.poll());
        assertEquals(List.of("a".repeat(50) + "b"), server.poll());
    }

    @Test
    void shouldSendShortAndLateAndReceiveInPiecesOnDemand() throws TransportException {
        connected();
        network.faults().sendsCompleteAtOnce(false);
        network.faults().sendStepBytes(3);
        network.faults().receiveStepBytes(2);
        client.told.clear();
        client.send(ID, "hello");
        assertEquals(List.of(), server.poll());
        assertEquals(List.of(), client.poll());
        assertEquals(List.of("he"), server.poll());
        assertEquals(List.of("sent 5 ok"), client.poll());
        assertEquals(List.of("ll"), server.poll());
        assertEquals(List.of("o"), server.poll());
    }

    @Test
    void shouldFlushThenEndWhenClosing() throws TransportException {
        connected();
        client.send(ID, "x".repeat(150));
        assertEquals(Status.OK, client.loop.close(ID, CloseMode.FLUSH));
        assertEquals(Status.CLOSED, client.send(ID, "late"));
        assertEquals(List.of(), client.poll());
        assertEquals(List.of("x".repeat(100)), server.poll());
        assertEquals(List.of("sent 150 ok"), client.poll());
        assertEquals(List.of("x".repeat(50)), server.poll());
        assertEquals(List.of("end"), server.poll());
        server.loop.close(ID, CloseMode.FLUSH);
        assertEquals(List.of("closed closed by this side"), server.poll());
        assertEquals(List.of("closed closed by this side"), client.poll());
    }

    @Test
    void shouldTellBothSidesOfAReset() throws TransportException {
        connected();
        client.send(ID, "x".repeat(150));
        server.loop.close(ID, CloseMode.ABORT);
        assertEquals(List.of("closed closed by this side"), server.poll());
        assertEquals(List.of("sent 150 connection reset by peer", "closed connection reset by peer"), client.poll());
    }

    @Test
    void shouldMoveAConnectionWithWhatItHasNotSent() throws TransportException {
        connected();
        server.send(ID, "y".repeat(150));
        server.told.clear();
        assertEquals(Status.OK, server.loop.detach(ID));
        assertEquals(List.of("unsent 50", "detached"), server.told);
        Side third = new Side();
        assertEquals(Status.OK, third.loop.adopt(ID, server.handle));
        third.send(ID, "z");
        assertEquals(List.of("y".repeat(100)), client.poll());
        third.poll();
        assertEquals(List.of("z"), client.poll());
        third.loop.close();
    }

    @Test
    void shouldFailWhatTheScriptSays() throws TransportException {
        connected();
        network.faults().failSend(1, Status.BACK_PRESSURED);
        assertEquals(Status.SENT, client.send(ID, "good"));
        assertEquals(Status.BACK_PRESSURED, client.send(ID, "bad"));
        assertEquals(Status.SENT, client.send(ID, "good"));
        network.faults().failConnect(0, Status.TIMED_OUT);
        client.loop.connect(ID + 1, server.loop.localAddress(0));
        assertEquals(List.of("connect timed out"), client.poll());
        network.faults().failListen(0, Status.NOT_PERMITTED);
        assertEquals(Status.NOT_PERMITTED, client.loop.listen(0, ANY_PORT, ListenOptions.DEFAULT));
        network.faults().failOpen(0, Status.NO_RESOURCES);
        assertThrows(TransportException.class, Side::new);
    }

    @Test
    void shouldWakeABlockedPollFromAnotherThread() throws Exception {
        connected();
        Thread waker = Thread.ofPlatform().start(client.loop::wakeup);
        assertEquals(0, client.loop.poll(10, -1));
        waker.join();
        long beganNs = System.nanoTime();
        assertEquals(0, client.loop.poll(10, 20_000_000));
        assertTrue(System.nanoTime() - beganNs >= 20_000_000);
    }

    @Test
    void shouldTalkToAPeerOfTheTest() throws TransportException {
        server = new Side();
        client = new Side();
        server.loop.listen(0, ANY_PORT, ListenOptions.DEFAULT);
        MemoryPeer peer = network.connect(server.loop.localAddress(0));
        peer.send("hi");
        assertEquals(List.of("accept", "hi"), server.poll());
        server.send(ID, "ho");
        assertEquals("ho", peer.receiveText(2));
        peer.finish();
        assertEquals(List.of("end"), server.poll());
        server.loop.close(ID, CloseMode.FLUSH);
        server.poll();
        peer.awaitEnd();
        assertThrows(IllegalStateException.class, () -> network.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
    }
}
