package io.hioload.ffm.socket;

import io.hioload.ffm.Memory;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * {@code struct sockaddr_in} and {@code sockaddr_in6} (ip(7), ipv6(7)) of Linux and the addresses of the JDK. Any thread.
 * Cold: allocates.
 */
public final class SocketAddresses {

    /** Size of the largest one, sockaddr_storage. */
    public static final int MOST_BYTES = 128;

    /** The family of IPv4 addresses. */
    public static final int AF_INET = 2;
    /** The family of IPv6 addresses. */
    public static final int AF_INET6 = 10;

    private static final int IN_BYTES = 16;
    private static final int IN6_BYTES = 28;

    private SocketAddresses() {
    }

    /**
     * The family of an address.
     *
     * @param address the address
     * @return {@link #AF_INET} or {@link #AF_INET6}
     */
    public static int family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address ? AF_INET : AF_INET6;
    }

    /**
     * Writes an address.
     *
     * @param from    resolved
     * @param family  of {@link #family}
     * @param address where to, {@link #MOST_BYTES} long
     * @return how many bytes it takes
     */
    public static int encode(InetSocketAddress from, int family, long address) {
        Memory.zero(address, MOST_BYTES);
        Memory.putShort(address, (short) family);
        Memory.putByte(address + 2, (byte) (from.getPort() >>> 8));
        Memory.putByte(address + 3, (byte) from.getPort());
        byte[] ip = from.getAddress().getAddress();
        int offset = family == AF_INET ? 4 : 8;
        for (int i = 0; i < ip.length; i++) {
            Memory.putByte(address + offset + i, ip[i]);
        }
        if (family == AF_INET) {
            return IN_BYTES;
        }
        Memory.putInt(address + 24, ((Inet6Address) from.getAddress()).getScopeId());
        return IN6_BYTES;
    }

    /**
     * Reads an address. IPv4 mapped into IPv6 comes out as IPv4.
     *
     * @param address where it is
     * @return the address, or {@code null} if it is of another family
     */
    public static InetSocketAddress decode(long address) {
        int family = Memory.getShort(address);
        if (family != AF_INET && family != AF_INET6) {
            return null;
        }
        int port = (Memory.getByte(address + 2) & 0xff) << 8 | Memory.getByte(address + 3) & 0xff;
        byte[] ip = new byte[family == AF_INET ? 4 : 16];
        int offset = family == AF_INET ? 4 : 8;
        for (int i = 0; i < ip.length; i++) {
            ip[i] = Memory.getByte(address + offset + i);
        }
        try {
            int scope = family == AF_INET ? 0 : Memory.getInt(address + 24);
            InetAddress host = scope == 0 ? InetAddress.getByAddress(ip) : Inet6Address.getByAddress(null, ip, scope);
            return new InetSocketAddress(host, port);
        } catch (UnknownHostException e) {
            return null; // the length is right, so this does not happen
        }
    }
}
