package io.hioload.ffm.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import io.hioload.ffm.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;

/**
 * The system calls that make, name, tune, shut down and close stream sockets, and the one that makes an eventfd. Results
 * are those of section 2 of the manual, or {@code -errno}. What moves bytes is for those who extend this class; tests
 * extend it to put faults in.
 *
 * <p>One instance belongs to the platform thread that made it: errno is read where that thread keeps it. It owns no
 * descriptors.
 *
 * <p>Cost: critical calls, about 3 ns over the call in C.
 */
public class Sockets {

    /** Level of the options of all sockets, socket(7). */
    public static final int SOL_SOCKET = 1;
    /** Binds although connections of an earlier listener linger. */
    public static final int SO_REUSEADDR = 2;
    /** The error that broke the socket. */
    public static final int SO_ERROR = 4;
    /** Bytes of send buffer; the kernel doubles them. */
    public static final int SO_SNDBUF = 7;
    /** Bytes of receive buffer; the kernel doubles them. */
    public static final int SO_RCVBUF = 8;
    /** What close does with unsent bytes. */
    public static final int SO_LINGER = 13;
    /** Several sockets listen on one address. */
    public static final int SO_REUSEPORT = 15;
    /** Microseconds for which a wait polls the device, socket(7); more than there was needs CAP_NET_ADMIN. */
    public static final int SO_BUSY_POLL = 46;
    /** Level of the options of TCP, tcp(7). */
    public static final int IPPROTO_TCP = 6;
    /** Sends small segments at once. */
    public static final int TCP_NODELAY = 1;
    /** Level of the options of IPv6, ipv6(7). */
    public static final int IPPROTO_IPV6 = 41;
    /** Leaves IPv4 out. */
    public static final int IPV6_V6ONLY = 26;

    /** Sends FIN; shutdown(2). */
    public static final int SHUT_WR = 1;
    /** Ends both directions, or the listening; shutdown(2). */
    public static final int SHUT_RDWR = 2;

    /** SOCK_NONBLOCK, EFD_NONBLOCK and O_NONBLOCK, which are one number. */
    public static final int NONBLOCK = 0x800;
    /** SOCK_CLOEXEC, EFD_CLOEXEC, EPOLL_CLOEXEC and O_CLOEXEC, which are one number. */
    public static final int CLOEXEC = 0x80000;

    private static final int SOCK_STREAM = 1;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;

