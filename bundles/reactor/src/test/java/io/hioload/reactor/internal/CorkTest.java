package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.testkit.memory.MemoryNetwork;
import io.hioload.testkit.memory.MemoryPeer;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorkTest {

    @Test
    void shouldSendOnceWhenAHandlerCommitsOften() throws Exception {
        try (Rig rig = Rig.open()) {
            MemoryPeer peer = rig.peer(new Recorder() {
                @Override
                void received(Connection from, String text) {
                    for (int i = 0; i < 10; i++) {
                        write(from, text + i);
                    }
                }
            });
            peer.send("a");
            assertEquals("a0a1a2a3a4a5a6a7a8a9", peer.receiveText(20));
            rig.await(() -> rig.count("send.bytes") == 20);
            assertEquals(1, rig.count("memory.sends"));
            assertEquals(1, rig.count("receive.bytes"));
        }
    }

    @Test
    void shouldKeepTheOrderOfCallsWhenClaimsAndSendsAreMixed() throws Exception {
        try (Rig rig = Rig.open()) {
            MemoryPeer peer = rig.peer(new Recorder() {
                @Override
                void received(Connection from, String text) {
                    write(from, "1");
                    write(from, "2");
                    sendOwn(from, "three");
                    write(from, "4");
                    sendOwn(from, "five");
                    sendOwn(from, "six");
                    write(from, "7");
                }
            });
            peer.send("go");
            assertEquals("12three4fivesix7", peer.receiveText(16));
        }
    }

    @Test
    void shouldFlushWhenTheTurnEndsAfterATask() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            Rig.on(rig.reactor(), () -> {
                Recorder.write(handler.connection, "one ");
                Recorder.write(handler.connection, "two");
                assertEquals(7, handler.connection.unsentBytes());
                return null;
            });
            assertEquals("one two", peer.receiveText(7));
            assertEquals(0, Rig.on(rig.reactor(), handler.connection::unsentBytes));
            assertEquals(1, rig.count("memory.sends"));
        }
    }

    @Test
    void shouldFlushWhatOnOpenWrote() throws Exception {
        try (Rig rig = Rig.open()) {
            MemoryPeer peer = rig.peer(new Recorder() {
                @Override
                public void onOpen(Connection opened) {
                    write(opened, "hello");
                    sendOwn(opened, " there");
                }
            });
            assertEquals("hello there", peer.receiveText(11));
        }
    }

    @Test
    void shouldTakeAnotherBufferWhenTheCorkIsFull() throws Exception {
        try (Rig rig = Rig.open()) {
            String part = "x".repeat(1000);
            MemoryPeer peer = rig.peer(new Recorder() {
                @Override
                void received(Connection from, String text) {
                    for (int i = 0; i < 10; i++) {
                        write(from, part);
                    }
                    write(from, part.repeat(20));
                }
            });
            peer.send("go");
            assertEquals(part.repeat(30), peer.receiveText(30_000));
        }
    }

    @Test
    void shouldGiveTheBufferBackWhenNothingIsCommitted() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder();
            rig.peer(handler);
            handler.next();
            Rig.on(rig.reactor(), () -> {
                Buffer claimed = handler.connection.claim(100);
                assertSame(claimed, handler.connection.claim(10));
                handler.connection.commit(0);
                return null;
            });
            // In a later turn the next one to come has it: the reactor keeps one cork.
            Rig.on(rig.reactor(), () -> {
                assertNotNull(handler.connection.claim(100));
                return null;
            });
            assertEquals(1, rig.memory.gauges().inUseBuffers());
            assertEquals(0, rig.count("memory.sends"));
        }
    }

    @Test
    void shouldRefuseACommitOfMoreThanThereIs() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder();
            rig.peer(handler);
            handler.next();
            Rig.on(rig.reactor(), () -> {
                int capacity = handler.connection.claim(100).capacity();
                assertThrows(IllegalArgumentException.class, () -> handler.connection.commit(capacity + 1));
                assertThrows(IllegalArgumentException.class, () -> handler.connection.commit(-1));
                return null;
            });
        }
    }

    @Test
    void shouldSayNoWhenThePoolIsExhausted() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.memory = new CheckedBufferPoolManager(64 << 10);
        try (Rig rig = setup.open()) {
            Recorder handler = new Recorder();
            rig.peer(handler);
            handler.next();
            Rig.on(rig.reactor(), () -> {
                Buffer all = rig.reactor().buffers().acquire(64 << 10);
                assertNull(handler.connection.claim(1));
                all.release();
                assertNotNull(handler.connection.claim(1));
                return null;
            });
        }
    }

    @Test
    void shouldResetTheConnectionWhenASendFails() throws Exception {
        try (Rig rig = Rig.open()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            rig.network.faults().failSend(0, Status.BACK_PRESSURED);
            Rig.on(rig.reactor(), () -> {
                Recorder.write(handler.connection, "lost");
                return null;
            });
            peer.awaitReset();
            assertEquals("closed closed by this side", handler.next());
            assertEquals(0, handler.connection.unsentBytes());
            assertEquals(1, rig.count("send.failures"));

            Recorder second = new Recorder();
            rig.peer(second);
            second.next();
            rig.network.faults().failSend(0, Status.CLOSED);
            Rig.on(rig.reactor(), () -> {
                Buffer own = Recorder.buffer(second.connection, "lost too");
                assertEquals(Status.CLOSED, second.connection.send(own, 0, 8));
                own.release();
                assertFalse(second.connection.isOpen());
                assertNull(second.connection.claim(1));
                return null;
            });
            assertEquals("closed closed by this side", second.next());
        }
    }

    @Test
    void shouldGoOnFillingTheCorkWhileTheTransportHoldsBytesBeforeIt() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.network = new MemoryNetwork(100);
        try (Rig rig = setup.open()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            Rig.on(rig.reactor(), () -> {
                Recorder.sendOwn(handler.connection, "a".repeat(150));
                return null;
            });
            for (int turn = 0; turn < 1000; turn++) {
                Rig.on(rig.reactor(), () -> {
                    Recorder.write(handler.connection, "0123456789");
                    return null;
                });
            }
            assertEquals(150 + 10_000, handler.connection.unsentBytes());
            // What is counted is what is pinned, but for the ends of two full corks and the one that is being filled.
            assertEquals(1 + 3, rig.memory.gauges().inUseBuffers(), "the peer's window and the loop's own buffer aside");
            assertEquals(3, rig.count("memory.sends"));
            assertEquals("a".repeat(150) + "0123456789".repeat(1000), peer.receiveText(10_150));
            rig.await(() -> handler.connection.unsentBytes() == 0 && rig.memory.gauges().inUseBuffers() == 0);
        }
    }

    @Test
    void shouldSendAWaitingCorkFirstWhenAnOwnBufferOrACloseFollows() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.network = new MemoryNetwork(10);
        try (Rig rig = setup.open()) {
            Recorder handler = new Recorder();
            MemoryPeer peer = rig.peer(handler);
            handler.next();
            for (String own : List.of("first own buffer,", "second own buffer,")) {
                Rig.on(rig.reactor(), () -> {
                    Recorder.sendOwn(handler.connection, own);
                    return null;
                });
                Rig.on(rig.reactor(), () -> {
                    Recorder.write(handler.connection, "corked,");
                    return null;
                });
            }
            Rig.on(rig.reactor(), () -> {
                handler.connection.close(CloseMode.FLUSH);
                return null;
            });
            String all = "first own buffer,corked,second own buffer,corked,";
            assertEquals(all, peer.receiveText(all.length()));
            peer.awaitEnd();
            peer.finish();
            assertEquals("closed closed by this side", handler.next());
        }
    }

    @Test
    void shouldDeliverInOrderWhenSendsAreShortAndLate() throws Exception {
        try (Rig rig = Rig.open()) {
            rig.network.faults().sendStepBytes(7);
            rig.network.faults().receiveStepBytes(3);
            rig.network.faults().sendsCompleteAtOnce(false);
            MemoryPeer peer = rig.peer(new Recorder() {
                @Override
                void received(Connection from, String text) {
                    write(from, text);
                    sendOwn(from, text);
                }
            });
            peer.send("abcdefghi");
            assertEquals("abcabcdefdefghighi", peer.receiveText(18));
        }
    }
}
