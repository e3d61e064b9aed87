package io.hioload.transport.epoll;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import io.hioload.ffm.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;

/**
 * The system calls of the epoll transport, as a class of its own so that tests can put faults in. Results are those of
 * section 2 of the manual, or {@code -errno}; interrupted calls are repeated here and nowhere else.
 *
 * <p>One instance belongs to the platform thread that made it: errno is read where that thread keeps it.
 *
 * <p>Cost: all but a waiting epoll_wait are critical calls, about 3 ns over the call in C.
 */
class Syscalls {

    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_ERROR = 4;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_LINGER = 13;
    static final int SO_REUSEPORT = 15;
    static final int IPPROTO_TCP = 6;
    static final int TCP_NODELAY = 1;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_V6ONLY = 26;

    static final int CTL_ADD = 1;
    static final int CTL_DEL = 2;
    static final int CTL_MOD = 3;

    private static final int SOCK_STREAM = 1;
    private static final int NONBLOCK = 0x800;
    private static final int CLOEXEC = 0x80000;
    private static final int SHUT_WR = 1;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    private static final FunctionDescriptor INT_1 = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor INT_2 = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor INT_3 = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor FD_ADDRESS_INT = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final FunctionDescriptor FD_ADDRESS_ADDRESS = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final FunctionDescriptor WAIT = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);

    private static final MethodHandle EPOLL_CREATE = Native.critical("epoll_create1", INT_1);
    private static final MethodHandle EPOLL_CTL = Native.critical("epoll_ctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle EPOLL_WAIT = Native.downcall("epoll_wait", WAIT);
    private static final MethodHandle EPOLL_POLL = Native.critical("epoll_wait", WAIT);
    private static final MethodHandle EVENTFD = Native.critical("eventfd", INT_2);
    private static final MethodHandle EVENTFD_WRITE = Native.critical("eventfd_write",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle SOCKET = Native.critical("socket", INT_3);
    private static final MethodHandle BIND = Native.critical("bind", FD_ADDRESS_INT);
    private static final MethodHandle LISTEN = Native.critical("listen", INT_2);
    private static final MethodHandle ACCEPT = Native.critical("accept4",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
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
    private static final MethodHandle RECV = Native.critical("recv", TRANSFER);
    private static final MethodHandle SEND = Native.critical("send", TRANSFER);
    private static final MethodHandle SENDMSG = Native.critical("sendmsg",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));

    private final long errno = Errno.location();
    private final Arena arena = Arena.ofConfined();
    private final long scratch = arena.allocate(SocketAddresses.MOST_BYTES + 16, 8).address();
    private final long optionLength = scratch + SocketAddresses.MOST_BYTES;

    /**
     * Tries whether the kernel gives out an epoll instance. Any thread, virtual ones too.
     *
     * @return the reason why not, or the empty string
     */
    static String probe() {
        MethodHandle create = Native.capturing("epoll_create1", INT_1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = Errno.newCapture(arena);
            int fd = (int) create.invokeExact(capture, CLOEXEC);
            if (fd < 0) {
                return "epoll_create1: " + Errno.text(Errno.captured(capture));
            }
            discard(fd);
            return "";
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** Closes a descriptor. Any thread. */
    static void discard(int fd) {
        try {
            int ignored = (int) CLOSE.invokeExact(fd);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** Adds to an eventfd. Any thread. */
    static void signal(int fd) {
        try {
            int ignored = (int) EVENTFD_WRITE.invokeExact(fd, 1L);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    private int result(int value) {
        return value >= 0 ? value : -Errno.at(errno);
    }

    int epollCreate() {
        try {
            return result((int) EPOLL_CREATE.invokeExact(CLOEXEC));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int epollControl(int epoll, int operation, int fd, long event) {
        try {
            return result((int) EPOLL_CTL.invokeExact(epoll, operation, fd, event));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Waits. Not repeated when interrupted: the caller's next turn does that.
     *
     * @return ready events or {@code -errno}; a wait leaves Java, and what runs on the way back may change errno, so the
     *         error number is a hint. Capturing it instead would cost each wait 5 ns, and 40 bytes until C2 compiled it.
     */
    int epollWait(int epoll, long events, int most, int timeoutMs) {
        try {
            return result(timeoutMs == 0
                    ? (int) EPOLL_POLL.invokeExact(epoll, events, most, 0)
                    : (int) EPOLL_WAIT.invokeExact(epoll, events, most, timeoutMs));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int eventfd() {
        try {
            return result((int) EVENTFD.invokeExact(0, NONBLOCK | CLOEXEC));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int socket(int family) {
        try {
            return result((int) SOCKET.invokeExact(family, SOCK_STREAM | NONBLOCK | CLOEXEC, 0));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int bind(int fd, InetSocketAddress address, int family) {
        int length = SocketAddresses.encode(address, family, scratch);
        try {
            return result((int) BIND.invokeExact(fd, scratch, length));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int listen(int fd, int backlog) {
        try {
            return result((int) LISTEN.invokeExact(fd, backlog));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int accept(int fd) {
        try {
            int result;
            do {
                result = result((int) ACCEPT.invokeExact(fd, 0L, 0L, NONBLOCK | CLOEXEC));
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** An interrupted connect goes on in the background (connect(2)), so EINTR is EINPROGRESS. */
    int connect(int fd, InetSocketAddress address, int family) {
        int length = SocketAddresses.encode(address, family, scratch);
        try {
            int result = result((int) CONNECT.invokeExact(fd, scratch, length));
            return result == -Errno.EINTR ? -Errno.EINPROGRESS : result;
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    InetSocketAddress localAddress(int fd) {
        return name(GETSOCKNAME, fd);
    }

    InetSocketAddress remoteAddress(int fd) {
        return name(GETPEERNAME, fd);
    }

    private InetSocketAddress name(MethodHandle function, int fd) {
        Memory.putInt(optionLength, SocketAddresses.MOST_BYTES);
        try {
            int result = (int) function.invokeExact(fd, scratch, optionLength);
            return result < 0 ? null : SocketAddresses.decode(scratch);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int setOption(int fd, int level, int option, int value) {
        Memory.putInt(scratch, value);
        return setOption(fd, level, option, scratch, Integer.BYTES);
    }

    /** Makes the next close send RST: {@code struct linger {1, 0}}. */
    int lingerZero(int fd) {
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
     * What broke a socket. Reading takes it away.
     *
     * @param fd socket
     * @return an error number, 0 if there is none
     */
    int socketError(int fd) {
        Memory.putInt(scratch, 0);
        Memory.putInt(optionLength, Integer.BYTES);
        try {
            int result = result((int) GETSOCKOPT.invokeExact(fd, SOL_SOCKET, SO_ERROR, scratch, optionLength));
            return result < 0 ? -result : Memory.getInt(scratch);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int setNonBlocking(int fd) {
        try {
            int flags = result((int) FCNTL.invokeExact(fd, F_GETFL, 0));
            return flags < 0 ? flags : result((int) FCNTL.invokeExact(fd, F_SETFL, flags | NONBLOCK));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int shutdownOutput(int fd) {
        try {
            return result((int) SHUTDOWN.invokeExact(fd, SHUT_WR));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** Never repeated: Linux frees the descriptor whatever it answers. */
    void close(int fd) {
        discard(fd);
    }

    int receive(int fd, long address, int length) {
        return receive(fd, address, length, MSG_DONTWAIT);
    }

    /** Takes bytes off the receive queue without copying them: MSG_TRUNC on a stream, tcp(7). */
    int discardInput(int fd, int length) {
        return receive(fd, 0, length, MSG_DONTWAIT | MSG_TRUNC);
    }

    private int receive(int fd, long address, int length, int flags) {
        try {
            for (;;) {
                int bytes = (int) (long) RECV.invokeExact(fd, address, (long) length, flags);
                if (bytes >= 0) {
                    return bytes;
                }
                int error = Errno.at(errno);
                if (error != Errno.EINTR) {
                    return -error;
                }
            }
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    int send(int fd, long address, int length) {
        try {
            for (;;) {
                int bytes = (int) (long) SEND.invokeExact(fd, address, (long) length, MSG_DONTWAIT | MSG_NOSIGNAL);
                if (bytes >= 0) {
                    return bytes;
                }
                int error = Errno.at(errno);
                if (error != Errno.EINTR) {
                    return -error;
                }
            }
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** writev(2) has no flags and would raise SIGPIPE, so this is sendmsg(2). */
    int send(int fd, GatherList pieces) {
        long header = pieces.header();
        try {
            for (;;) {
                int bytes = (int) (long) SENDMSG.invokeExact(fd, header, MSG_DONTWAIT | MSG_NOSIGNAL);
                if (bytes >= 0) {
                    return bytes;
                }
                int error = Errno.at(errno);
                if (error != Errno.EINTR) {
                    return -error;
                }
            }
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** Frees the memory; no call may follow. */
    void free() {
        arena.close();
    }
}