    private static final FunctionDescriptor INT_1 = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor INT_2 = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor INT_3 = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor FD_ADDRESS_INT = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final FunctionDescriptor FD_ADDRESS_ADDRESS = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle EVENTFD = Native.critical("eventfd", INT_2);
    private static final MethodHandle SOCKET = Native.critical("socket", INT_3);
    private static final MethodHandle BIND = Native.critical("bind", FD_ADDRESS_INT);
    private static final MethodHandle LISTEN = Native.critical("listen", INT_2);
    private static final MethodHandle CONNECT = Native.critical("connect", FD_ADDRESS_INT);
    private static final MethodHandle GETSOCKNAME = Native.critical("getsockname", FD_ADDRESS_ADDRESS);
    private static final MethodHandle GETPEERNAME = Native.critical("getpeername", FD_ADDRESS_ADDRESS);
    private static final MethodHandle SETSOCKOPT = Native.critical("setsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETSOCKOPT = Native.critical("getsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FCNTL = Native.critical("fcntl", INT_3, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SHUTDOWN = Native.critical("shutdown", INT_2);
    private static final MethodHandle CLOSE = Native.critical("close", INT_1);

    private final long errno = Errno.location();
    private final long scratch;
    private final long optionLength;

    /**
     * Makes the calls for the calling platform thread.
     *
     * @param arena must live as long as they are made
     * @throws IllegalStateException if the calling thread is virtual
     */
    public Sockets(Arena arena) {
        scratch = arena.allocate(SocketAddresses.MOST_BYTES + 16, 8).address();
        optionLength = scratch + SocketAddresses.MOST_BYTES;
    }

    /**
     * Closes a descriptor, close(2). Any thread, virtual ones too. Never repeated: Linux frees the descriptor whatever it
     * answers.
     *
     * @param fd descriptor
     */
    public static void discard(int fd) {
        try {
            int ignored = (int) CLOSE.invokeExact(fd);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Reads errno, in the next expression after a critical call that failed.
     *
     * @return the error number
     */
    protected final int errno() {
        return Errno.at(errno);
    }

    /**
     * The outcome of a critical call, in the next expression after it.
     *
     * @param value what it returned
     * @return the same, or {@code -errno} if it is negative
     */
    protected final int result(int value) {
        return value >= 0 ? value : -errno();
    }

    /**
     * Makes a non-blocking eventfd, eventfd(2); see {@link Wakeup}.
     *
     * @return a descriptor, the caller's, or {@code -errno}
     */
    public int eventfd() {
        try {
            return result((int) EVENTFD.invokeExact(0, NONBLOCK | CLOEXEC));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Makes a non-blocking stream socket, socket(2).
     *
     * @param family {@link SocketAddresses#AF_INET} or {@link SocketAddresses#AF_INET6}
     * @return a descriptor, the caller's, or {@code -errno}
     */
    public int socket(int family) {
        try {
            return result((int) SOCKET.invokeExact(family, SOCK_STREAM | NONBLOCK | CLOEXEC, 0));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Gives a socket its local address, bind(2).
     *
     * @param fd      socket
     * @param address resolved
     * @param family  of the address
     * @return 0 or {@code -errno}
     */
    public int bind(int fd, InetSocketAddress address, int family) {
        int length = SocketAddresses.encode(address, family, scratch);
        try {
            return result((int) BIND.invokeExact(fd, scratch, length));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Lets a socket listen, listen(2).
     *
     * @param fd      bound socket
     * @param backlog accept queue length, capped by net.core.somaxconn
     * @return 0 or {@code -errno}
     */
    public int listen(int fd, int backlog) {
        try {
            return result((int) LISTEN.invokeExact(fd, backlog));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Makes a socket that listens: non-blocking, bound with SO_REUSEADDR; one on {@code ::} serves IPv4 too. What is set on
     * it is inherited by what it accepts, tcp(7), also after it moved to another loop.
     *
     * @param local              resolved; port 0 lets the system choose
     * @param backlog            of {@link #listen}
     * @param reusePort          sets SO_REUSEPORT, socket(7)
     * @param noDelay            sets TCP_NODELAY, tcp(7)
     * @param sendBufferBytes    SO_SNDBUF, 0 leaves it to the system
     * @param receiveBufferBytes SO_RCVBUF, 0 leaves it to the system
     * @return a descriptor, the caller's, or {@code -errno} of what failed first, and then nothing is left open
     */
    public int openListener(InetSocketAddress local, int backlog, boolean reusePort, boolean noDelay, int sendBufferBytes,
            int receiveBufferBytes) {
        int family = SocketAddresses.family(local);
        int fd = socket(family);
        if (fd < 0) {
            return fd;
        }
        int result = setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        if (result >= 0 && reusePort) {
            result = setOption(fd, SOL_SOCKET, SO_REUSEPORT, 1);
        }
        if (result >= 0 && noDelay) {
            result = setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        }
        if (result >= 0 && sendBufferBytes > 0) {
            result = setOption(fd, SOL_SOCKET, SO_SNDBUF, sendBufferBytes);
        }
        if (result >= 0 && receiveBufferBytes > 0) {
            result = setOption(fd, SOL_SOCKET, SO_RCVBUF, receiveBufferBytes);
        }
        if (result >= 0 && family == SocketAddresses.AF_INET6) {
            // "::" serves IPv4 too, whatever net.ipv6.bindv6only says, as with the JDK's sockets
            result = setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
        }
        if (result >= 0) {
            result = bind(fd, local, family);
        }
        if (result >= 0) {
            result = listen(fd, backlog);
        }
        if (result < 0) {
            close(fd);
            return result;
        }
        return fd;
    }

    /**
     * Begins to connect, connect(2). An interrupted connect goes on in the background, so EINTR is EINPROGRESS.
     *
     * @param fd      socket
     * @param address resolved
     * @param family  of the address
     * @return 0 when connected, {@code -EINPROGRESS} when the socket will tell by getting writable, or another
     *         {@code -errno}
     */
    public int connect(int fd, InetSocketAddress address, int family) {
        int length = SocketAddresses.encode(address, family, scratch);
        try {
            int result = result((int) CONNECT.invokeExact(fd, scratch, length));
            return result == -Errno.EINTR ? -Errno.EINPROGRESS : result;
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * The address a socket is bound to, getsockname(2). Allocates.
     *
     * @param fd socket
     * @return the address, or {@code null} if there is none
     */
    public InetSocketAddress localAddress(int fd) {
        Memory.putInt(optionLength, SocketAddresses.MOST_BYTES);
        try {
            return name((int) GETSOCKNAME.invokeExact(fd, scratch, optionLength));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * The address of the peer, getpeername(2). Allocates.
     *
     * @param fd socket
     * @return the address, or {@code null} if it is not connected
     */
    public InetSocketAddress remoteAddress(int fd) {
        Memory.putInt(optionLength, SocketAddresses.MOST_BYTES);
        try {
            return name((int) GETPEERNAME.invokeExact(fd, scratch, optionLength));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    private InetSocketAddress name(int result) {
        return result < 0 ? null : SocketAddresses.decode(scratch);
    }

    /**
     * Sets an option whose value is an int, setsockopt(2).
     *
     * @param fd     socket
     * @param level  such as {@link #SOL_SOCKET}
     * @param option such as {@link #SO_REUSEADDR}
     * @param value  its value
     * @return 0 or {@code -errno}
     */
    public int setOption(int fd, int level, int option, int value) {
        Memory.putInt(scratch, value);
        return setOption(fd, level, option, scratch, Integer.BYTES);
    }

    /**
     * Makes the last close send RST: {@code struct linger {1, 0}}, socket(7).
     *
     * @param fd socket
     * @return 0 or {@code -errno}
     */
    public int lingerZero(int fd) {
        Memory.putInt(scratch, 1);
        Memory.putInt(scratch + 4, 0);
        return setOption(fd, SOL_SOCKET, SO_LINGER, scratch, 2 * Integer.BYTES);
    }

    private int setOption(int fd, int level, int option, long value, int length) {
        try {
            return result((int) SETSOCKOPT.invokeExact(fd, level, option, value, length));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * What broke a socket, SO_ERROR of getsockopt(2). Reading takes it away.
     *
     * @param fd socket
     * @return an error number, positive, or 0 if there is none
     */
    public int socketError(int fd) {
        Memory.putInt(scratch, 0);
        Memory.putInt(optionLength, Integer.BYTES);
        try {
            int result = result((int) GETSOCKOPT.invokeExact(fd, SOL_SOCKET, SO_ERROR, scratch, optionLength));
            return result < 0 ? -result : Memory.getInt(scratch);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Sets O_NONBLOCK, fcntl(2), on a descriptor that somebody else made.
     *
     * @param fd descriptor
     * @return 0 or {@code -errno}
     */
    public int setNonBlocking(int fd) {
        try {
            int flags = result((int) FCNTL.invokeExact(fd, F_GETFL, 0));
            return flags < 0 ? flags : result((int) FCNTL.invokeExact(fd, F_SETFL, flags | NONBLOCK));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Ends a direction, shutdown(2).
     *
     * @param fd  socket
     * @param how {@link #SHUT_WR} or {@link #SHUT_RDWR}
     * @return 0 or {@code -errno}
     */
    public int shutdown(int fd, int how) {
        try {
            return result((int) SHUTDOWN.invokeExact(fd, how));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Closes a descriptor as {@link #discard} does.
     *
     * @param fd descriptor
     */
    public void close(int fd) {
        discard(fd);
    }
}
