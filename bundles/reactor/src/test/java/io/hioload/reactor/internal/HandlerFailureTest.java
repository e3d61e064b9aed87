package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.reactor.Connection;
import io.hioload.reactor.Listener;
import io.hioload.testkit.memory.MemoryPeer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandlerFailureTest {

    private final Logger guardLog = Logger.getLogger(HandlerGuard.class.getName());
    private final Logger taskLog = Logger.getLogger(TaskQueue.class.getName());
    private final AtomicInteger logged = new AtomicInteger();

    /** Counts instead of printing. */
    @BeforeEach
    void divertLog() {
        Filter count = message -> {
            if (message.getThrown() != null) {
                logged.incrementAndGet();
            }
            return false;
        };
        guardLog.setFilter(count);
        taskLog.setFilter(count);
    }

    @AfterEach
    void restoreLog() {
        guardLog.setFilter(null);
        taskLog.setFilter(null);
    }

    /** Fails where its text says. */
    private static final class Failing extends Recorder {

        private final String where;
        private final Throwable what;

        Failing(String where, Throwable what) {
            this.where = where;
            this.what = what;
        }

        private void at(String place) {
            if (place.equals(where)) {
                Failing.<RuntimeException>sneak(what);
            }
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> void sneak(Throwable t) throws T {
            throw (T) t;
        }

        @Override
        public void onOpen(Connection opened) {
            super.onOpen(opened);
            opened.timeout(1);
            at("open");
        }

        @Override
        void received(Connection from, String text) {
            write(from, "never sent");
            at("receive");
        }

        @Override
        public void onEndOfInput(Connection from) {
            at("end");
        }

        @Override
        public void onTimeout(Connection late) {
            at("timeout");
        }
    }

    @Test
    void shouldCostOnlyItsConnectionWhereverAHandlerFails() throws Exception {
        for (Throwable what : List.of(new IllegalStateException("test"), new StackOverflowError("test"), new OutOfMemoryError("test"),
                new InterruptedException("test"))) {
            for (String where : List.of("open", "receive", "end", "timeout")) {
                try (Rig rig = Rig.open()) {
                    Recorder good = new Recorder() {
                        @Override
                        void received(Connection from, String text) {
                            write(from, text);
                        }
                    };
                    MemoryPeer goodPeer = rig.peer(good);
                    Failing handler = new Failing(where, what);
                    MemoryPeer peer = rig.peer(handler);
                    if (where.equals("receive")) {
                        peer.send("go");
                    } else if (where.equals("end")) {
                        peer.finish();
                    }
                    peer.awaitReset();
                    rig.await(() -> handler.events.contains("closed closed by this side"));
                    assertEquals(0, peer.available());
                    assertEquals(1, rig.count("handler.failures"), where);
                    goodPeer.send("still here");
                    assertEquals("still here", goodPeer.receiveText(10));
                }
            }
        }
    }

    @Test
    void shouldLogAtPowersOfTwoWhenHandlersAndTasksFailOften() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder() {
                @Override
                public void onClosed(Connection closed, int reason) {
                    super.onClosed(closed, reason);
                    throw new IllegalStateException("test");
                }
            };
            Listener listener = rig.listen(connection -> handler);
            for (int i = 1; i <= 20; i++) {
                MemoryPeer peer = rig.network.connect(listener.localAddress());
                assertEquals("open", handler.next());
                peer.reset();
                assertEquals("closed connection reset by peer", handler.next());
                long failures = i;
                rig.await(() -> rig.count("handler.failures") == failures);
            }
            assertEquals(5, logged.get(), "1, 2, 4, 8 and 16");
            for (int i = 0; i < 9; i++) {
                rig.reactor().execute(() -> {
                    throw new IllegalStateException("test");
                });
            }
            rig.await(() -> rig.count("task.failures") == 9);
            assertEquals(5 + 4, logged.get(), "1, 2, 4 and 8");
        }
    }

    @Test
    void shouldRunEachTaskOnceWhenALoggerFailsToo() throws Exception {
        Filter broken = message -> {
            throw new IllegalStateException("a broken logger");
        };
        taskLog.setFilter(broken);
        guardLog.setFilter(broken);
        try (Rig rig = Rig.open()) {
            AtomicInteger before = new AtomicInteger();
            AtomicInteger after = new AtomicInteger();
            // One batch: all are there before the reactor comes to them.
            Rig.on(rig.reactor(), () -> {
                rig.reactor().execute(before::incrementAndGet);
                rig.reactor().execute(() -> {
                    throw new IllegalStateException("test");
                });
                rig.reactor().execute(after::incrementAndGet);
                return null;
            });
            rig.await(() -> after.get() > 0);
            assertEquals(List.of(1, 1), List.of(before.get(), after.get()));
            assertEquals(0, rig.count("loop.failures"));

            MemoryPeer peer = rig.peer(new Failing("receive", new IllegalStateException("test")));
            peer.send("go");
            peer.awaitReset();
            rig.await(() -> rig.group.connections() == 0);
            assertEquals(0, rig.count("loop.failures"));
        }
    }

    @Test
    void shouldCostOnlyItsConnectionWhenTheTransportFails() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.wrap = BrokenTransport::whoseSendThrows;
        try (Rig rig = setup.open()) {
            Recorder broken = new Recorder();
            Recorder good = new Recorder();
            MemoryPeer brokenPeer = rig.peer(broken);
            broken.next();
            MemoryPeer goodPeer = rig.peer(good);
            good.next();
            Rig.on(rig.reactor(), () -> {
                Recorder.write(broken.connection, BrokenTransport.TRIGGER);
                Recorder.write(good.connection, "here");
                return null;
            });
            assertEquals("here", goodPeer.receiveText(4));
            brokenPeer.awaitReset();
            assertEquals("closed closed by this side", broken.next());
            assertEquals(1, rig.count("loop.failures"));
            assertEquals(0, rig.count("handler.failures"));
            assertEquals(List.of("open"), good.events);
        }
    }

    @Test
    void shouldFreeTheSlotWhenOnClosedFails() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder() {
                @Override
                public void onClosed(Connection closed, int reason) {
                    super.onClosed(closed, reason);
                    throw new IllegalStateException("test");
                }
            };
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            peer.reset();
            rig.await(() -> rig.group.connections() == 0 && rig.count("connections.closed") == 1);
            assertEquals(1, rig.count("handler.failures"));
        }
    }

    @Test
    void shouldResetWhenTheFactoryFailsOrRefuses() throws Exception {
        try (Rig rig = Rig.open()) {
            MemoryPeer refused = rig.network.connect(rig.listen(connection -> null).localAddress());
            refused.awaitReset();
            MemoryPeer failed = rig.network.connect(rig.listen(connection -> {
                throw new IllegalStateException("test");
            }).localAddress());
            failed.awaitReset();
            rig.await(() -> rig.group.connections() == 0);
            assertEquals(1, rig.count("connections.refused"));
            assertEquals(1, rig.count("handler.failures"));
        }
    }

    @Test
    void shouldRunTheOtherTasksWhenOneFails() throws Exception {
        try (Rig rig = Rig.open()) {
            rig.reactor().execute(() -> {
                throw new IllegalStateException("test");
            });
            rig.reactor().schedule(() -> {
                throw new IllegalStateException("test");
            }, 0);
            rig.await(() -> rig.count("task.failures") == 2);
        }
    }
}
