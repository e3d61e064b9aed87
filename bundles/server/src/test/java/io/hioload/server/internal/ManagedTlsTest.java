package io.hioload.server.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigException;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.server.TrustAnyone;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The provider of TLS comes and goes. */
class ManagedTlsTest {

    private static final Map<String, Object> TLS = Map.of("port", 0, "reactors", 1, "tls", true, "tls.handshake.timeout", "5s");

    private final RuntimeProviders parts = RuntimeProviders.load(ManagedTlsTest.class.getClassLoader());

    @AutoClose
    private final ManagedServer server = new ManagedServer("test", parts.withStages(List.of()), new JfrTracer());

    private static SSLSocket handshake(InetSocketAddress address) throws IOException {
        SSLSocket socket = (SSLSocket) TrustAnyone.context().getSocketFactory().createSocket(address.getAddress(), address.getPort());
        socket.startHandshake();
        return socket;
    }

    @Test
    void shouldNotListenUntilThereIsAProvider() throws Exception {
        ConfigException refused = assertThrows(ConfigException.class, () -> server.apply(TLS, "test"));
        assertTrue(refused.getMessage().contains("tls = true: there is no bundle for it"), refused.getMessage());
        assertFalse(server.isRunning());
        assertTrue(server.isWaiting());
        server.stages(parts.stages());
        assertTrue(server.isRunning());
        assertFalse(server.isWaiting());
        handshake(server.localAddress()).close();
    }

    @Test
    void shouldStopListeningWhenTheProviderGoesAndComeBackWithIt() throws Exception {
        server.stages(parts.stages());
        server.apply(TLS, "test");
        InetSocketAddress before = server.localAddress();
        try (SSLSocket idle = handshake(before)) {
            server.stages(List.of());
            assertFalse(server.isRunning());
            assertTrue(server.isWaiting());
            assertThrows(IOException.class, () -> new Socket(before.getAddress(), before.getPort()).close());
            assertEquals(-1, idle.getInputStream().read(), "ends in order");
        }
        server.stages(parts.stages());
        handshake(server.localAddress()).close();
        assertEquals(1, server.config().number());
    }

    @Test
    void shouldRefuseToTurnItOnWithoutAProviderAndGoOn() throws Exception {
        server.apply(Map.of("port", 0, "reactors", 1, "tls.certificate", "/kept/until/there/is/one.pem"), "test");
        ConfigException refused = assertThrows(ConfigException.class, () -> server.change(Map.of("tls", true), "test"));
        assertTrue(refused.getMessage().contains("there is no bundle for it"), refused.getMessage());
        assertTrue(server.isRunning());
        assertEquals("/kept/until/there/is/one.pem", server.config().values().get("tls.certificate"));
    }
}
