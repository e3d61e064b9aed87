package io.hioload.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.transport.CloseMode;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Bytes in, bytes out, and their order. */
abstract class StreamCases extends KitCases {

    private static final long LARGE_BYTES = 64L << 20;

    @Test
    void shouldEchoWhenPeerSends() throws Exception {
        LoopHarness harness = open();
        Peer peer = peer(harness.listen());
        for (int i = 0; i < 100; i++) {
            peer.echo("message " + i);
        }
        assertEquals(peer.socket.getLocalSocketAddress(),
                harness.call(() -> harness.loop().remoteAddress(harness.links().get(0).id)));
    }

    @Test
    void shouldEchoOverIpv6() throws Exception {
        LoopHarness harness = open();
        InetSocketAddress address = harness.listen(0, InetAddress.ofLiteral("::1"), ListenOptions.DEFAULT);
        assertEquals(16, address.getAddress().getAddress().length);
        Peer peer = peer(address);
        peer.echo("over IPv6");
        assertEquals(peer.socket.getLocalSocketAddress(),
                harness.call(() -> harness.loop().remoteAddress(harness.links().get(0).id)));
        Link out = harness.connect(address, Reaction.COLLECT);
        harness.await("connected", out::isOpen);
        harness.run(() -> out.send("and out".getBytes()));
        harness.await("echo", () -> out.receivedBytes == 7);
    }

    @Test
    void shouldServeEachListenerUnderItsNumber() throws Exception {
        LoopHarness harness = open();
        InetSocketAddress first = harness.listen();
        InetSocketAddress second = harness.listen(9, InetAddress.ofLiteral("127.0.0.1"), ListenOptions.DEFAULT);
        peer(second).echo("second");
        peer(first).echo("first");
        assertEquals(9, harness.accepted(0).listener);
        assertEquals(0, harness.accepted(1).listener);
    }

    @Test
    void shouldKeepContentWhenStreamIsLargeBothWays() throws Exception {
        Peer peer = peer(open().listen());
        CompletableFuture<Void> writing = async(() -> {
            peer.writePattern(0, LARGE_BYTES);
            return null;
        });
        peer.readPattern(0, LARGE_BYTES);
        join(writing);
    }

