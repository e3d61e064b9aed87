package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPoolProvider;
import io.hioload.buffer.PoolSettings;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.IdlePolicy;
import io.hioload.reactor.Listener;
import io.hioload.reactor.ReactorSettings;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSettings;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Two reactors, the real pool and real sockets. */
class NioSmokeTest {

    /** Sends what it received, in the buffer in which it came. */
    private static final class Echo implements ConnectionHandler {

        @Override
        public void onReceive(Connection connection, Buffer buffer, int offset, int length) {
            buffer.retain();
            if (connection.send(buffer, offset, length) != Status.OK) {
                buffer.release();
            }
        }

        @Override
        public void onClosed(Connection connection, int reason) {
            // nothing to give back
        }
    }

    private static void echo(InetSocketAddress address, int seed) {
        Random random = new Random(seed);
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 200; i++) {
                byte[] sent = new byte[1 + random.nextInt(20_000)];
                random.nextBytes(sent);
                socket.getOutputStream().write(sent);
                byte[] got = new byte[sent.length];
                in.readFully(got);
                assertArrayEquals(sent, got);
            }
            socket.shutdownOutput();
            assertEquals(-1, in.read());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldEchoOverRealSockets() throws Exception {
        TransportProvider nio = ServiceLoader.load(TransportProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("nio")).findFirst().orElseThrow();
        ReactorSettings settings = new ReactorSettings("nio", 2, 100, false, IdlePolicy.BALANCED, 256, 1024, 1 << 20, 1 << 18,
                5_000_000_000L, TransportSettings.DEFAULT);
        var memory = ServiceLoader.load(BufferPoolProvider.class).findFirst().orElseThrow().open(PoolSettings.DEFAULT);
        try (var group = new EventLoopProvider().open(settings, nio, memory, new FixedCpus(2))) {
            Listener listener = Rig.get(group.listen(Rig.ANY_PORT, ListenOptions.DEFAULT, connection -> new Echo()));
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int seed = i;
                clients.add(CompletableFuture.runAsync(() -> echo((InetSocketAddress) listener.localAddress(), seed),
                        task -> Thread.ofVirtual().start(task)));
            }
            for (CompletableFuture<Void> client : clients) {
                Rig.get(client);
            }
        }
    }
}
