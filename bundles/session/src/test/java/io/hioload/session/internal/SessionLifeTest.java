package io.hioload.session.internal;

import static io.hioload.session.internal.Rig.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.session.SessionSettings;
import io.hioload.transport.Status;
import io.hioload.websocket.MessageType;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionLifeTest {

    private static final UnsafeBuffer PAYLOAD = new UnsafeBuffer(Rig.bytes(50_000));

    private static void fail() {
        throw new IllegalStateException("on purpose");
    }

    /** Whatever happens in whatever order: onOpen first, onClose once and last, every buffer back. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldEndExactlyOnceWhateverHappens(Role role) {
        Random random = new Random(42);
        for (int life = 0; life < 1_000; life++) {
            Rig rig = new Rig(role, new SessionSettings(random.nextInt(4) * SECOND, random.nextInt(3) * SECOND, random.nextInt(3) * SECOND,
                    200_000, false));
            boolean fragile = random.nextInt(4) == 0;
            rig.handler.onMessage = (s, type, buffer, offset, length) -> {
                s.send(type, buffer, offset, length);
                if (fragile && random.nextInt(3) == 0) {
                    fail();
                }
                if (random.nextInt(10) == 0) {
                    s.close(4002, "in onMessage");
                }
            };
            rig.handler.onClose = s -> {
                s.sendText("too late");
                s.close(1000, "too late");
                if (fragile) {
                    fail();
                }
            };
            rig.open();
            int events = random.nextInt(12);
            for (int i = 0; i < events && rig.connection.closed == null; i++) {
                happen(rig, random);
            }
            rig.end(random.nextBoolean() ? Status.RESET : Status.LOCAL_CLOSE);
        }
    }

    private static void happen(Rig rig, Random random) {
        switch (random.nextInt(14)) {
            case 0 -> rig.receive(rig.text("hello"), rig.binary(Rig.bytes(random.nextInt(60_000))));
            case 1 -> {
                byte[] frame = rig.binary(Rig.bytes(1 + random.nextInt(20_000)));
                rig.receive(java.util.Arrays.copyOf(frame, 1 + random.nextInt(frame.length)));
            }
            case 2 -> rig.receive(rig.control(Opcode.PING, "p"), rig.control(Opcode.PONG, "q"));
            case 3 -> rig.receive(rig.text("a"), rig.close(1000, "bye"), rig.text("b"));
            case 4 -> rig.receive(Frames.frame(rig.role == Role.SERVER, 3, true, new byte[0]));
            case 5 -> rig.session().close(4000, "here");
            case 6 -> rig.connection.endInput();
            case 7 -> rig.reactor.advance(random.nextInt(3) * SECOND + 100_000_000);
            case 8 -> rig.connection.block();
            case 9 -> rig.connection.unblock();
            case 10 -> rig.session().send(MessageType.BINARY, PAYLOAD, 0, PAYLOAD.capacity());
            case 11 -> rig.reactor.pool.exhausted ^= true;
            case 12 -> rig.engine.closeAll(rig.handler, null, 1001, "drain");
            default -> rig.connection.corkExhausted ^= true;
        }
    }

    @Test
    void shouldStaySmall() {
        Rig rig = new Rig().open();
        EngineState engine = ((WebSocketSession) rig.session()).engine();
        WebSocketSession[] sessions = new WebSocketSession[10_000];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < sessions.length; i++) {
            sessions[i] = new WebSocketSession(engine, rig.connection, rig.handler, rig.request, null, "", null);
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / sessions.length;
        assertTrue(each <= 80, each + " bytes");
        assertEquals(sessions[0].id() + sessions.length - 1, sessions[sessions.length - 1].id());
    }
}
