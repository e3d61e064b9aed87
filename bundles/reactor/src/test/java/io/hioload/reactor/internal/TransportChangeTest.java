package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.reactor.ChangePolicy;
import io.hioload.reactor.Connection;
import io.hioload.reactor.Listener;
import io.hioload.reactor.TransportChange;
import io.hioload.testkit.memory.MemoryNetwork;
import io.hioload.testkit.memory.MemoryPeer;
import io.hioload.testkit.memory.MemoryPeerListener;
import io.hioload.testkit.memory.MemoryTransportProvider;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A change of transport inside the reactors: what becomes of connections and listeners. */
class TransportChangeTest {

    private static final long LONG_NS = 60_000_000_000L;
    private static final ChangePolicy MIGRATE = new ChangePolicy(ChangePolicy.Live.MIGRATE, LONG_NS, 0, LONG_NS);

    /** Echoes, and says where it is. */
    private static class Echo extends Recorder {
        @Override
        void received(Connection from, String text) {
            write(from, text);
        }
    }

    private static OtherTransport second(Rig rig) {
        return new OtherTransport(new MemoryTransportProvider(rig.network), "second");
    }

    private static TransportChange change(Rig rig, TransportProvider next, ChangePolicy policy) throws Exception {
        return Rig.get(rig.group.changeTransport(next, policy));
    }

    private static void assertEcho(MemoryPeer peer, String text) {
        peer.send(text);
        assertEquals(text, peer.receiveText(text.length()));
    }

