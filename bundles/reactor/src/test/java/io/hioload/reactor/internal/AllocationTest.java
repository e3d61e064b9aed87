package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPoolProvider;
import io.hioload.buffer.PoolSettings;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.testkit.memory.MemoryPeer;
import java.lang.management.ManagementFactory;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class AllocationTest {

    private static final int WARM_UP = 30_000;
    private static final int ROUNDS = 10_000;

    /** Echoes through the cork, or with buffers of its own. */
    private static final class Echo implements ConnectionHandler {

        private final boolean cork;

        Echo(boolean cork) {
            this.cork = cork;
        }

        @Override
        public void onReceive(Connection connection, Buffer buffer, int offset, int length) {
            connection.timeout(60_000_000_000L);
            if (cork) {
                Buffer claimed = connection.claim(length);
                claimed.memory().putBytes(connection.claimOffset(), buffer.memory(), offset, length);
                connection.commit(length);
            } else {
                connection.send(buffer.retain(), offset, length);
            }
        }

        @Override
        public void onClosed(Connection connection, int reason) {
            // nothing to give back
        }
    }

    private static void measure(boolean cork) throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.memory = ServiceLoader.load(BufferPoolProvider.class).findFirst().orElseThrow().open(PoolSettings.DEFAULT);
        try (Rig rig = setup.open()) {
            MemoryPeer peer = rig.network.connect(rig.listen(connection -> new Echo(cork)).localAddress());
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long reactor = Rig.on(rig.reactor(), () -> Thread.currentThread().threadId());
            byte[] message = new byte[64];
            for (int i = 0; i < WARM_UP; i++) {
                peer.send(message);
                peer.receive(message);
            }
            long before = threads.getThreadAllocatedBytes(reactor);
            for (int i = 0; i < ROUNDS; i++) {
                peer.send(message);
                peer.receive(message);
            }
            long allocated = threads.getThreadAllocatedBytes(reactor) - before;
            System.out.println((cork ? "cork: " : "own buffers: ") + allocated + " bytes in " + ROUNDS + " rounds");
            assertEquals(0, allocated / ROUNDS, "bytes a round; " + allocated + " in all");
        }
    }

    @Test
    void shouldAllocateNothingWhenEchoingThroughTheCork() throws Exception {
        measure(true);
    }

    @Test
    void shouldAllocateNothingWhenEchoingWithOwnBuffers() throws Exception {
        measure(false);
    }
}
