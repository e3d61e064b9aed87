package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.affinity.Placement;
import io.hioload.reactor.ChangePolicy;
import io.hioload.reactor.Connection;
import io.hioload.reactor.IdlePolicy;
import io.hioload.reactor.Listener;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.RebalancePolicy;
import io.hioload.testkit.memory.MemoryPeer;
import io.hioload.testkit.memory.MemoryTransportProvider;
import io.hioload.transport.Capability;
import io.hioload.transport.Status;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Connections that move between reactors, because those come and go or one is busier, and settings that change live. */
class ReactorMoveTest {

    private static final long LONG_NS = 60_000_000_000L;
    private static final ChangePolicy MIGRATE = new ChangePolicy(ChangePolicy.Live.MIGRATE, LONG_NS, 0, LONG_NS);

    /** Echoes on whatever reactor it is. */
    private static class Mover extends Recorder {
        volatile int noes;
        volatile Reactor here;

        @Override
        public void onOpen(Connection opened) {
            here = opened.reactor();
            super.onOpen(opened);
        }

        @Override
        void received(Connection from, String text) {
            assertTrue(from.reactor().inEventLoop());
            write(from, text);
        }

        @Override
        public boolean mayMove(Connection moving, Reactor to) {
            assertTrue(moving.reactor().inEventLoop());
            return noes-- <= 0;
        }

        @Override
        public void onMoved(Connection moved) {
            assertSame(connection, moved);
            assertTrue(moved.reactor().inEventLoop());
            here = moved.reactor();
        }
    }

    private static ReactorSettings with(Rig rig, int reactors) {
        return with(rig.group.settings(), reactors, RebalancePolicy.OFF);
    }

    private static ReactorSettings with(ReactorSettings of, int reactors, RebalancePolicy rebalance) {
        return new ReactorSettings(of.name(), reactors, of.maxConnections(), of.pinned(), of.placement(), of.idle(), of.eventsPerTurn(),
                of.taskQueueSlots(), of.highWaterBytes(), of.lowWaterBytes(), of.lingerNs(), of.transport(), rebalance);
    }

    private static void assertEcho(MemoryPeer peer, String text) {
        peer.send(text);
        assertEquals(text, peer.receiveText(text.length()));
    }

