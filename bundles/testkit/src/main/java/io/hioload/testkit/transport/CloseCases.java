package io.hioload.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import io.hioload.transport.TransportLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How connections end, and what their ids mean afterwards. */
abstract class CloseCases extends StreamCases {

    @Test
    void shouldStayHalfOpenWhenPeerEndsItsStream() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(harness.listen());
        peer.write("last words");
        peer.endOutput();
        Link link = harness.accepted(0);
        harness.await("end of input", () -> link.endsOfInput == 1);
        assertArrayEquals("last words".getBytes(), link.collected());
        CompletableFuture<Void> reading = async(() -> {
            peer.readPattern(0, 5 << 20);
            peer.assertEndOfInput();
            return null;
        });
        harness.run(() -> {
            for (int i = 0; i < 5; i++) {
                link.send(StreamPattern.at((long) i << 20, 1 << 20));
            }
            link.close(CloseMode.FLUSH);
        });
        join(reading);
        awaitClosed(link, Status.LOCAL_CLOSE);
    }

    @Test
    void shouldFlushAllThenEndWhenClosed() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(harness.listen());
        Link link = harness.accepted(0);
        harness.run(() -> {
            for (int i = 0; i < 10; i++) {
                link.send(StreamPattern.at((long) i << 20, 1 << 20));
            }
            link.close(CloseMode.FLUSH);
            assertEquals(Status.CLOSED, link.send(harness.buffers().acquire(1), 0, 1), "send after close");
        });
        peer.readPattern(0, 10 << 20);
        peer.assertEndOfInput();
        assertTrue(harness.call(() -> !link.closed), "waits for the peer's FIN");
        peer.close();
        awaitClosed(link, Status.LOCAL_CLOSE);
        assertEquals(0, link.failedSends);
    }

    @Test
    void shouldNotResetWhenFlushedWithUnreadInput() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(harness.listen());
        Link link = harness.accepted(0);
        harness.run(() -> link.receiving(false));
        CompletableFuture<Void> writing = async(() -> {
            peer.writePattern(0, 20 << 20);
            return null;
        });
        harness.run(() -> {
            link.send(StreamPattern.at(0, 1 << 20));
            link.close(CloseMode.FLUSH);
        });
        // All 20 MB are taken although nobody reads them, and what we sent last still arrives.
        join(writing);
        peer.readPattern(0, 1 << 20);
        peer.assertEndOfInput();
        peer.endOutput();
        awaitClosed(link, Status.LOCAL_CLOSE);
    }

    @Test
    void shouldReportResetWhenPeerResets() throws Exception {
        LoopHarness harness = open();
        Peer peer = peer(harness.listen());
        peer.echo("hello");
        peer.reset();
        awaitClosed(harness.accepted(0), Status.RESET);
    }

    @Test
    void shouldReturnQueuedBuffersWhenPeerResets() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(harness.listen());
        Link link = harness.accepted(0);
        harness.run(() -> {
            for (int i = 0; i < 20; i++) {
                link.send(new byte[1 << 20]);
            }
        });
        peer.reset();
        awaitClosed(link, Status.RESET);
        assertTrue(link.failedSends > 0, "what was queued was not sent");
    }

    @Test
    void shouldReportResetWhenSendingIntoIt() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(harness.listen());
        Link link = harness.accepted(0);
        harness.run(() -> {
            try {
                peer.reset();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            // The first send after the reset fails; those behind it are refused.
            int status = link.send(harness.buffers().acquire(1000), 0, 1000);
            assertTrue(status == Status.OK || status == Status.CLOSED, Status.text(status));
            status = link.send(harness.buffers().acquire(1000), 0, 1000);
            assertTrue(status == Status.OK || status == Status.CLOSED, Status.text(status));
        });
        awaitClosed(link, Status.RESET);
    }

    @Test
    void shouldResetPeerWhenAborted() throws Exception {
        LoopHarness harness = open();
        Peer peer = peer(harness.listen());
        peer.echo("hello");
        Link link = harness.accepted(0);
        harness.run(() -> link.close(CloseMode.ABORT));
        awaitClosed(link, Status.LOCAL_CLOSE);
        peer.assertReset();
    }

    @Test
    void shouldCutFlushShortWhenAborted() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(harness.listen());
        Link link = harness.accepted(0);
        harness.run(() -> {
            for (int i = 0; i < 20; i++) {
                link.send(new byte[1 << 20]);
            }
            link.close(CloseMode.FLUSH);
            link.close(CloseMode.ABORT);
        });
        awaitClosed(link, Status.LOCAL_CLOSE);
        assertTrue(link.failedSends > 0, "what was queued was not sent");
        peer.assertReset();
    }

    @Test
    void shouldSurviveCloseFromWithinEvents() throws Exception {
        LoopHarness harness = open();
        InetSocketAddress address = harness.listen();
        for (CloseMode how : CloseMode.values()) {
            harness.acceptReaction = new Reaction() {
                @Override
                public void onReceive(Link link, Buffer buffer, int offset, int length) {
                    link.send(buffer.retain(), offset, length);
                    link.close(how);
                }
            };
            for (int i = 0; i < 20; i++) {
                Peer peer = peer(address);
                peer.write("close me");
                if (how == CloseMode.FLUSH) {
                    assertEquals("close me", peer.readText(8));
                    peer.assertEndOfInput();
                } else {
                    peer.assertReset();
                }
                peer.close();
            }
        }
        harness.await("all closed", () -> harness.openLinks() == 0);
    }

    @Test
    void shouldSurviveClosingOthersFromWithinEvents() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = new Reaction() {
            @Override
            public void onReceive(Link link, Buffer buffer, int offset, int length) {
                // The others are readable too, and their events may be in the same batch as this one.
                for (Link other : harness.links()) {
                    if (other != link && other.isOpen()) {
                        other.close(CloseMode.ABORT);
                    }
                }
            }
        };
        InetSocketAddress address = harness.listen();
        List<Peer> senders = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            senders.add(peer(address));
        }
        harness.accepted(29);
        harness.run(() -> {
            for (Peer peer : senders) {
                try {
                    peer.write("me first");
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        });
        harness.await("one left", () -> harness.openLinks() == 1);
        assertEquals(1, harness.call(() -> harness.links().stream().filter(link -> link.receivedBytes > 0).count()));
        Peer late = peer(address);
        late.write("still serving");
        harness.await("the late one left", () -> harness.openLinks() == 1 && harness.links().size() == 31);
    }

    @Test
    void shouldSurviveAbortFromWithinOnSentOfQueuedBuffers() throws Exception {
        LoopHarness harness = open();
        harness.acceptReaction = new Reaction() {
            @Override
            public void onSent(Link link, int status) {
                if (link.sent == 30 && link.isOpen()) {
                    link.close(CloseMode.ABORT);
                }
            }
        };
        Peer peer = peer(harness.listen());
        Link link = harness.accepted(0);
        harness.run(() -> {
            link.send(new byte[1 << 20]);
            for (int i = 0; i < 500 && link.isOpen(); i++) {
                link.send(new byte[20_000]);
            }
        });
        peer.assertReset();
        awaitClosed(link, Status.LOCAL_CLOSE);
    }

    @Test
    void shouldReportRefusalWhenNobodyListens() throws Exception {
        LoopHarness harness = open();
        InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            nobody = (InetSocketAddress) socket.getLocalSocketAddress();
        }
        Link link = harness.connect(nobody, Reaction.COLLECT);
        harness.await("refused", () -> link.closed);
        assertEquals(Status.text(Status.REFUSED), Status.text(link.connectStatus));
    }

    @Test
    void shouldEndEachConnectOnceWhenClosedWhileConnecting() throws Exception {
        LoopHarness harness = open();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            List<Link> links = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                links.add(harness.connect(full.getLocalSocketAddress(), Reaction.COLLECT));
            }
            harness.run(() -> links.forEach(link -> {
                if (link.connecting) {
                    Buffer buffer = harness.buffers().acquire(1);
                    assertEquals(Status.BACK_PRESSURED, link.send(buffer, 0, 1), "send while connecting");
                }
                link.close(CloseMode.ABORT);
            }));
            harness.await("all over", () -> links.stream().allMatch(link -> link.closed));
            assertEquals(0, harness.openLinks());
        }
    }

    @Test
    void shouldAnswerClosedWhenIdIsStale() throws Exception {
        LoopHarness harness = open();
        InetSocketAddress address = harness.listen();
        Peer first = peer(address);
        first.echo("first");
        Link old = harness.accepted(0);
        harness.run(() -> old.close(CloseMode.ABORT));
        awaitClosed(old, Status.LOCAL_CLOSE);
        Peer second = peer(address);
        second.echo("second");
        Link young = harness.accepted(1);
        assertEquals((int) old.id, (int) young.id, "the slot is used again");
        assertNotEquals(old.id, young.id, "with another generation");
        harness.run(() -> {
            for (long id : new long[]{old.id, 7L << 32 | 19_999, 7L << 32 | 1_000_000}) {
                TransportLoop loop = harness.loop();
                Buffer buffer = harness.buffers().acquire(10);
                assertEquals(Status.CLOSED, loop.send(id, buffer, 0, 10));
                buffer.release();
                assertEquals(Status.CLOSED, loop.receiving(id, false));
                assertEquals(Status.CLOSED, loop.close(id, CloseMode.FLUSH));
                assertEquals(Status.CLOSED, loop.close(id, CloseMode.ABORT));
                assertTrue(loop.detach(id) < 0);
                assertNull(loop.remoteAddress(id));
            }
        });
        second.echo("still there");
    }

    @Test
    void shouldCloseAtOnceWhenAcceptIsRefused() throws Exception {
        LoopHarness harness = open();
        InetSocketAddress address = harness.listen();
        harness.run(() -> harness.refusal = Status.REFUSED);
        for (int i = 0; i < 10; i++) {
            Peer peer = peer(address);
            peer.assertEndOfInput();
        }
        harness.run(() -> harness.refusal = 0);
        peer(address).echo("welcome again");
        assertEquals(10, harness.call(() -> harness.refusals));
    }
}