    @Test
    void shouldMoveAllConnectionsAndTheListenerWhenTransportChanges() throws Exception {
        for (boolean atOnce : new boolean[]{true, false}) {
            Rig.Setup setup = new Rig.Setup();
            setup.reactors = 2;
            try (Rig rig = setup.open()) {
                rig.network.faults().detachesCompleteAtOnce(atOnce);
                Listener listener = rig.listen(connection -> new Echo());
                List<MemoryPeer> peers = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    peers.add(rig.network.connect(listener.localAddress()));
                    assertEcho(peers.get(i), "before");
                }
                OtherTransport next = second(rig);
                TransportChange change = change(rig, next, MIGRATE);
                assertEquals(300, change.moved());
                assertEquals(2, change.listeners());
                assertEquals(0, change.finished() + change.closed() + change.aborted() + change.lost() + change.rebound());
                assertEquals("memory to second", change.from() + " to " + change.to());
                assertTrue(change.switchNs() > 0 && change.switchNs() <= change.durationNs() && change.longestPauseNs() > 0,
                        change.toString());
                assertEquals(0, rig.transport.openLoops(), "the old loops are closed");
                assertEquals(next, rig.group.transport());
                peers.forEach(peer -> assertEcho(peer, "behind"));
                assertEcho(rig.network.connect(listener.localAddress()), "new");
                assertEquals(301, rig.group.connections());
                assertEquals(300, rig.count("connections.migrated"));
                assertEquals("second", rig.reactor().probe().get("transport"));
            }
        }
    }

    @Test
    void shouldKeepIdHandlerAndTimeoutWhenConnectionMoves() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Echo();
            MemoryPeer peer = rig.peer(handler);
            assertEquals("open", handler.next());
            long id = handler.connection.id();
            Rig.on(rig.reactor(), () -> {
                handler.connection.timeout(200_000_000L);
                return null;
            });
            change(rig, second(rig), MIGRATE);
            assertEquals(id, handler.connection.id());
            assertTrue(handler.connection.isOpen());
            assertEquals("timeout", handler.next());
            assertEquals("closed closed by this side", handler.next());
            peer.awaitReset();
        }
    }

    @Test
    void shouldSendUnsentBytesInOrderWhenConnectionMovesUnderBackpressure() throws Exception {
        for (boolean atOnce : new boolean[]{true, false}) {
            Rig.Setup setup = new Rig.Setup();
            setup.highWaterBytes = 16_000;
            try (Rig rig = setup.open()) {
                rig.network.faults().detachesCompleteAtOnce(atOnce);
                rig.network.faults().sendStepBytes(777);
                StringBuilder expected = new StringBuilder();
                Recorder handler = new Recorder() {
                    @Override
                    void received(Connection from, String text) {
                        for (int i = 0; i < 400; i++) {
                            String piece = i + "-" + "x".repeat(i) + ";";
                            expected.append(piece);
                            if (i % 3 == 0) {
                                sendOwn(from, piece);
                            } else {
                                write(from, piece);
                            }
                        }
                    }
                };
                MemoryPeer peer = rig.peer(handler);
                peer.send("go");
                assertEquals("open", handler.next());
                assertEquals("receive go", handler.next());
                long begun = rig.count("turns");
                CompletionStage<TransportChange> changed = rig.group.changeTransport(second(rig), MIGRATE);
                assertEquals(1, Rig.get(changed).moved());
                assertTrue(handler.connection.unsentBytes() > 0, "there was something to move");
                assertFalse(handler.connection.isWritable());
                assertTrue(rig.count("turns") > begun);
                change(rig, rig.transport, MIGRATE);
                Rig.on(rig.reactor(), () -> {
                    Recorder.write(handler.connection, "last");
                    return null;
                });
                expected.append("last");
                assertEquals(expected.toString(), peer.receiveText(expected.length()));
                rig.await(() -> handler.connection.unsentBytes() == 0 && handler.connection.isWritable());
                assertEquals("writable", handler.next());
            }
        }
    }

    @Test
    void shouldKeepOrderWhenHandlerSendsAndClosesWhileTheOldLoopLetsGo() throws Exception {
        try (Rig rig = Rig.open()) {
            rig.network.faults().detachesCompleteAtOnce(false);
            Recorder handler = new Recorder() {
                @Override
                void received(Connection from, String text) {
                    // Delivered by the old loop after it was asked to let go.
                    write(from, "a" + text);
                    sendOwn(from, "b");
                    from.close(CloseMode.FLUSH);
                }
            };
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            // Between the turn in which the old loop was asked and the poll in which it lets go.
            rig.reactor().execute(new Runnable() {
                @Override
                public void run() {
                    if (((ReactorConnection) handler.connection).has(ReactorConnection.MOVING)) {
                        peer.send("!");
                    } else {
                        rig.reactor().execute(this);
                    }
                }
            });
            CompletionStage<TransportChange> changed = rig.group.changeTransport(second(rig), MIGRATE);
            assertEquals("a!b", peer.receiveText(3));
            peer.awaitEnd();
            peer.finish();
            TransportChange change = Rig.get(changed);
            assertEquals(1, change.moved(), change.toString());
            assertEquals("receive !", handler.next());
            assertEquals("closed closed by this side", handler.next());
        }
    }

    @Test
    void shouldStayPausedWhenConnectionMoves() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Echo();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            Rig.on(rig.reactor(), () -> {
                handler.connection.receiving(false);
                return null;
            });
            change(rig, second(rig), MIGRATE);
            peer.send("held");
            for (int i = 0; i < 5; i++) {
                Rig.on(rig.reactor(), () -> null);
            }
            assertEquals(List.of("open"), handler.events);
            Rig.on(rig.reactor(), () -> {
                handler.connection.receiving(true);
                return null;
            });
            assertEquals("held", peer.receiveText(4));
        }
    }

    @Test
    void shouldTellEndOfInputOnceWhenHalfOpenConnectionMoves() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder() {
                @Override
                public void onEndOfInput(Connection from) {
                    record("end");
                }
            };
            MemoryPeer peer = rig.peer(handler);
            peer.finish();
            assertEquals("open", handler.next());
            assertEquals("end", handler.next());
            change(rig, second(rig), MIGRATE);
            change(rig, rig.transport, MIGRATE);
            Rig.on(rig.reactor(), () -> {
                Recorder.write(handler.connection, "still");
                handler.connection.close(CloseMode.FLUSH);
                return null;
            });
            assertEquals("still", peer.receiveText(5));
            assertEquals("closed closed by this side", handler.next());
        }
    }

    @Test
    void shouldFinishCloseOnTheOldLoopWhenItsFinWasSent() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            Rig.on(rig.reactor(), () -> {
                handler.connection.close(CloseMode.FLUSH);
                return null;
            });
            peer.awaitEnd();
            CompletionStage<TransportChange> changed = rig.group.changeTransport(second(rig), MIGRATE);
            rig.await(() -> "second".equals(rig.group.transport().name()));
            assertFalse(changed.toCompletableFuture().isDone());
            assertEquals(1, rig.transport.openLoops());
            peer.finish();
            TransportChange change = Rig.get(changed);
            assertEquals(1, change.finished());
            assertEquals(0, rig.transport.openLoops());
            assertEquals("closed closed by this side", handler.next());
        }
    }

    @Test
    void shouldLeaveEverythingAsItWasWhenTheNewLoopCannotBeOpened() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 3;
        try (Rig rig = setup.open()) {
            MemoryPeer peer = rig.peer(new Echo());
            for (int good = 0; good < 3; good++) {
                rig.network.faults().failOpen(good, Status.NO_RESOURCES);
                MemoryTransportProvider broken = new MemoryTransportProvider(rig.network);
                assertThrows(TransportException.class, () -> change(rig, new OtherTransport(broken, "broken"), MIGRATE));
                assertEquals(0, broken.openLoops());
                assertEquals("memory", rig.group.transport().name());
                assertEcho(peer, "goes on");
            }
            assertEquals(3, rig.transport.openLoops());
            assertEquals(0, rig.count("transport.changes"));
        }
    }

    @Test
    void shouldStayOnTheOldLoopAndTryAgainWhenTheNewOneDoesNotAdopt() throws Exception {
        try (Rig rig = Rig.open()) {
            MemoryPeer peer = rig.peer(new Echo());
            assertEcho(peer, "before");
            rig.network.faults().failAdopt(0, Status.NO_RESOURCES);
            TransportChange change = change(rig, second(rig), MIGRATE);
            assertEquals(1, change.moved());
            assertEquals(0, change.lost());
            assertEcho(peer, "behind");
            assertEquals(0, rig.transport.openLoops());
        }
    }

    @Test
    void shouldEndConnectionWithAReasonWhenNeitherLoopAdopts() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Echo();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            rig.network.faults().failAdopts(2, Status.NO_RESOURCES);
            TransportChange change = change(rig, second(rig), MIGRATE);
            assertEquals(1, change.lost());
            assertEquals("closed out of descriptors, buffers or kernel memory", handler.next());
            peer.awaitReset();
            assertEquals(1, rig.count("connections.lost"));
        }
    }

    @Test
    void shouldLetConnectionsFinishWhenPolicySaysSo() throws Exception {
        try (Rig rig = Rig.open()) {
            Listener listener = rig.listen(connection -> new Echo());
            MemoryPeer peer = rig.network.connect(listener.localAddress());
            assertEcho(peer, "before");
            CompletionStage<TransportChange> changed = rig.group.changeTransport(second(rig),
                    new ChangePolicy(ChangePolicy.Live.FINISH, LONG_NS, 0, LONG_NS));
            rig.await(() -> "second".equals(rig.group.transport().name()));
            assertEcho(peer, "on the old loop");
            assertEquals(1, rig.transport.openLoops());
            assertTrue(String.valueOf(rig.reactor().probe().get("olderTransports")).contains("finishing, 1 connections left"));
            assertEcho(rig.network.connect(listener.localAddress()), "on the new one");
            peer.finish();
            TransportChange change = Rig.get(changed);
            assertEquals(1, change.finished());
            assertEquals(0, change.moved());
            assertEquals(0, rig.transport.openLoops());
        }
    }

    @Test
    void shouldAskThenResetWhenConnectionsDoNotFinishInTime() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        try (Rig rig = setup.open()) {
            Listener listener = rig.listen(connection -> new Recorder());
            List<MemoryPeer> peers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                peers.add(rig.network.connect(listener.localAddress()));
            }
            rig.await(() -> rig.group.connections() == 20);
            CompletionStage<TransportChange> changed = rig.group.changeTransport(second(rig),
                    new ChangePolicy(ChangePolicy.Live.FINISH, 50_000_000L, 50_000_000L, 100_000_000L));
            for (int i = 0; i < 20; i++) {
                peers.get(i).awaitEnd();
                if (i % 2 == 0) {
                    peers.get(i).finish();
                }
            }
            TransportChange change = Rig.get(changed);
            assertEquals(10, change.closed(), change.toString());
            assertEquals(10, change.aborted(), change.toString());
            assertTrue(change.durationNs() >= 200_000_000L, change.toString());
            assertEquals(0, rig.group.connections());
        }
    }

    @Test
    void shouldSpreadTheAskingOverTheJitterWhenPolicyIsClose() throws Exception {
        try (Rig rig = Rig.open()) {
            List<Long> asked = new ArrayList<>();
            Listener listener = rig.listen(connection -> new Recorder() {
                @Override
                public void onTransportGoing(Connection going) {
                    asked.add(System.nanoTime());
                    going.close(CloseMode.ABORT);
                }
            });
            for (int i = 0; i < 100; i++) {
                rig.network.connect(listener.localAddress());
            }
            rig.await(() -> rig.group.connections() == 100);
            TransportChange change = change(rig, second(rig), new ChangePolicy(ChangePolicy.Live.CLOSE, 0, 300_000_000L, 0));
            assertEquals(100, change.closed());
            assertEquals(100, asked.size());
            assertTrue(asked.getLast() - asked.getFirst() > 150_000_000L, "not all at once");
        }
    }

    @Test
    void shouldFinishAndBindAgainWhenHandlesCannotBeExchanged() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 2;
        try (Rig rig = setup.open()) {
            Listener listener = rig.listen(connection -> new Echo());
            MemoryPeer peer = rig.network.connect(listener.localAddress());
            assertEcho(peer, "before");
            CompletionStage<TransportChange> changed = rig.group.changeTransport(
                    new OtherTransport(new MemoryTransportProvider(rig.network), "strange", "strange"), MIGRATE);
            rig.await(() -> "strange".equals(rig.group.transport().name()));
            assertEcho(peer, "on the old loop");
            // Connects are refused for the moment between the two sockets.
            MemoryPeer late = null;
            while (late == null) {
                try {
                    late = rig.network.connect(listener.localAddress());
                    assertEcho(late, "on the new loop");
                } catch (AssertionError | IllegalStateException refused) {
                    late = null;
                }
            }
            peer.finish();
            TransportChange change = Rig.get(changed);
            assertEquals(2, change.rebound());
            assertEquals(0, change.listeners());
            assertEquals(1, change.finished());
        }
    }

    @Test
    void shouldKeepListenersAndConnectionsWhenThereIsNoTransportForAWhile() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 2;
        try (Rig rig = setup.open()) {
            Recorder first = new Echo();
            Listener listener = rig.listen(connection -> first.events.isEmpty() ? first : new Echo());
            MemoryPeer peer = rig.network.connect(listener.localAddress());
            assertEcho(peer, "before");
            assertEquals("open", first.next());
            assertEquals("receive before", first.next());
            TransportChange rest = change(rig, null, MIGRATE);
            assertEquals(1, rest.moved());
            assertEquals("", rest.to());
            assertEquals(0, rig.transport.openLoops());
            assertNull(rig.group.transport());
            peer.send("while resting");
            List<MemoryPeer> waiting = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                waiting.add(rig.network.connect(listener.localAddress()));
                waiting.get(i).send("early");
            }
            // Tasks and timers go on.
            Rig.on(first.connection.reactor(), () -> {
                Recorder.write(first.connection, "sent resting;");
                return null;
            });
            assertEquals(1, rig.group.connections());
            TransportChange back = change(rig, second(rig), MIGRATE);
            assertEquals(1, back.moved());
            assertEquals(2, back.listeners());
            assertEquals("", back.from());
            assertEquals("sent resting;while resting", peer.receiveText(26));
            for (MemoryPeer each : waiting) {
                assertEquals("early", each.receiveText(5));
            }
        }
    }

    @Test
    void shouldEndQuietConnectionAtOnceWhenClosedWithoutATransport() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            change(rig, null, MIGRATE);
            Rig.on(rig.reactor(), () -> {
                handler.connection.close(CloseMode.FLUSH);
                return null;
            });
            assertEquals("closed closed by this side", handler.next());
            peer.awaitReset();
            rig.await(() -> rig.group.connections() == 0);
        }
    }

    @Test
    void shouldBindAgainWhenHandlesCouldNotBeKeptWithoutATransport() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.keepsHandles = false;
        try (Rig rig = setup.open()) {
            Listener listener = rig.listen(connection -> new Echo());
            MemoryPeer peer = rig.network.connect(listener.localAddress());
            assertEcho(peer, "before");
            CompletionStage<TransportChange> rest = rig.group.changeTransport(null,
                    new ChangePolicy(ChangePolicy.Live.MIGRATE, 0, 0, LONG_NS));
            peer.awaitEnd();
            peer.finish();
            assertEquals(1, Rig.get(rest).closed());
            assertEquals(0, rig.network.listeners());
            assertEquals(1, change(rig, second(rig), MIGRATE).rebound());
            assertEcho(rig.network.connect(listener.localAddress()), "again");
        }
    }

    @Test
    void shouldMoveConnectionThatWasStillConnectingWhenItIsOpen() throws Exception {
        try (Rig rig = Rig.open();
                MemoryPeerListener server = rig.network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Recorder handler = new Echo();
            CompletionStage<TransportChange> changed = Rig.on(rig.reactor(), () -> {
                rig.reactor().connect(server.address(), handler);
                return rig.group.changeTransport(second(rig), MIGRATE);
            });
            MemoryPeer peer = server.accept();
            assertEcho(peer, "hello");
            assertEquals(1, Rig.get(changed).moved());
            assertEcho(peer, "behind");
            peer.finish();
        }
    }

    @Test
    void shouldTakeTurnsWhenChangesAreAskedForAtOnce() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 2;
        try (Rig rig = setup.open()) {
            MemoryPeer peer = rig.peer(new Echo());
            assertEcho(peer, "before");
            MemoryTransportProvider other = new MemoryTransportProvider(rig.network);
            List<CompletionStage<TransportChange>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(rig.group.changeTransport(i % 2 == 0 ? new OtherTransport(other, "other") : rig.transport, MIGRATE));
            }
            for (CompletionStage<TransportChange> each : all) {
                assertEquals(1, Rig.get(each).moved());
            }
            assertEcho(peer, "behind");
            assertEquals(2, rig.transport.openLoops());
            assertEquals(0, other.openLoops());
        }
    }

    @Test
    void shouldLoseNobodyWhenConnectionsAreHandedOutDuringChanges() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 3;
        setup.capabilities = Rig.ALL & ~io.hioload.transport.Capability.REUSE_PORT;
        try (Rig rig = setup.open()) {
            rig.network.faults().detachesCompleteAtOnce(false);
            Listener listener = rig.listen(connection -> new Echo());
            MemoryTransportProvider other = new MemoryTransportProvider(rig.network, setup.capabilities);
            List<CompletionStage<TransportChange>> all = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                if (i % 10 == 0) {
                    all.add(rig.group.changeTransport(i % 20 == 0 ? new OtherTransport(other, "other") : rig.transport, MIGRATE));
                }
                MemoryPeer peer = rig.network.connect(listener.localAddress());
                assertEcho(peer, "hello " + i);
            }
            for (CompletionStage<TransportChange> each : all) {
                assertEquals(0, Rig.get(each).lost());
            }
            assertEquals(300, rig.group.connections());
        }
    }

    @Test
    void shouldRefuseWhenTheGroupIsClosed() throws Exception {
        Rig rig = Rig.open();
        rig.close();
        assertThrows(IllegalStateException.class, () -> change(rig, second(rig), MIGRATE));
    }

    @Test
    void shouldGiveEverythingBackWhenTheGroupClosesWithoutATransport() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            change(rig, null, MIGRATE);
            rig.group.close();
            peer.awaitReset();
            assertEquals("closed closed by this side", handler.next());
        }
    }

    @Test
    void shouldCloseTheOldLoopWhenTheGroupClosesInTheMiddle() throws Exception {
        MemoryNetwork network = new MemoryNetwork();
        Rig.Setup setup = new Rig.Setup();
        setup.network = network;
        try (Rig rig = setup.open()) {
            MemoryPeer peer = rig.peer(new Echo());
            assertEcho(peer, "before");
            CompletionStage<TransportChange> changed = rig.group.changeTransport(second(rig),
                    new ChangePolicy(ChangePolicy.Live.FINISH, LONG_NS, 0, LONG_NS));
            rig.await(() -> "second".equals(rig.group.transport().name()));
            rig.group.close();
            peer.awaitReset();
            Rig.get(changed);
        }
    }
}
