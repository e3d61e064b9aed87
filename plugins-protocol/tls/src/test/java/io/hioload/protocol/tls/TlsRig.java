package io.hioload.protocol.tls;

import io.hioload.buffer.BufferPoolManager;
import io.hioload.protocol.Role;
import io.hioload.reactor.Listener;
import io.hioload.reactor.ReactorGroup;
import io.hioload.reactor.ReactorProvider;
import io.hioload.reactor.ReactorSettings;
import io.hioload.testkit.affinity.RecordedAffinity;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.TransportProvider;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An echo server over TLS, on one reactor of a real transport, with memory that finds leaks. */
final class TlsRig implements AutoCloseable {

    static final int WAIT_MS = 20_000;

    final List<EchoHandler> handlers = new CopyOnWriteArrayList<>();
    final TlsStage stage;
    final ReactorGroup group;
    final BufferPoolManager memory;
    final InetSocketAddress address;

    TlsRig(String transport, Map<String, String> properties) throws Exception {
        this(transport, properties, new CheckedBufferPoolManager());
    }

    TlsRig(String transport, Map<String, String> properties, BufferPoolManager memory) throws Exception {
        this.memory = memory;
        stage = new TlsStage(Role.SERVER, "test", TlsSettings.of(Role.SERVER, new HashMap<>(properties)));
        ReactorSettings settings = ReactorSettings.defaults("tls");
        group = ServiceLoader.load(ReactorProvider.class).findFirst().orElseThrow().open(
                new ReactorSettings("tls", 1, 2000, false, settings.idle(), settings.eventsPerTurn(), settings.taskQueueSlots(),
                        settings.highWaterBytes(), settings.lowWaterBytes(), settings.lingerNs(), settings.transport()),
                provider(transport), memory, RecordedAffinity.machine(1, 1));
        Listener listener = group.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT,
                connection -> stage.accept(connection, top -> {
                    EchoHandler handler = new EchoHandler();
                    handlers.add(handler);
                    return handler;
                })).toCompletableFuture().get(WAIT_MS, TimeUnit.MILLISECONDS);
        address = (InetSocketAddress) listener.localAddress();
    }

    static TransportProvider provider(String name) {
        return ServiceLoader.load(TransportProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(name)).findFirst().orElseThrow();
    }

    SSLSocket connect(SSLContext by, String... protocols) throws IOException {
        return over(new Socket(address.getAddress(), address.getPort()), by, protocols);
    }

    SSLSocket over(Socket plain, SSLContext by, String... protocols) throws IOException {
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(WAIT_MS);
        SSLSocket socket = (SSLSocket) by.getSocketFactory().createSocket(plain, "localhost", address.getPort(), true);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return socket;
    }

    static byte[] echo(SSLSocket socket, byte[] bytes) throws IOException {
        // A peer that sends much and reads nothing meanwhile may fill the buffers on both sides.
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException e) {
                // The reader finds it out too, and says so.
                return;
            }
        });
        byte[] got = new byte[bytes.length];
        new DataInputStream(socket.getInputStream()).readFully(got);
        try {
            writer.join();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return got;
    }

    long count(String counter) {
        return group.reactors().getFirst().counters().counter(counter).get();
    }

    static void await(BooleanSupplier reached, String what) {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("not in time: " + what);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        group.close();
        stage.close();
        if (memory instanceof CheckedBufferPoolManager checked) {
            checked.assertNoLeaks();
        }
    }
}
