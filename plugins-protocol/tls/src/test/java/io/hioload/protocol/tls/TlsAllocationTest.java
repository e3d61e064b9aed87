package io.hioload.protocol.tls;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hioload.buffer.BufferPoolProvider;
import io.hioload.buffer.PoolSettings;
import io.hioload.protocol.Role;
import java.io.DataInputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reactor's thread allocates for an echo, beside what the JDK's engine alone does for the same records. */
class TlsAllocationTest {

    private static final int WARM_UP = 12_000;
    private static final int WINDOW = 2_000;
    private static final int WINDOWS = 9;
    private static final int BYTES = 64;
    /** Of the engine's short-lived objects the compiler spares some, not the same ones in both: one or two objects. */
    private static final double TOLERANCE_BYTES = 128;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldAllocateNoMoreThanTheEngineItself(String protocol) throws Exception {
        double alone = engineAlone(protocol);
        double stage = stage(protocol);
        System.out.printf("TLS echo of %d bytes over %s: %.0f bytes allocated by the reactor's thread, %.0f by the JDK's engine alone%n",
                BYTES,
                protocol, stage, alone);
        assertTrue(stage <= alone + TOLERANCE_BYTES, () -> stage + " bytes for an echo, of which the JDK's engine takes " + alone);
    }

    private double stage(String protocol) throws Exception {
        SSLContext clients = Certificates.client(null, null);
        var memory = ServiceLoader.load(BufferPoolProvider.class).findFirst().orElseThrow().open(PoolSettings.DEFAULT);
        try (TlsRig rig = new TlsRig("nio", Map.of(), memory); SSLSocket socket = rig.connect(clients, protocol)) {
            byte[] bytes = new byte[BYTES];
            echo(socket, bytes, WARM_UP);
            CompletableFuture<Long> reactor = new CompletableFuture<>();
            rig.group.reactors().getFirst().execute(() -> reactor.complete(Thread.currentThread().threadId()));
            long thread = reactor.get(TlsRig.WAIT_MS, TimeUnit.MILLISECONDS);
            double[] each = new double[WINDOWS];
            for (int i = 0; i < WINDOWS; i++) {
                long before = threads.getThreadAllocatedBytes(thread);
                echo(socket, bytes, WINDOW);
                each[i] = (threads.getThreadAllocatedBytes(thread) - before) / (double) WINDOW;
            }
            return median(each);
        }
    }

    private static void echo(SSLSocket socket, byte[] bytes, int times) throws Exception {
        OutputStream out = socket.getOutputStream();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        for (int i = 0; i < times; i++) {
            out.write(bytes);
            in.readFully(bytes);
        }
    }

    /** One unwrap and one wrap for each message, as a server makes them; the peer's are not counted. */
    private double engineAlone(String protocol) throws SSLException {
        TlsSettings settings = TlsSettings.of(Role.SERVER, Map.of());
        SSLEngine server = new TlsContext(settings, KeyMaterial.load(settings, Certificates.make("localhost"))).accepting();
        SSLEngine client = Certificates.client(null, null).createSSLEngine("localhost", 443);
        client.setUseClientMode(true);
        client.setEnabledProtocols(new String[]{protocol});
        ByteBuffer toServer = ByteBuffer.allocate(64 << 10);
        ByteBuffer toClient = ByteBuffer.allocate(64 << 10);
        ByteBuffer plain = ByteBuffer.allocate(64 << 10);
        ByteBuffer nothing = ByteBuffer.allocate(0);
        client.beginHandshake();
        server.beginHandshake();
        for (int i = 0; i < 100; i++) {
            step(client, nothing, toServer, toClient, plain);
            step(server, nothing, toClient, toServer, plain);
        }
        ByteBuffer message = ByteBuffer.allocate(BYTES);
        double[] each = new double[WINDOWS];
        for (int window = -WARM_UP / WINDOW; window < WINDOWS; window++) {
            long allocated = 0;
            for (int i = 0; i < WINDOW; i++) {
                client.wrap(message.clear(), toServer);
                toServer.flip();
                long before = threads.getCurrentThreadAllocatedBytes();
                server.unwrap(toServer, plain.clear());
                server.wrap(message.clear(), toClient);
                allocated += threads.getCurrentThreadAllocatedBytes() - before;
                toServer.clear();
                client.unwrap(toClient.flip(), plain.clear());
                toClient.clear();
            }
            if (window >= 0) {
                each[window] = allocated / (double) WINDOW;
            }
        }
        return median(each);
    }

    private static void step(SSLEngine engine, ByteBuffer nothing, ByteBuffer out, ByteBuffer in, ByteBuffer plain) throws SSLException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            engine.getDelegatedTask().run();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(nothing, out);
        } else if (in.position() > 0) {
            in.flip();
            engine.unwrap(in, plain.clear());
            in.compact();
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
