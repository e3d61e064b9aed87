package io.hioload.transport.iouring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.transport.CloseMode;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Connections that come and go, one after the other, ended in every way: 20,000 of them, or a million by
 * {@code mvn -Pchurn}. They come from many addresses, because the ports of closed ones stay taken for a while.
 */
class ChurnTest {

    private static final int CONNECTIONS = Integer.getInteger("hioload.churn", 20_000);

    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager();

    @Test
    void shouldLeakNothingWhenManyConnectionsComeAndGo() throws Exception {
        int descriptors;
        try (TestLoop loop = new TestLoop(memory, Map.of())) {
            InetSocketAddress address = loop.listen();
            loop.connect(address).close();
            loop.until(() -> loop.ends == 1);
            loop.loop.close(loop.lastOpened(), CloseMode.FLUSH);
            loop.until(() -> loop.open == 0);
            descriptors = UringLoopTest.openDescriptors();
            byte[] message = {1, 2, 3};
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket socket = loop.connect(address, "127.0.0." + (2 + i / 4_000 % 250));
                if (i % 2 == 0) {
                    socket.getOutputStream().write(message);
                    long expected = loop.receivedBytes + 3;
                    loop.until(() -> loop.receivedBytes == expected && loop.sent == loop.sends);
                }
                int ends = loop.ends;
                switch (i % 5) {
                    case 0 -> { // we reset it
                        loop.loop.close(loop.lastOpened(), CloseMode.ABORT);
                        socket.close();
                    }
                    case 1 -> { // the peer resets it
                        socket.setSoLinger(true, 0);
                        socket.close();
                    }
                    case 2 -> { // the peer ends first
                        socket.shutdownOutput();
                        loop.until(() -> loop.ends > ends);
                        loop.loop.close(loop.lastOpened(), CloseMode.FLUSH);
                        socket.close();
                    }
                    case 3 -> { // we end first
                        loop.loop.close(loop.lastOpened(), CloseMode.FLUSH);
                        loop.turn(0);
                        socket.close();
                    }
                    default -> { // both at once, with bytes on their way
                        socket.getOutputStream().write(message);
                        loop.loop.close(loop.lastOpened(), CloseMode.FLUSH);
                        socket.close();
                    }
                }
                loop.until(() -> loop.open == 0);
            }
            assertEquals(CONNECTIONS + 1, loop.accepts);
            assertEquals(1, loop.slots, "slots are used again");
            assertEquals(loop.sends, loop.sent);
            assertEquals(UringSettings.DEFAULT_BUFFERS, memory.gauges().inUseBuffers());
            assertEquals(descriptors, UringLoopTest.openDescriptors());
            assertEquals(0, loop.loop.inFlight());
        }
        memory.assertNoLeaks();
    }
}
