package io.hioload.protocol.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.hioload.buffer.Buffer;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.FrameListener;
import io.hioload.protocol.PartialMessage;
import io.hioload.protocol.Role;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encoding and decoding allocate nothing once they are warm, in place and in pieces. */
class AllocationTest {

    /** A connection that only counts. */
    static class Silent implements FrameListener {
        private PartialMessage partial;
        long messages;
        long bytes;

        @Override
        public PartialMessage partial() {
            return partial;
        }

        @Override
        public void partial(PartialMessage partial) {
            this.partial = partial;
        }

        @Override
        public boolean onMessage(int opcode, Buffer buffer, int offset, int length) {
            messages++;
            bytes += length;
            return true;
        }

        @Override
        public boolean onControl(int opcode, Buffer buffer, int offset, int length) {
            return true;
        }

        @Override
        public void onClose(int code, Buffer buffer, int offset, int length) {
            throw new AssertionError("close");
        }

        @Override
        public void onViolation(int code, String reason) {
            throw new AssertionError(reason);
        }
    }

    private static final int ROUNDS = 20_000;

    private final CountingPool pool = new CountingPool();

    private long round(Role role, Rfc6455Encoder encoder, Rfc6455Decoder decoder, Silent silent, Buffer payload, Buffer wire) {
        long total = 0;
        for (int i = 0; i < ROUNDS; i++) {
            int length = encoder.encode(wire.memory(), 0, 1, true, payload.memory(), 0, 100);
            length += encoder.encode(wire.memory(), length, 2, false, payload.memory(), 0, 300);
            length += encoder.encode(wire.memory(), length, 9, true, payload.memory(), 0, 10);
            length += encoder.encode(wire.memory(), length, 0, true, payload.memory(), 0, 1_000);
            int split = i % length;
            decoder.decode(silent, wire, 0, split);
            decoder.decode(silent, wire, split, length - split);
            total += length;
        }
        return total;
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldAllocateNothingPerMessage(Role role) {
        Rfc6455Decoder decoder = new Rfc6455Decoder(role, FrameLimits.DEFAULT, pool);
        Rfc6455Encoder encoder = new Rfc6455Encoder(role == Role.SERVER ? Role.CLIENT : Role.SERVER);
        Silent silent = new Silent();
        Buffer payload = pool.acquire(2_000);
        payload.memory().setMemory(0, 2_000, (byte) 'a');
        Buffer wire = pool.acquire(4_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // The JVM itself may charge the thread something while it still compiles; what we allocated would be in every round.
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            round(role, encoder, decoder, silent, payload, wire);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least);
        assertEquals(10L * ROUNDS, silent.messages);
        assertEquals(2, pool.inUse);
    }
}
