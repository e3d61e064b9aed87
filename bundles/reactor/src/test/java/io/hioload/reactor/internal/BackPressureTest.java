package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.reactor.Connection;
import io.hioload.testkit.memory.MemoryNetwork;
import io.hioload.testkit.memory.MemoryPeer;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackPressureTest {

    private static Rig rig() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.network = new MemoryNetwork(1000);
        setup.highWaterBytes = 4000;
        return setup.open();
    }

    @Test
    void shouldTurnWritableOffAboveTheHighMarkAndOnAtTheLowOne() throws Exception {
        try (Rig rig = rig()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            Rig.on(rig.reactor(), () -> {
                Connection c = handler.connection;
                Recorder.write(c, "x".repeat(4000));
                assertTrue(c.isWritable(), "at the mark");
                Recorder.write(c, "y");
                assertFalse(c.isWritable(), "above the mark");
                assertEquals(4001, c.unsentBytes());
                return null;
            });
            assertEquals(List.of("open"), handler.events);
            // They are in one cork, which is over only when all of it is in the peer's window of 1000 bytes.
            peer.receive(3000);
            rig.await(() -> peer.available() == 1000);
            assertFalse(handler.connection.isWritable());
            peer.receive(1);
            assertEquals("writable", handler.next());
            assertTrue(handler.connection.isWritable());
            peer.receive(1000);
            rig.await(() -> handler.connection.unsentBytes() == 0);
            assertEquals(List.of("open", "writable"), handler.events);
        }
    }

    @Test
    void shouldNotCallTheHandlerFromWithinItsOwnSend() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.highWaterBytes = 10;
        try (Rig rig = setup.open()) {
            Recorder handler = new Recorder() {
                @Override
                void received(Connection from, String text) {
                    write(from, "z".repeat(100));
                    record("above " + !from.isWritable());
                    sendOwn(from, "z"); // flushes the cork, and the system takes all of it within the call
                    record("done");
                }
            };
            MemoryPeer peer = rig.peer(handler);
            peer.send("go");
            peer.receive(101);
            for (String expected : List.of("open", "receive go", "above true", "done", "writable")) {
                assertEquals(expected, handler.next());
            }
        }
    }

    @Test
    void shouldSendOnWhenTheHandlerWritesInOnWritable() throws Exception {
        try (Rig rig = rig()) {
            Recorder handler = new Recorder() {
                private int left = 50;

                @Override
                void received(Connection from, String text) {
                    fill(from);
                }

                @Override
                public void onWritable(Connection to) {
                    fill(to);
                }

                private void fill(Connection to) {
                    for (; left > 0 && to.isWritable(); left--) {
                        write(to, "w".repeat(999));
                    }
                }
            };
            MemoryPeer peer = rig.peer(handler);
            peer.send("go");
            assertEquals("w".repeat(50 * 999), peer.receiveText(50 * 999));
        }
    }

    @Test
    void shouldSlowThePeerDownWhenReceivingIsOff() throws Exception {
        try (Rig rig = rig()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            Rig.on(rig.reactor(), () -> {
                handler.connection.receiving(false);
                return null;
            });
            peer.send("quiet");
            rig.await(() -> true);
            assertEquals(List.of("open"), handler.events);
            Rig.on(rig.reactor(), () -> {
                handler.connection.receiving(true);
                return null;
            });
            assertEquals("receive quiet", handler.next());
        }
    }
}
