package io.hioload.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Listeners and live connections that move from one loop to another. */
abstract class HandOverCases extends CloseCases {

    private static final int MOVES = 100;
    private static final int CHUNK_BYTES = 100_000;

    @Test
    void shouldRefuseNobodyWhenListenerMovesWithItsQueue() throws Exception {
        LoopHarness from = open();
        LoopHarness to = open();
        InetSocketAddress address = from.listen();
        List<Peer> queued = new ArrayList<>();
        long handle = from.call(() -> {
            // While this runs the loop accepts nothing, unless by itself, so all of these wait in the accept queue.
            for (int i = 0; i < 300; i++) {
                queued.add(peer(address));
            }
            return from.loop().detachListener(0);
        });
        assertTrue(handle >= 0, () -> Status.text((int) handle));
        assertEquals(Status.CLOSED, from.call(() -> from.loop().unlisten(0)));
        queued.add(peer(address));
        assertEquals(Status.OK, to.call(() -> to.loop().adoptListener(5, handle)));
        assertEquals(address, to.call(() -> to.loop().localAddress(5)));
        for (Peer peer : queued) {
            peer.echo("moved");
        }
        assertEquals(301, to.openLinks() + from.openLinks());
        assertTrue(to.openLinks() > 0);
        assertTrue(acceptsByItself() || from.openLinks() == 0, () -> from.openLinks() + " did not move");
    }

    @Test
    void shouldRefuseNobodyWhenListenerMovesUnderLoad() throws Exception {
        LoopHarness[] loops = {open(), open()};
        InetSocketAddress address = loops[0].listen();
        AtomicBoolean done = new AtomicBoolean();
        List<CompletableFuture<Integer>> clients = new ArrayList<>();
        for (int c = 0; c < 3; c++) {
            clients.add(async(() -> {
                int connections = 0;
                while (!done.get() || connections < 20) {
                    try (Peer peer = Peer.connect(address)) {
                        peer.echo("number " + connections++);
                        peer.reset();
                    }
                }
                return connections;
            }));
        }
        int moves = 100;
        for (int i = 0; i < moves; i++) {
            LoopHarness from = loops[i & 1];
            LoopHarness to = loops[i + 1 & 1];
            long handle = from.call(() -> from.loop().detachListener(0));
            assertEquals(Status.OK, to.call(() -> to.loop().adoptListener(0, handle)), "move " + i);
        }
        done.set(true);
        for (CompletableFuture<Integer> client : clients) {
            assertTrue(join(client) >= 20);
        }
    }

    @Test
    void shouldLoseNothingWhenConnectionMovesMidTraffic() throws Exception {
        LoopHarness[] loops = {open(), open()};
        Peer peer = peer(loops[0].listen());
        Link link = loops[0].accepted(0);
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Long> writing = async(() -> {
            long written = 0;
            while (!enough.get()) {
                peer.writePattern(written, written + CHUNK_BYTES);
                written += CHUNK_BYTES;
            }
            peer.endOutput();
            return written;
        });
        CompletableFuture<Long> reading = async(peer::readPatternToEnd);
        for (int i = 0; i < MOVES; i++) {
            // Back to the same loop every third time.
            link = move(link, i % 3 == 2 ? link.harness : link.harness == loops[0] ? loops[1] : loops[0]);
            if (i % 10 == 9) {
                Link here = link;
                here.harness.await("traffic", () -> here.receivedBytes > CHUNK_BYTES);
            }
        }
        enough.set(true);
        long total = join(writing);
        Link last = link;
        last.harness.await("end of input", () -> last.endsOfInput == 1);
        last.harness.run(() -> last.close(CloseMode.FLUSH));
        assertEquals(total, join(reading));
        peer.close();
        awaitClosed(last, Status.LOCAL_CLOSE);
    }

    private static Link move(Link link, LoopHarness to) {
        LoopHarness from = link.harness;
        from.run(() -> assertEquals(Status.OK, from.loop().detach(link.id), "detach"));
        from.await("detached", () -> link.detached);
        return to.call(() -> to.adopt(link));
    }

    @Test
    void shouldHandUnsentBytesBackInOrderWhenDetached() throws Exception {
        LoopHarness from = open();
        LoopHarness to = open();
        from.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(from.listen());
        Link link = from.accepted(0);
        int chunk = 100_000;
        int chunks = 100;
        from.run(() -> {
            for (int i = 0; i < chunks; i++) {
                link.send(StreamPattern.at((long) i * chunk, chunk));
            }
        });
        from.run(() -> from.loop().detach(link.id));
        from.await("detached", () -> link.detached);
        assertTrue(link.unsent.size() > 1, "10 MB do not fit into socket buffers");
        Link adopted = to.call(() -> to.adopt(link));
        peer.readPattern(0, (long) chunk * chunks);
        to.await("all sent", () -> adopted.sent == adopted.sends);
        assertEquals(0, adopted.failedSends);
    }

    @Test
    void shouldSayWhenPeerEndedBeforeAdoption() throws Exception {
        LoopHarness from = open();
        LoopHarness to = open();
        from.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(from.listen());
        Link link = from.accepted(0);
        from.run(() -> from.loop().detach(link.id));
        from.await("detached", () -> link.detached);
        peer.write("meanwhile");
        peer.endOutput();
        Link adopted = to.call(() -> to.adopt(link));
        to.await("end of input", () -> adopted.endsOfInput == 1);
        assertEquals(9, adopted.receivedBytes);
    }

    @Test
    void shouldReceiveNothingWhenAdoptedPaused() throws Exception {
        LoopHarness from = open();
        LoopHarness to = open();
        from.acceptReaction = Reaction.COLLECT;
        Peer peer = peer(from.listen());
        Link link = from.accepted(0);
        from.run(() -> from.loop().detach(link.id));
        from.await("detached", () -> link.detached);
        peer.write("meanwhile");
        Link adopted = to.call(() -> to.adoptPaused(link));
        to.call(() -> to.loop().poll(1, 0));
        to.call(() -> to.loop().poll(1, 0));
        assertEquals(0, to.call(() -> adopted.receivedBytes));
        to.run(() -> assertEquals(Status.OK, to.loop().receiving(adopted.id, true)));
        to.await("what came meanwhile", () -> adopted.receivedBytes == 9);
    }

    @Test
    void shouldCloseHandleWhenDiscarded() throws Exception {
        LoopHarness from = open();
        InetSocketAddress address = from.listen();
        Peer peer = peer(address);
        peer.echo("hello");
        Link link = from.accepted(0);
        from.run(() -> from.loop().detach(link.id));
        from.await("detached", () -> link.detached);
        provider().discard(link.handle);
        from.call(() -> from.loop().poll(1, 0));
        peer.assertEndOfInput();
    }
}