    @Test
    void shouldKeepContentWhenStreamIsFragmented() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(harness.listen());
        byte[] text = StreamPattern.at(0, 2000);
        for (byte b : text) {
            peer.write(new byte[]{b});
        }
        Link link = harness.accepted(0);
        harness.await("all bytes", () -> link.receivedBytes == text.length);
        assertArrayEquals(text, link.collected());
        harness.run(() -> {
            for (byte b : text) {
                link.send(new byte[]{b});
            }
        });
        assertArrayEquals(text, peer.read(text.length));
    }

    @Test
    void shouldQueueInOrderWhenPeerDoesNotRead() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(harness.listen());
        Link link = harness.accepted(0);
        int chunk = 50_000;
        int chunks = 400;
        harness.run(() -> {
            for (int i = 0; i < chunks; i++) {
                link.send(StreamPattern.at((long) i * chunk, chunk));
            }
        });
        harness.await("some sent", () -> link.sent > 0);
        assertTrue(harness.call(() -> link.sent) < chunks, "20 MB do not fit into socket buffers");
        peer.readPattern(0, (long) chunk * chunks);
        harness.await("all sent", () -> link.sent == chunks);
        assertEquals(0, link.failedSends);
        assertEquals(0, link.unsentBytes);
    }

    @Test
    void shouldSendEachPieceWhenOneBufferIsQueuedManyTimes() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(harness.listen());
        Link link = harness.accepted(0);
        int pieces = 100;
        int length = 60_000;
        harness.run(() -> {
            Buffer buffer = harness.buffers().acquire(length);
            buffer.memory().putBytes(0, StreamPattern.at(0, length));
            for (int i = 0; i < pieces; i++) {
                link.send(buffer.retain(), i, length - i);
            }
            buffer.release();
        });
        for (int i = 0; i < pieces; i++) {
            peer.readPattern(i, length);
        }
    }

    @Test
    void shouldLetCallerReuseBufferAtOnceWhenAnswerIsSent() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(harness.listen());
        Link link = harness.accepted(0);
        int length = 10_000;
        int messages = 500;
        harness.run(() -> {
            Buffer buffer = harness.buffers().acquire(length);
            for (int i = 0; i < messages; i++) {
                buffer.memory().putBytes(0, StreamPattern.at((long) i * length, length));
                if (link.send(buffer.retain(), 0, length) != Status.SENT) {
                    buffer.release();
                    buffer = harness.buffers().acquire(length);
                }
            }
            buffer.release();
        });
        peer.readPattern(0, (long) messages * length);
        harness.await("all sent", () -> link.sent == messages);
    }

    @Test
    void shouldSendToAllWhenOneBufferIsQueuedOnManyConnections() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        InetSocketAddress address = harness.listen();
        List<Peer> subscribers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            subscribers.add(peer(address));
        }
        harness.accepted(49);
        int length = 600_000;
        int times = 10;
        harness.run(() -> {
            for (int t = 0; t < times; t++) {
                Buffer buffer = harness.buffers().acquire(length);
                buffer.memory().putBytes(0, StreamPattern.at((long) t * length, length));
                harness.links().forEach(link -> link.send(buffer.retain(), 0, length));
                buffer.release();
            }
        });
        for (Peer peer : subscribers) {
            peer.readPattern(0, (long) length * times);
        }
    }

    @Test
    void shouldLeaveBytesAloneWhileReceiverRetainsThem() throws Exception {
        LoopHarness harness = open();
        List<Link.Unsent> kept = new ArrayList<>();
        harness.acceptReaction = new Reaction() {
            @Override
            public void onReceive(Link link, Buffer buffer, int offset, int length) {
                kept.add(new Link.Unsent(buffer.retain(), offset, length));
                link.send(new byte[]{1});
            }
        };
        Peer peer = peer(harness.listen());
        int message = 500;
        int messages = 200;
        for (int i = 0; i < messages; i++) {
            peer.write(StreamPattern.at((long) i * message, message));
            peer.read(1);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        harness.run(() -> {
            for (Link.Unsent piece : kept) {
                byte[] part = new byte[piece.length()];
                piece.buffer().memory().getBytes(piece.offset(), part);
                bytes.writeBytes(part);
                piece.buffer().release();
            }
        });
        assertArrayEquals(StreamPattern.at(0, message * messages), bytes.toByteArray());
    }

    @Test
    void shouldHoldBytesBackWhileReceivingIsOff() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        InetSocketAddress address = harness.listen();
        Peer peer = peer(address);
        Link link = harness.accepted(0);
        harness.run(() -> link.receiving(false));
        harness.acceptReaction = Reaction.ECHO;
        Peer fence = peer(address);
        long total = 10 << 20;
        CompletableFuture<Void> writing = async(() -> {
            peer.writePattern(0, total);
            peer.endOutput();
            return null;
        });
        fence.echo("what was on its way may still come");
        long before = harness.call(() -> link.receivedBytes);
        for (int i = 0; i < 100; i++) {
            fence.echo("round " + i);
        }
        assertEquals(before, harness.call(() -> link.receivedBytes));
        assertEquals(0, harness.call(() -> link.endsOfInput));
        harness.run(() -> link.receiving(true));
        harness.await("everything", () -> link.receivedBytes == total && link.endsOfInput == 1);
        join(writing);
        byte[] all = link.collected();
        for (int at = 0; at < total; at += 1 << 16) {
            assertTrue(StreamPattern.matches(at, all, at, 1 << 16), "content behind " + at);
        }
    }

    @Test
    void shouldDeliverAboutLimitEventsWhenMoreAreReady() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        InetSocketAddress address = harness.listen();
        int connections = 200;
        List<Peer> senders = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            senders.add(peer(address));
        }
        harness.accepted(connections - 1);
        int limit = 10;
        harness.run(() -> {
            for (Peer peer : senders) {
                try {
                    peer.write("x");
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
            long deadlineNs = System.nanoTime() + 10_000_000_000L;
            while (harness.links().stream().anyMatch(link -> link.receivedBytes == 0)) {
                int delivered = harness.loop().poll(limit, 1_000_000);
                harness.loop().flush();
                assertTrue(delivered <= 2 * limit, delivered + " events at a limit of " + limit);
                assertTrue(System.nanoTime() < deadlineNs, "some connections starve");
            }
        });
    }

    @Test
    void shouldConnectAndTalkBothWays() throws Exception {
        LoopHarness harness = open();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"))) {
            Link link = harness.connect(server.getLocalSocketAddress(), new Reaction() {
                @Override
                public void onOpen(Link opened) {
                    opened.send("hello".getBytes());
                }
            });
            Peer peer = keep(new Peer(server.accept()));
            assertEquals("hello", peer.readText(5));
            assertEquals(server.getLocalSocketAddress(), harness.call(() -> harness.loop().remoteAddress(link.id)));
            peer.write("welcome");
            harness.await("answer", () -> link.receivedBytes == 7);
            assertArrayEquals("welcome".getBytes(), link.collected());
            harness.run(() -> link.close(CloseMode.FLUSH));
            peer.assertEndOfInput();
            peer.close();
            awaitClosed(link, Status.LOCAL_CLOSE);
        }
    }

    @Test
    void shouldConnectToItselfWhenListenerIsItsOwn() throws Exception {
        LoopHarness harness = open();
        InetSocketAddress address = harness.listen();
        Link out = harness.connect(address, Reaction.COLLECT);
        harness.await("connected", out::isOpen);
        harness.run(() -> out.send(StreamPattern.at(0, 100_000)));
        harness.await("echo", () -> out.receivedBytes == 100_000);
        assertArrayEquals(StreamPattern.at(0, 100_000), out.collected());
    }
}