    @Test
    void shouldMoveConnectionsAndListenersWhenReactorsGoAndCome() throws Exception {
        for (long capabilities : new long[]{Rig.ALL, Rig.ALL & ~Capability.REUSE_PORT}) {
            Rig.Setup setup = new Rig.Setup();
            setup.reactors = 4;
            setup.capabilities = capabilities;
            try (Rig rig = setup.open()) {
                Listener listener = rig.listen(connection -> new Mover());
                List<MemoryPeer> peers = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    peers.add(rig.network.connect(listener.localAddress()));
                    assertEcho(peers.get(i), "before");
                }
                for (int reactors : new int[]{1, 3, 2, 4}) {
                    Rig.get(rig.group.configure(with(rig, reactors), MIGRATE));
                    assertEquals(reactors, rig.group.reactors().size());
                    assertEquals(reactors, rig.transport.openLoops());
                    assertEquals(peers.size(), rig.group.connections());
                    peers.forEach(peer -> assertEcho(peer, "after"));
                    for (int i = 0; i < 20; i++) {
                        MemoryPeer peer = rig.network.connect(listener.localAddress());
                        peers.add(peer);
                        assertEcho(peer, "new");
                    }
                    for (Reactor reactor : rig.group.reactors()) {
                        assertTrue(reactor.counters().counter("connections").get() > 0, reactor.probeName() + " takes its part");
                    }
                }
            }
        }
    }

    @Test
    void shouldCarryUnsentBytesTimeoutAndPauseWhenConnectionChangesReactor() throws Exception {
        for (boolean atOnce : new boolean[]{true, false}) {
            Rig.Setup setup = new Rig.Setup();
            setup.reactors = 2;
            setup.capabilities = Rig.ALL & ~Capability.REUSE_PORT;
            try (Rig rig = setup.open()) {
                rig.network.faults().detachesCompleteAtOnce(atOnce);
                rig.network.faults().sendStepBytes(500);
                Mover first = new Mover();
                Mover second = new Mover();
                Listener listener = rig.listen(connection -> first.connection == null ? first : second);
                rig.network.connect(listener.localAddress());
                assertEquals("open", first.next());
                MemoryPeer peer = rig.network.connect(listener.localAddress());
                assertEquals("open", second.next());
                assertEquals(1, second.here.index());
                StringBuilder expected = new StringBuilder();
                Rig.on(second.here, () -> {
                    for (int i = 0; i < 300; i++) {
                        String text = i + ":" + "y".repeat(i) + ";";
                        expected.append(text);
                        if (i % 2 == 0) {
                            Recorder.write(second.connection, text);
                        } else {
                            Recorder.sendOwn(second.connection, text);
                        }
                    }
                    second.connection.receiving(false);
                    second.connection.timeout(1_000_000_000L);
                    return null;
                });
                second.noes = 3;
                long id = second.connection.id();
                Rig.get(rig.group.configure(with(rig, 1), MIGRATE));
                assertEquals(0, second.here.index());
                assertSame(rig.reactor(), second.connection.reactor());
                assertFalse(id == second.connection.id());
                peer.send("held");
                assertEquals(expected.toString(), peer.receiveText(expected.length()));
                Rig.on(second.here, () -> null);
                assertEquals(List.of("open"), second.events);
                Rig.on(second.here, () -> {
                    second.connection.receiving(true);
                    return null;
                });
                assertEquals("held", peer.receiveText(4));
                assertEquals("receive held", second.next());
                assertEquals("timeout", second.next());
                assertEquals("closed closed by this side", second.next());
            }
        }
    }

    @Test
    void shouldEndConnectionsOfHandlersThatDoNotMoveWhenTheirReactorGoes() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 2;
        setup.capabilities = Rig.ALL & ~Capability.REUSE_PORT;
        try (Rig rig = setup.open()) {
            Listener listener = rig.listen(connection -> new Recorder());
            List<MemoryPeer> peers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                peers.add(rig.network.connect(listener.localAddress()));
            }
            rig.await(() -> rig.count("connections.handed.out") == 5 && rig.group.connections() == 10);
            Reactor going = rig.group.reactors().get(1);
            Rig.get(rig.group.configure(with(rig, 1), new ChangePolicy(ChangePolicy.Live.MIGRATE, 0, 0, 100_000_000L)));
            assertEquals(5, rig.group.connections());
            assertThrows(RejectedExecutionException.class, () -> going.execute(() -> {
            }));
        }
    }

    @Test
    void shouldComeBackOrEndWhenTheOtherReactorDoesNotAdopt() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 2;
        setup.capabilities = Rig.ALL & ~Capability.REUSE_PORT;
        try (Rig rig = setup.open()) {
            Mover first = new Mover();
            Mover second = new Mover();
            Listener listener = rig.listen(connection -> first.connection == null ? first : second);
            rig.network.connect(listener.localAddress());
            first.next();
            MemoryPeer peer = rig.network.connect(listener.localAddress());
            second.next();
            rig.network.faults().failAdopt(0, Status.NO_RESOURCES);
            CompletionStage<Void> shrunk = rig.group.configure(with(rig, 1), MIGRATE);
            Rig.get(shrunk);
            assertEcho(peer, "moved at the second attempt");
            assertEquals(0, second.here.index());
        }
    }

    @Test
    void shouldMoveFromTheBusyReactorWhenThePolicySaysSo() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 2;
        setup.capabilities = Rig.ALL & ~Capability.REUSE_PORT;
        try (Rig rig = setup.open()) {
            List<Mover> movers = new ArrayList<>();
            Listener listener = rig.listen(connection -> {
                Mover mover = new Mover() {
                    @Override
                    void received(Connection from, String text) {
                        long beganNs = System.nanoTime();
                        while (System.nanoTime() - beganNs < 2_000_000) {
                            Thread.onSpinWait();
                        }
                        write(from, text);
                    }
                };
                movers.add(mover);
                return mover;
            });
            List<MemoryPeer> peers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                peers.add(rig.network.connect(listener.localAddress()));
                rig.await(() -> movers.size() == peers.size());
            }
            // Only those of the first reactor have something to do.
            List<MemoryPeer> busy = new ArrayList<>();
            for (int i = 0; i < 40; i += 2) {
                busy.add(peers.get(i));
            }
            RebalancePolicy policy = new RebalancePolicy(100_000_000L, 60, 30, 2);
            Rig.get(rig.group.configure(with(rig.group.settings(), 2, policy), MIGRATE));
            long beganNs = System.nanoTime();
            while (rig.count("rebalances") == 0 || rig.count("connections.moved.in") == 0) {
                assertTrue(System.nanoTime() - beganNs < 20_000_000_000L, "nothing moved: " + rig.reactor().probe());
                busy.forEach(peer -> peer.send("x"));
                busy.forEach(peer -> assertEquals("x", peer.receiveText(1)));
            }
            long moved = rig.count("connections.moved.in");
            assertEquals(moved, rig.count("connections.moved.out"));
            assertTrue(moved >= 3 && moved <= 15, "about half of twenty: " + moved);
            assertEquals(40, rig.group.connections());
            peers.forEach(peer -> assertEcho(peer, "all there"));
        }
    }

    @Test
    void shouldLeaveASingleBusyConnectionAlone() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 2;
        try (Rig rig = setup.open()) {
            MemoryPeer peer = rig.peer(new Mover());
            Rig.get(rig.group.configure(with(rig.group.settings(), 2, new RebalancePolicy(20_000_000L, 1, 1, 0)), MIGRATE));
            long beganNs = System.nanoTime();
            while (System.nanoTime() - beganNs < 300_000_000L) {
                assertEcho(peer, "again");
            }
            assertEquals(0, rig.count("rebalances"));
        }
    }

    @Test
    void shouldTakeSettingsWhenConfiguredLive() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 2;
        setup.maxConnections = 3;
        try (Rig rig = setup.open()) {
            Mover handler = new Mover();
            Listener listener = rig.listen(connection -> handler.connection == null ? handler : new Mover());
            List<MemoryPeer> peers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                peers.add(rig.network.connect(listener.localAddress()));
                assertEcho(peers.get(i), "before");
            }
            rig.network.connect(listener.localAddress()).awaitReset();
            ReactorSettings before = rig.group.settings();
            ReactorSettings after = new ReactorSettings("ignored", 2, 300, true, Placement.COMPACT, IdlePolicy.LATENCY, 7, 4, 10_000, 5_000,
                    1_000_000L,
                    new TransportSettings(2048, Map.of("x", "y")), RebalancePolicy.OFF);
            Rig.get(rig.group.configure(after, MIGRATE));
            assertEquals(before.name(), rig.group.settings().name());
            assertEquals(before.taskQueueSlots(), rig.group.settings().taskQueueSlots());
            assertEquals(300, rig.group.settings().maxConnections());
            assertEquals(2, rig.count("transport.changes"), "receive buffers are another size");
            for (int i = 0; i < 100; i++) {
                peers.add(rig.network.connect(listener.localAddress()));
            }
            peers.forEach(peer -> assertEcho(peer, "all"));
            Rig.on(handler.here, () -> {
                Recorder.write(handler.connection, "z".repeat(10_001));
                assertFalse(handler.connection.isWritable());
                return null;
            });
            assertEquals(10_001, peers.getFirst().receive(10_001).length);
            Rig.get(rig.group.configure(before, MIGRATE));
            rig.network.connect(listener.localAddress()).awaitReset();
            peers.forEach(peer -> assertEcho(peer, "stay"));
        }
    }

    @Test
    void shouldLeaveEverythingAsItWasWhenAReactorCannotBeAdded() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 2;
        try (Rig rig = setup.open()) {
            MemoryPeer peer = rig.peer(new Mover());
            ReactorSettings before = rig.group.settings();
            rig.network.faults().failOpen(1, Status.NO_RESOURCES);
            assertThrows(TransportException.class, () -> Rig.get(rig.group.configure(with(rig, 4), MIGRATE)));
            assertEquals(2, rig.group.reactors().size());
            assertEquals(before, rig.group.settings());
            rig.await(() -> rig.transport.openLoops() == 2);
            assertEcho(peer, "goes on");
        }
    }

    @Test
    void shouldLoseNothingWhenReactorsAndTransportsChangeUnderTraffic() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 3;
        try (Rig rig = setup.open()) {
            rig.network.faults().detachesCompleteAtOnce(false);
            MemoryTransportProvider other = new MemoryTransportProvider(rig.network);
            Listener listener = rig.listen(connection -> new Mover());
            List<MemoryPeer> peers = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                peers.add(rig.network.connect(listener.localAddress()));
            }
            List<CompletionStage<?>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(i % 2 == 0 ? rig.group.configure(with(rig, 1 + i * 7 % 4), MIGRATE)
                        : rig.group.changeTransport(i % 4 == 1 ? new OtherTransport(other, "other") : rig.transport, MIGRATE));
                String text = "round " + i;
                peers.forEach(peer -> assertEcho(peer, text));
            }
            for (CompletionStage<?> each : all) {
                Rig.get(each);
            }
            peers.forEach(peer -> assertEcho(peer, "end"));
            assertEquals(60, rig.group.connections());
        }
    }
}
