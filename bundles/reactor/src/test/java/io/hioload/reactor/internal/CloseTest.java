package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.reactor.Connection;
import io.hioload.testkit.memory.MemoryNetwork;
import io.hioload.testkit.memory.MemoryPeer;
import io.hioload.transport.CloseMode;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CloseTest {

    @Test
    void shouldSendEverythingAndThenFinWhenFlushing() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.network = new MemoryNetwork(100);
        try (Rig rig = setup.open()) {
            Recorder handler = new Recorder() {
                @Override
                void received(Connection from, String text) {
                    sendOwn(from, "a".repeat(500));
                    write(from, "b".repeat(500));
                    from.close(CloseMode.FLUSH);
                    from.close(CloseMode.FLUSH);
                    assertNull(from.claim(1));
                    record("open " + from.isOpen());
                }
            };
            MemoryPeer peer = rig.peer(handler);
            peer.send("go");
            assertEquals("a".repeat(500) + "b".repeat(500), peer.receiveText(1000));
            peer.awaitEnd();
            peer.send("dropped");
            peer.finish();
            for (String expected : List.of("open", "receive go", "open false", "closed closed by this side")) {
                assertEquals(expected, handler.next());
            }
            rig.await(() -> rig.group.connections() == 0);
        }
    }

    @Test
    void shouldDropWhatIsUnsentWhenAborting() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder() {
                @Override
                void received(Connection from, String text) {
                    write(from, "dropped");
                    from.close(CloseMode.ABORT);
                    record("unsent " + from.unsentBytes());
                    assertFalse(from.isOpen());
                }
            };
            MemoryPeer peer = rig.peer(handler);
            peer.send("go");
            peer.awaitReset();
            assertEquals(0, peer.available());
            for (String expected : List.of("open", "receive go", "unsent 0", "closed closed by this side")) {
                assertEquals(expected, handler.next());
            }
        }
    }

    @Test
    void shouldResetWhenThePeerLetsAFlushLinger() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.lingerNs = 50_000_000;
        try (Rig rig = setup.open()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            long beganNs = System.nanoTime();
            Rig.on(rig.reactor(), () -> {
                handler.connection.close(CloseMode.FLUSH);
                return null;
            });
            peer.awaitEnd();
            peer.awaitReset();
            assertTrue(System.nanoTime() - beganNs >= 50_000_000, "before the linger time was over");
            assertEquals("closed closed by this side", handler.next());
            assertEquals(1, rig.count("timeouts"));
        }
    }

    @Test
    void shouldFlushToTheEndWhenThePeerReadsSlowlyButReads() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.network = new MemoryNetwork(100);
        setup.lingerNs = 100_000_000;
        try (Rig rig = setup.open()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            long beganNs = System.nanoTime();
            Rig.on(rig.reactor(), () -> {
                for (int i = 0; i < 12; i++) {
                    Recorder.sendOwn(handler.connection, "s".repeat(100));
                }
                handler.connection.close(CloseMode.FLUSH);
                return null;
            });
            // Nothing but the linger time makes a step: the next 100 bytes are read when half of it is over again.
            for (int i = 0; i < 12; i++) {
                long stepNs = beganNs + i * 50_000_000L;
                rig.await(() -> System.nanoTime() - stepNs >= 0);
                assertEquals("s".repeat(100), peer.receiveText(100));
            }
            peer.awaitEnd();
            peer.finish();
            assertEquals("closed closed by this side", handler.next());
            assertTrue(System.nanoTime() - beganNs > 5 * 100_000_000L, "longer than one linger time");
            assertEquals(0, rig.count("timeouts"));
        }
    }

    @Test
    void shouldLingerTwelveTimesAtTheMostHoweverThePeerReads() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.network = new MemoryNetwork(1);
        try (Rig rig = setup.open()) {
            Recorder handler = new Recorder();
            rig.peer(handler);
            handler.next();
            Rig.on(rig.reactor(), () -> {
                ReactorConnection connection = (ReactorConnection) handler.connection;
                Recorder.sendOwn(connection, "x".repeat(100));
                connection.close(CloseMode.FLUSH);
                assertFalse(connection.lingersOn(), "the peer has taken nothing");
                for (int look = 1; look < ReactorConnection.MAX_LINGERS; look++) {
                    connection.sent(1);
                    assertTrue(connection.lingersOn(), "look " + look);
                    assertFalse(connection.lingersOn(), "nothing since");
                }
                connection.sent(1);
                assertFalse(connection.lingersOn(), "long enough");
                connection.close(CloseMode.ABORT);
                return null;
            });
        }
    }

    @Test
    void shouldCloseWhenThePeerEndsAndTheHandlerDoesNotMind() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            peer.send("last words");
            peer.finish();
            peer.awaitEnd();
            for (String expected : List.of("open", "receive last words", "end", "closed closed by this side")) {
                assertEquals(expected, handler.next());
            }
        }
    }

    @Test
    void shouldTellOnceWhenThePeerResets() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            peer.reset();
            assertEquals("closed connection reset by peer", handler.next());
            long id = handler.connection.id();
            Rig.on(rig.reactor(), () -> {
                handler.connection.close(CloseMode.ABORT);
                ((EventLoop) rig.reactor()).onClosed(id, 0);
                return null;
            });
            assertEquals(1, rig.count("events.stale"));
            assertEquals(List.of("open", "closed connection reset by peer"), handler.events);
        }
    }

    @Test
    void shouldTellOfATimeoutNotBeforeItsTime() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder() {
                @Override
                public void onTimeout(Connection late) {
                    record("timeout");
                    if (events.size() < 3) {
                        late.timeout(10_000_000);
                    } else {
                        late.close(CloseMode.ABORT);
                    }
                }
            };
            rig.peer(handler);
            handler.next();
            long beganNs = System.nanoTime();
            Rig.on(rig.reactor(), () -> {
                handler.connection.timeout(1_000_000_000_000L);
                handler.connection.timeout(100_000_000);
                return null;
            });
            assertEquals("timeout", handler.next());
            long tookNs = System.nanoTime() - beganNs;
            assertTrue(tookNs >= 100_000_000 && tookNs < 2_000_000_000, "after " + tookNs + " ns");
            assertEquals("timeout", handler.next());
            assertEquals("closed closed by this side", handler.next());
        }
    }

    @Test
    void shouldReadWhatIsWaitingBeforeItJudgesATimeout() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder() {
                @Override
                public void onOpen(Connection opened) {
                    opened.timeout(100_000_000);
                    super.onOpen(opened);
                }

                @Override
                void received(Connection from, String text) {
                    from.timeout(-1);
                }
            };
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            CountDownLatch away = new CountDownLatch(1);
            rig.reactor().execute(() -> {
                away.countDown();
                long beganNs = System.nanoTime();
                while (System.nanoTime() - beganNs < 400_000_000) {
                    Thread.onSpinWait();
                }
            });
            away.await();
            peer.send("in time");
            assertEquals("receive in time", handler.next());
            rig.await(() -> true);
            assertEquals(List.of("open", "receive in time"), handler.events);
            assertEquals(0, rig.count("timeouts"));
        }
    }

    @Test
    void shouldForgetATimeoutThatIsTakenBack() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder first = new Recorder();
            Recorder second = new Recorder();
            rig.peer(first);
            rig.peer(second);
            first.next();
            second.next();
            Rig.on(rig.reactor(), () -> {
                first.connection.timeout(20_000_000);
                first.connection.timeout(-1);
                second.connection.timeout(200_000_000);
                return null;
            });
            assertEquals("timeout", second.next());
            assertEquals(List.of("open"), first.events);
        }
    }

    @Test
    void shouldReuseTheSlotWithAnotherGeneration() throws Exception {
        try (Rig rig = Rig.open()) {
            long before = -1;
            for (int i = 0; i < 100; i++) {
                Recorder handler = new Recorder();
                MemoryPeer peer = rig.peer(handler);
                handler.next();
                long id = handler.connection.id();
                assertEquals(0, (int) id);
                assertEquals(before == -1 ? 1 : (before >>> 32) + 1, id >>> 32);
                before = id;
                peer.reset();
                rig.await(() -> rig.group.connections() == 0);
            }
            Recorder handler = new Recorder();
            rig.peer(handler);
            handler.next();
            long stale = before;
            EventLoop loop = (EventLoop) rig.reactor();
            Rig.on(loop, () -> {
                loop.onReceive(stale, null, 0, 1);
                loop.onEndOfInput(stale);
                loop.onConnect(stale, 0);
                loop.onSent(stale, loop.buffers().acquire(1), 1, 0);
                loop.onUnsent(stale, loop.buffers().acquire(1), 0, 1);
                loop.onDetached(stale, 0);
                loop.onClosed(stale, 0);
                return null;
            });
            assertEquals(7, rig.count("events.stale"));
            assertEquals(List.of("open"), handler.events);
        }
    }

    @Test
    void shouldTellEveryHandlerWhenTheGroupCloses() throws Exception {
        Recorder open = new Recorder();
        Recorder flushing = new Recorder();
        try (Rig rig = Rig.open()) {
            rig.peer(open);
            rig.peer(flushing);
            open.next();
            flushing.next();
            Rig.on(rig.reactor(), () -> {
                flushing.connection.close(CloseMode.FLUSH);
                return null;
            });
        }
        assertEquals(List.of("open", "closed closed by this side"), open.events);
        assertEquals(List.of("open", "closed closed by this side"), flushing.events);
    }
}
