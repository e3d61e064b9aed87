package io.hioload.session.internal;

import static io.hioload.session.internal.Rig.QUIET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.session.SessionSettings;
import io.hioload.transport.Status;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionThreadsTest {

    private static <T> T elsewhere(Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofPlatform().start(task);
        return task.get(10, TimeUnit.SECONDS);
    }

    private static UnsafeBuffer bytes(int length) {
        return new UnsafeBuffer(Rig.bytes(length));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldSendEverySizeWhenFromAnotherThread(Role role) throws Exception {
        Rig rig = new Rig(role, QUIET).open();
        for (int length : new int[]{0, 125, 4092, 5000, 65_536, 131_058, 200_000}) {
            assertEquals(SendStatus.ACCEPTED, elsewhere(() -> rig.session().send(MessageType.BINARY, bytes(length), 0, length)));
            assertTrue(rig.session().unsentBytes() > length);
            rig.reactor.runTasks();
            java.io.ByteArrayOutputStream got = new java.io.ByteArrayOutputStream();
            rig.sent().forEach(frame -> got.writeBytes(frame.payload()));
            assertArrayEquals(Rig.bytes(length), got.toByteArray());
            assertEquals(0, rig.session().unsentBytes());
        }
        for (String text : List.of("", "hello", "\u20AC".repeat(42), "x".repeat(5000), "\u00E4".repeat(140_000))) {
            elsewhere(() -> rig.session().sendText(text));
            rig.reactor.runTasks();
            StringBuilder got = new StringBuilder();
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            rig.sent().forEach(frame -> all.writeBytes(frame.payload()));
            assertEquals(text, got.append(all.toString(java.nio.charset.StandardCharsets.UTF_8)).toString());
        }
        elsewhere(() -> rig.session().ping(bytes(5), 0, 5));
        rig.reactor.runTasks();
        assertEquals(Opcode.PING, rig.sent().getFirst().opcode());
        rig.end(Status.RESET);
    }

    @Test
    void shouldKeepOrderOfEachThreadWhenManySend() throws Exception {
        Rig rig = new Rig(Role.SERVER, new SessionSettings(0, 0, SessionSettings.DEFAULT_CLOSE_TIMEOUT_NS, 1 << 24, false)).open();
        int threads = 4;
        int each = 5_000;
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int sender = t;
            senders.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each;) {
                    if (rig.session().sendText(sender + " " + i + (i % 100 == 0 ? " ".repeat(5000) : "")) != SendStatus.DROPPED) {
                        i++;
                    }
                }
            }));
        }
        while (senders.stream().anyMatch(Thread::isAlive)) {
            rig.reactor.runTasks();
        }
        rig.reactor.runTasks();
        int[] next = new int[threads];
        for (Frames.Frame frame : rig.sent()) {
            String[] parts = frame.text().trim().split(" ");
            assertEquals(next[Integer.parseInt(parts[0])]++, Integer.parseInt(parts[1]));
        }
        assertArrayEquals(new int[]{each, each, each, each}, next);
        rig.end(Status.RESET);
    }

    @Test
    void shouldReleaseWhenSessionClosedMeanwhile() throws Exception {
        Rig rig = new Rig().open();
        elsewhere(() -> rig.session().sendText("a"));
        elsewhere(() -> rig.session().send(MessageType.BINARY, bytes(300_000), 0, 300_000));
        rig.session().close(1000, "");
        rig.reactor.runTasks();
        assertEquals(1, rig.sent().size());
        assertEquals(2, rig.reactor.count("send.lost"));
        assertEquals(0, rig.session().unsentBytes());
        elsewhere(() -> {
            assertEquals(SendStatus.CLOSED, rig.session().sendText("b"));
            return null;
        });
        rig.end(Status.RESET);
    }

    @Test
    void shouldCloseBehindOwnMessagesWhenClosedByAnotherThread() throws Exception {
        Rig rig = new Rig().open();
        elsewhere(() -> {
            rig.session().sendText("a");
            rig.session().close(4000, "bye");
            rig.session().close(4001, "again");
            assertFalse(rig.session().isOpen());
            assertEquals(SendStatus.CLOSED, rig.session().sendText("b"));
            return null;
        });
        rig.reactor.runTasks();
        List<Frames.Frame> sent = rig.sent();
        assertEquals(2, sent.size());
        assertEquals("a", sent.getFirst().text());
        assertEquals(4000, sent.get(1).closeCode());
        rig.receive(rig.close(4000, ""));
        rig.end(Status.RESET);
    }

    @Test
    void shouldDropAndTellWritableWhenQueueRejects() throws Exception {
        Rig rig = new Rig().open();
        rig.reactor.rejecting = true;
        assertEquals(SendStatus.DROPPED, elsewhere(() -> rig.session().sendText("a")));
        assertEquals(0, rig.session().unsentBytes());
        assertEquals(0, rig.shared.out.get());
        rig.reactor.rejecting = false;
        rig.receive(rig.text("input runs what is stranded"));
        assertEquals("writable", rig.handler.calls.getLast());
        assertEquals(1, rig.reactor.count("send.dropped"));
        rig.end(Status.RESET);
    }

    @Test
    void shouldCloseAfterAWhileWhenQueueRejectsClose() throws Exception {
        Rig rig = new Rig().open();
        rig.reactor.rejecting = true;
        elsewhere(() -> {
            rig.session().close(4000, "bye");
            return null;
        });
        rig.reactor.rejecting = false;
        rig.receive(rig.text("not delivered"));
        assertEquals(List.of("open"), rig.handler.calls);
        assertEquals(4000, rig.sent().getLast().closeCode());
        rig.end(Status.RESET);
    }

    @Test
    void shouldCountBytesOnTheirWayTowardLimit() throws Exception {
        Rig rig = new Rig(Role.SERVER, new SessionSettings(0, 0, 0, 10_000, false)).open();
        assertEquals(SendStatus.BACKPRESSURE, elsewhere(() -> rig.session().send(MessageType.BINARY, bytes(6000), 0, 6000)));
        assertEquals(SendStatus.DROPPED, elsewhere(() -> rig.session().send(MessageType.BINARY, bytes(6000), 0, 6000)));
        assertEquals(SendStatus.DROPPED, rig.session().send(MessageType.BINARY, bytes(6000), 0, 6000));
        rig.reactor.runTasks();
        assertEquals("writable", rig.handler.calls.getLast());
        assertEquals(1, rig.handler.calls.stream().filter("writable"::equals).count());
        rig.reactor.advance(2 * Deferred.DELAY_NS);
        assertEquals(1, rig.handler.calls.stream().filter("writable"::equals).count());
        assertEquals(2, rig.reactor.count("send.dropped"));
        rig.end(Status.RESET);
    }

    @Test
    void shouldDropWhenSharedPoolIsExhausted() throws Exception {
        Rig rig = new Rig().open();
        rig.shared.exhausted = true;
        assertEquals(SendStatus.DROPPED, elsewhere(() -> rig.session().sendText("a")));
        assertEquals(SendStatus.DROPPED, elsewhere(() -> rig.session().send(MessageType.BINARY, bytes(10), 0, 10)));
        assertEquals(0, rig.session().unsentBytes());
        rig.reactor.advance(Deferred.DELAY_NS);
        assertEquals("writable", rig.handler.calls.getLast());
        assertEquals(2, rig.reactor.count("send.dropped"));
        rig.end(Status.RESET);
    }

    @Test
    void shouldAnswerBackpressureElsewhereWhenConnectionIsNotWritable() throws Exception {
        Rig rig = new Rig().open();
        rig.connection.block();
        assertEquals(SendStatus.BACKPRESSURE, rig.session().send(MessageType.BINARY, bytes(70_000), 0, 70_000));
        assertEquals(SendStatus.BACKPRESSURE, elsewhere(() -> rig.session().sendText("a")));
        rig.reactor.runTasks();
        assertEquals(List.of("open"), rig.handler.calls);
        rig.connection.unblock();
        assertEquals(List.of("open", "writable"), rig.handler.calls);
        assertEquals(2, rig.sent().size());
        rig.end(Status.RESET);
    }
}
