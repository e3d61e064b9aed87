package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.reactor.Connection;
import io.hioload.reactor.Listener;
import io.hioload.reactor.Reactor;
import io.hioload.testkit.memory.MemoryPeer;
import io.hioload.transport.Capability;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ListenTest {

    /** Says on which reactor it is, and echoes. */
    private static final class Where extends Recorder {

        @Override
        public void onOpen(Connection opened) {
            super.onOpen(opened);
            assertTrue(opened.reactor().inEventLoop());
            write(opened, Integer.toString(opened.reactor().index()));
        }

        @Override
        void received(Connection from, String text) {
            write(from, text);
        }
    }

    private static Rig rig(int reactors, long capabilities) throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = reactors;
        setup.capabilities = capabilities;
        return setup.open();
    }

    private static List<MemoryPeer> peers(Rig rig, Listener listener, int number) {
        List<MemoryPeer> peers = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            peers.add(rig.network.connect(listener.localAddress()));
        }
        return peers;
    }

    @Test
    void shouldListenOnEveryReactorWhenPortsCanBeShared() throws Exception {
        try (Rig rig = rig(3, Rig.ALL)) {
            Listener listener = rig.listen(connection -> new Where());
            assertEquals(3, rig.network.listeners());
            assertTrue(((InetSocketAddress) listener.localAddress()).getPort() > 0);
            Set<String> seen = ConcurrentHashMap.newKeySet();
            peers(rig, listener, 30).forEach(peer -> seen.add(peer.receiveText(1)));
            assertEquals(Set.of("0", "1", "2"), seen);
            assertEquals(30, rig.count("connections.accepted"));
            assertEquals(30, rig.group.connections());
            assertEquals(0, rig.count("connections.handed.out"));
            Rig.get(listener.close());
            Rig.get(listener.close());
            assertEquals(0, rig.network.listeners());
            assertEquals(30, rig.group.connections());
        }
    }

    @Test
    void shouldHandConnectionsOutInTurnsWhenPortsCannotBeShared() throws Exception {
        try (Rig rig = rig(3, Capability.DETACH | Capability.BLOCKING_POLL)) {
            Listener listener = rig.listen(connection -> new Where());
            assertEquals(1, rig.network.listeners());
            int[] on = new int[3];
            for (MemoryPeer peer : peers(rig, listener, 30)) {
                on[Integer.parseInt(peer.receiveText(1))]++;
                peer.send("hello");
                assertEquals("hello", peer.receiveText(5));
            }
            assertEquals(List.of(10, 10, 10), List.of(on[0], on[1], on[2]));
            rig.await(() -> rig.group.connections() == 30 && rig.count("connections.handed.out") == 20);
        }
    }

    @Test
    void shouldKeepWhatArrivesWhileAConnectionIsHandedOut() throws Exception {
        try (Rig rig = rig(2, Capability.DETACH | Capability.BLOCKING_POLL)) {
            rig.network.faults().detachesCompleteAtOnce(false);
            rig.network.faults().receiveStepBytes(3);
            Listener listener = rig.listen(connection -> new Where());
            for (int i = 0; i < 20; i++) {
                MemoryPeer peer = rig.network.connect(listener.localAddress());
                peer.send("0123456789");
                peer.finish();
                assertEquals(i % 2 + "0123456789", peer.receiveText(11));
                peer.awaitEnd();
            }
            rig.await(() -> rig.group.connections() == 0);
        }
    }

    @Test
    void shouldDisposeOfAConnectionThatCannotBeAdopted() throws Exception {
        try (Rig rig = rig(2, Capability.DETACH | Capability.BLOCKING_POLL)) {
            Listener listener = rig.listen(connection -> new Where());
            // Neither the reactor that it was meant for nor the one that accepted it.
            rig.network.faults().failAdopts(2, Status.NO_RESOURCES);
            List<MemoryPeer> peers = peers(rig, listener, 2);
            assertEquals("0", peers.get(0).receiveText(1));
            peers.get(1).awaitReset();
            rig.await(() -> rig.count("connections.refused") == 1 && rig.group.connections() == 1);
        }
    }

    @Test
    void shouldStayOnTheFirstReactorWhenConnectionsCannotMove() throws Exception {
        try (Rig rig = rig(2, Capability.BLOCKING_POLL)) {
            Listener listener = rig.listen(connection -> new Where());
            for (MemoryPeer peer : peers(rig, listener, 4)) {
                assertEquals("0", peer.receiveText(1));
            }
        }
    }

    @Test
    void shouldRefuseMoreThanTheMaximumAndAdmitAgainWhenOneIsGone() throws Exception {
        for (long capabilities : new long[]{Rig.ALL, Capability.DETACH | Capability.BLOCKING_POLL}) {
            Rig.Setup setup = new Rig.Setup();
            setup.reactors = 2;
            setup.maxConnections = 5;
            setup.capabilities = capabilities;
            try (Rig rig = setup.open()) {
                Listener listener = rig.listen(connection -> new Where());
                List<MemoryPeer> peers = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    MemoryPeer peer = rig.network.connect(listener.localAddress());
                    peer.receive(1);
                    peers.add(peer);
                }
                rig.network.connect(listener.localAddress()).awaitReset();
                assertEquals(1, rig.count("connections.refused"));
                peers.getFirst().reset();
                rig.await(() -> rig.count("connections.closed") == 1 && rig.group.connections() == 4);
                assertEquals(1, rig.network.connect(listener.localAddress()).receive(1).length);
            }
        }
    }

    @Test
    void shouldRollBackWhenOneReactorCannotListen() throws Exception {
        for (int good = 0; good < 3; good++) {
            try (Rig rig = rig(3, Rig.ALL)) {
                rig.network.faults().failListen(good, Status.NOT_PERMITTED);
                BindException refused = assertThrows(BindException.class, () -> rig.listen(connection -> new Where()));
                assertTrue(refused.getMessage().startsWith("not permitted: "), refused.getMessage());
                assertEquals(0, rig.network.listeners());
                Listener listener = rig.listen(connection -> new Where());
                rig.network.connect(listener.localAddress()).receive(1);
            }
        }
    }

    @Test
    void shouldSayWhichAddressIsTaken() throws Exception {
        try (Rig rig = rig(1, Rig.ALL)) {
            Listener first = rig.listen(connection -> new Where());
            BindException refused = assertThrows(BindException.class,
                    () -> Rig.get(rig.group.listen(first.localAddress(), ListenOptions.DEFAULT, connection -> new Where())));
            assertEquals("address already in use: " + first.localAddress(), refused.getMessage());
        }
    }

    @Test
    void shouldTakeListenersOverWithTheirQueues() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.reactors = 2;
        try (Rig old = setup.open()) {
            Rig.Setup nextSetup = new Rig.Setup();
            nextSetup.network = old.network;
            nextSetup.reactors = 3;
            Rig next = nextSetup.open();
            Listener before = old.listen(connection -> new Where());
            List<MemoryPeer> peers = peers(old, before, 8);
            Listener after = Rig.get(next.group.takeOver(before, connection -> new Where()));
            assertEquals(before.localAddress(), after.localAddress());
            peers.addAll(peers(old, after, 30));
            Set<String> seen = ConcurrentHashMap.newKeySet();
            peers.forEach(peer -> seen.add(peer.receiveText(1)));
            assertEquals(Set.of("0", "1", "2"), seen);
            assertThrows(BindException.class, () -> Rig.get(old.group.takeOver(before, connection -> new Where())));
            Rig.get(before.close());
            assertEquals(2, old.network.listeners());
            next.group.close();
            assertEquals(0, old.network.listeners());
            peers.forEach(MemoryPeer::reset);
        }
    }

    /** Keeps a reactor busy until it is let go. */
    private static CountDownLatch hold(Reactor reactor) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        reactor.execute(() -> {
            held.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        held.await();
        return go;
    }

    @Test
    void shouldListenAndCloseWhenAQueueIsFullForAWhile() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.taskQueueSlots = 4;
        try (Rig rig = setup.open()) {
            Listener first = rig.listen(connection -> new Where());
            CountDownLatch go = hold(rig.reactor());
            fill(rig.reactor());
            var opening = rig.group.listen(Rig.ANY_PORT, ListenOptions.DEFAULT, connection -> new Where());
            var closing = first.close();
            assertFalse(opening.toCompletableFuture().isDone());
            go.countDown();
            Rig.get(closing);
            assertEquals("0", rig.network.connect(Rig.get(opening).localAddress()).receiveText(1));
            assertEquals(1, rig.network.listeners());
        }
    }

    private static void fill(Reactor reactor) {
        try {
            while (true) {
                reactor.execute(() -> {
                });
            }
        } catch (RejectedExecutionException full) {
            // as wanted
        }
    }

    @Test
    void shouldLeaveTheListenerWhereItIsWhenATakeOverIsCalledOff() throws Exception {
        try (Rig old = rig(2, Rig.ALL)) {
            Rig.Setup nextSetup = new Rig.Setup();
            nextSetup.network = old.network;
            Rig next = nextSetup.open();
            Listener before = old.listen(connection -> new Where());
            CountDownLatch go = hold(old.group.reactors().get(1));
            var moving = next.group.takeOver(before, connection -> new Where()).toCompletableFuture();
            moving.cancel(false);
            go.countDown();
            old.await(() -> old.network.openHandles() == 0 && ((GroupListener) before).sockets().size() == 2);
            assertEquals(2, old.network.listeners());
            assertEquals(Set.of("0", "1"), answers(old, before));
            Rig.get(before.close());
            assertEquals(0, old.network.listeners());
            next.group.close();
        }
    }

    private static Set<String> answers(Rig rig, Listener listener) {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        peers(rig, listener, 8).forEach(peer -> seen.add(peer.receiveText(1)));
        return seen;
    }

    @Test
    void shouldBringTheListenerBackWhenATakeOverFails() throws Exception {
        try (Rig old = rig(2, Rig.ALL)) {
            Rig.Setup nextSetup = new Rig.Setup();
            nextSetup.network = old.network;
            nextSetup.reactors = 2;
            nextSetup.wrap = BrokenTransport::whoseSecondAdoptFails;
            Rig next = nextSetup.open();
            Listener before = old.listen(connection -> new Where());
            BindException refused = assertThrows(BindException.class,
                    () -> Rig.get(next.group.takeOver(before, connection -> new Where())));
            assertTrue(refused.getMessage().startsWith("out of descriptors"), refused.getMessage());
            assertEquals(2, old.network.listeners());
            assertEquals(Set.of("0", "1"), answers(old, before));
            assertEquals(8, old.group.connections());
            Rig.get(before.close());
            assertEquals(0, old.network.listeners());
            next.group.close();
        }
    }

    @Test
    void shouldNotOpenLaterWhatWasCalledOff() throws Exception {
        try (Rig rig = rig(2, Rig.ALL)) {
            CountDownLatch go = hold(rig.group.reactors().get(1));
            var opening = rig.group.listen(Rig.ANY_PORT, ListenOptions.DEFAULT, connection -> new Where()).toCompletableFuture();
            opening.cancel(false);
            go.countDown();
            Rig.on(rig.group.reactors().get(1), () -> null);
            rig.await(() -> rig.network.listeners() == 0);
        }
    }

    @Test
    void shouldFailWhenTheGroupIsClosed() throws Exception {
        Rig rig = rig(2, Rig.ALL);
        rig.close();
        assertThrows(Exception.class, () -> rig.listen(connection -> new Where()));
        rig.close();
    }
}
