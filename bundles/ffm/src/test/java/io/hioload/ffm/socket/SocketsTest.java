package io.hioload.ffm.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.ffm.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The calls, against sockets of the JDK on the other side. */
@EnabledOnOs(OS.LINUX)
@Timeout(30)
class SocketsTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    private final Arena arena = Arena.ofConfined();
    private final Sockets sockets = new Sockets(arena);

    @AfterEach
    void free() {
        arena.close();
    }

    private static int listen(Sockets sockets, InetSocketAddress local) {
        return sockets.openListener(local, 16, false, true, 1 << 16, 1 << 16);
    }

    @Test
    void shouldTakeConnectionsWhenListening() throws IOException {
        for (String host : new String[]{"127.0.0.1", "::1"}) {
            int fd = listen(sockets, new InetSocketAddress(InetAddress.ofLiteral(host), 0));
            assertTrue(fd >= 0, () -> Errno.text(-fd));
            InetSocketAddress address = sockets.localAddress(fd);
            assertEquals(InetAddress.ofLiteral(host), address.getAddress());
            try (Socket peer = new Socket(address.getAddress(), address.getPort())) {
                assertTrue(peer.isConnected());
                assertNull(sockets.remoteAddress(fd), "a listener has no peer");
            }
            sockets.close(fd);
        }
    }

    @Test
    void shouldSetOptionsBeforeListening() {
        List<String> set = new ArrayList<>();
        Sockets recording = new Sockets(arena) {
            @Override
            public int setOption(int fd, int level, int option, int value) {
                set.add(level + ":" + option + "=" + value);
                return super.setOption(fd, level, option, value);
            }

            @Override
            public int listen(int fd, int backlog) {
                set.add("listen " + backlog);
                return super.listen(fd, backlog);
            }
        };
        InetSocketAddress local = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        int fd = recording.openListener(local, 7, true, true, 65536, 32768);
        assertTrue(fd >= 0, () -> Errno.text(-fd));
        recording.close(fd);
        // numbers of asm-generic/socket.h, tcp.h and in6.h
        assertEquals(List.of("1:2=1", "1:15=1", "6:1=1", "1:7=65536", "1:8=32768", "41:26=0", "listen 7"), set);
    }

    @Test
    void shouldConnectAndSayHowItBroke() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.ofLiteral("127.0.0.1"))) {
            InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
            int fd = sockets.socket(SocketAddresses.AF_INET);
            int result = sockets.connect(fd, address, SocketAddresses.AF_INET);
            assertTrue(result == 0 || result == -Errno.EINPROGRESS, () -> Errno.text(-result));
            try (Socket peer = server.accept()) {
                assertEquals(address, sockets.remoteAddress(fd));
                assertEquals(peer.getRemoteSocketAddress(), sockets.localAddress(fd));
                assertEquals(0, sockets.socketError(fd));
                assertEquals(0, sockets.shutdown(fd, Sockets.SHUT_WR));
                assertEquals(-1, peer.getInputStream().read(), "FIN");
                assertEquals(0, sockets.lingerZero(fd));
                sockets.close(fd);
                assertThrows(IOException.class, () -> {
                    for (;;) {
                        peer.getOutputStream().write(1);
                    }
                }, "RST");
            }
        }
    }

    @Test
    void shouldAnswerErrnoWhenCallFails() throws IOException {
        assertEquals(-Errno.EBADF, sockets.listen(-1, 1));
        assertEquals(-Errno.EBADF, sockets.setNonBlocking(-1));
        assertEquals(-Errno.EBADF, sockets.shutdown(-1, Sockets.SHUT_RDWR));
        assertEquals(Errno.EBADF, sockets.socketError(-1));
        assertEquals(-Errno.EAFNOSUPPORT, sockets.socket(999));
        assertNull(sockets.localAddress(-1));
        int fd = sockets.eventfd();
        assertTrue(fd >= 0);
        assertEquals(-Errno.ENOTSOCK, sockets.setOption(fd, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1));
        assertEquals(0, sockets.setNonBlocking(fd));
        sockets.close(fd);
    }

    @Test
    void shouldCloseSocketWhenItCannotListen() {
        List<Integer> closed = new ArrayList<>();
        Sockets recording = new Sockets(arena) {
            @Override
            public void close(int fd) {
                closed.add(fd);
                super.close(fd);
            }
        };
        int fd = listen(recording, ANY_PORT);
        InetSocketAddress taken = recording.localAddress(fd);
        assertEquals(-Errno.EADDRINUSE, listen(recording, taken));
        assertEquals(1, closed.size());
        recording.close(fd);
        int again = listen(recording, taken);
        assertTrue(again >= 0, "SO_REUSEADDR");
        recording.close(again);
    }

    @Test
    void shouldRefuseVirtualThreads() throws InterruptedException {
        List<Throwable> thrown = new ArrayList<>();
        Thread.ofVirtual().start(() -> thrown.add(assertThrows(IllegalStateException.class, () -> new Sockets(Arena.global())))).join();
        assertEquals(1, thrown.size());
    }
}
