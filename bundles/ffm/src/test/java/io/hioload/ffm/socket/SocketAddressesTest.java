package io.hioload.ffm.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class SocketAddressesTest {

    private static InetSocketAddress thereAndBack(InetSocketAddress address, int lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(SocketAddresses.MOST_BYTES).address();
            assertEquals(lengthBytes, SocketAddresses.encode(address, SocketAddresses.family(address), memory));
            return SocketAddresses.decode(memory);
        }
    }

    @Test
    void shouldKeepAddressWhenIpv4() {
        for (int port : new int[]{0, 1, 80, 0x1234, 65535}) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.255"), port);
            assertEquals(address, thereAndBack(address, 16));
        }
    }

    @Test
    void shouldKeepAddressWhenIpv6() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("2001:db8::ff00:42:8329"), 65535);
        assertEquals(address, thereAndBack(address, 28));
    }

    @Test
    void shouldKeepScopeWhenLinkLocal() throws Exception {
        byte[] ip = InetAddress.ofLiteral("fe80::1").getAddress();
        InetSocketAddress address = new InetSocketAddress(java.net.Inet6Address.getByAddress(null, ip, 1), 443);
        assertEquals(address, thereAndBack(address, 28));
    }

    @Test
    void shouldAnswerNullWhenFamilyIsUnknown() {
        try (Arena arena = Arena.ofConfined()) {
            assertNull(SocketAddresses.decode(arena.allocate(SocketAddresses.MOST_BYTES).address()));
        }
    }
}
