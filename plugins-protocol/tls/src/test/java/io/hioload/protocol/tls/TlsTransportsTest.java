package io.hioload.protocol.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.reactor.ChangePolicy;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stage over real sockets, on every transport there is for this system. */
class TlsTransportsTest {

    private static final int[] SIZES = {1, 125, 16_383, 16_384, 16_385, 70_000, 1 << 20};

    static Stream<String> transports() {
        return System.getProperty("os.name").startsWith("Linux") ? Stream.of("nio", "epoll", "io_uring") : Stream.of("nio");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldEchoEverySizeInBothVersions(String transport) throws Exception {
        SSLContext clients = Certificates.client(null, null);
        try (TlsRig rig = new TlsRig(transport, Map.of())) {
            for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
                try (SSLSocket socket = rig.connect(clients, protocol)) {
                    for (int size : SIZES) {
                        byte[] bytes = new byte[size];
                        new Random(size).nextBytes(bytes);
                        assertArrayEquals(bytes, TlsRig.echo(socket, bytes), () -> size + " bytes over " + protocol);
                    }
                    assertEquals(protocol, socket.getSession().getProtocol());
                }
            }
            TlsRig.await(() -> rig.handlers.stream().allMatch(handler -> handler.closed.get() == 1), "both are closed");
            assertEquals(0, rig.count("tls.violations"));
            assertEquals(0, rig.count("tls.truncated"));
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldSendCloseNotifyAndTellOfAnEndWithoutOne(String transport) throws Exception {
        SSLContext clients = Certificates.client(null, null);
        try (TlsRig rig = new TlsRig(transport, Map.of())) {
            SSLSocket orderly = rig.connect(clients);
            TlsRig.echo(orderly, new byte[]{1});
            orderly.shutdownOutput();
            assertEquals(-1, orderly.getInputStream().read(), "close_notify, or the JDK would throw");
            orderly.close();
            Socket below = new Socket(rig.address.getAddress(), rig.address.getPort());
            SSLSocket cut = rig.over(below, clients);
            TlsRig.echo(cut, new byte[]{1});
            below.close();
            TlsRig.await(() -> rig.handlers.size() == 2 && rig.handlers.stream().allMatch(handler -> handler.closed.get() == 1),
                    "both end");
            assertEquals(1, rig.count("tls.truncated"));
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldGoOnEchoingWhenFiveHundredShakeHandsAtOnce(String transport) throws Exception {
        int many = 500;
        SSLContext clients = Certificates.client(null, null);
        try (TlsRig rig = new TlsRig(transport, Map.of("tls.handshake.steps", "4", "tls.handshake.timeout", "10m"));
                SSLSocket live = rig.connect(clients);
                ExecutorService threads = Executors.newFixedThreadPool(16)) {
            TlsRig.echo(live, new byte[]{1});
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                sockets.add(new Socket(rig.address.getAddress(), rig.address.getPort()));
            }
            CountDownLatch done = new CountDownLatch(many);
            List<Future<?>> all = new ArrayList<>();
            for (Socket socket : sockets) {
                all.add(threads.submit(() -> {
                    try (SSLSocket secure = rig.over(socket, Certificates.client(null, null))) {
                        return TlsRig.echo(secure, new byte[]{2});
                    } finally {
                        done.countDown();
                    }
                }));
            }
            int echoes = 0;
            while (!done.await(0, TimeUnit.NANOSECONDS)) {
                byte[] bytes = {(byte) echoes};
                assertArrayEquals(bytes, TlsRig.echo(live, bytes));
                echoes++;
            }
            for (Future<?> one : all) {
                one.get();
            }
            assertTrue(echoes > 10, echoes + " echoes meanwhile");
            assertEquals(many + 1, rig.count("tls.handshakes"));
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldKeepConnectionsWhenTheyMoveToAnotherTransport(String transport) throws Exception {
        SSLContext clients = Certificates.client(null, null);
        try (TlsRig rig = new TlsRig(transport, Map.of()); SSLSocket socket = rig.connect(clients)) {
            TlsRig.echo(socket, new byte[]{1});
            rig.group.changeTransport(TlsRig.provider(transport), ChangePolicy.DEFAULT).toCompletableFuture()
                    .get(TlsRig.WAIT_MS, TimeUnit.MILLISECONDS);
            byte[] bytes = new byte[100_000];
            new Random(1).nextBytes(bytes);
            assertArrayEquals(bytes, TlsRig.echo(socket, bytes));
        }
    }
}
