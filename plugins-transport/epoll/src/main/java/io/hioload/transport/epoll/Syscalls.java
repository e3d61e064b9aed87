package io.hioload.transport.epoll;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import io.hioload.ffm.Native;
import io.hioload.ffm.socket.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system calls of the epoll transport: those of {@link Sockets}, epoll's own, and what accepts and moves bytes; as a
 * class of its own so that tests can put faults in. Results are those of section 2 of the manual, or {@code -errno};
 * interrupted calls are repeated here and nowhere else.
 *
 * <p>One instance belongs to the platform thread that made it: errno is read where that thread keeps it.
 *
 * <p>Cost: all but a waiting epoll_wait are critical calls, about 3 ns over the call in C. Bytes are moved by syscall(2) and
 * not by the C library's recv and send: in a process with threads these are cancellation points, with two locked
 * instructions each.
 */
class Syscalls extends Sockets {

    static final int CTL_ADD = 1;
    static final int CTL_DEL = 2;
    static final int CTL_MOD = 3;

    private static final long SET_PARAMS = 0x4008_8a01L; // EPIOCSPARAMS
    private static final short BUSY_POLL_BUDGET = 8;

    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    private static final FunctionDescriptor INT_1 = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor WAIT = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);

    private static final MethodHandle EPOLL_CREATE = Native.critical("epoll_create1", INT_1);
    private static final MethodHandle EPOLL_CTL = Native.critical("epoll_ctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle EPOLL_WAIT = Native.downcall("epoll_wait", WAIT);
    private static final MethodHandle EPOLL_POLL = Native.critical("epoll_wait", WAIT);
    private static final MethodHandle IOCTL = Native.critical("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle ACCEPT = Native.critical("accept4",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    /** recvfrom and sendto, which recv and send are. */
    private static final MethodHandle TRANSFER_CALL = Native.critical("syscall", TRANSFER, Linker.Option.firstVariadicArg(1));
    private static final boolean X86_64 = EpollEvents.isX86(System.getProperty("os.arch", ""));
    private static final long RECVFROM = X86_64 ? 45 : 207;
    private static final long SENDTO = X86_64 ? 44 : 206;
    private static final MethodHandle SENDMSG = Native.critical("sendmsg",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));

    private final Arena arena;

    /** Makes the calls for the calling platform thread. */
    Syscalls() {
        this(Arena.ofConfined());
    }

    private Syscalls(Arena arena) {
        super(arena);
        this.arena = arena;
    }

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

    /**
     * Sets {@code struct epoll_params}, ioctl_eventpoll(2): how long to poll, how many packets at once, and that polling is
     * not preferred to interrupts.
     *
     * @param scratch 8 bytes
     */
    int setBusyPoll(int epoll, long scratch, int microseconds) {
        Memory.putInt(scratch, microseconds);
        Memory.putShort(scratch + 4, BUSY_POLL_BUDGET);
        Memory.putShort(scratch + 6, (short) 0);
        try {
            return result((int) IOCTL.invokeExact(epoll, SET_PARAMS, scratch));
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
                int bytes = (int) (long) TRANSFER_CALL.invokeExact(RECVFROM, (long) fd, address, (long) length, (long) flags, 0L, 0L);
                if (bytes >= 0) {
                    return bytes;
                }
                int error = errno();
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
                int bytes = (int) (long) TRANSFER_CALL.invokeExact(SENDTO, (long) fd, address, (long) length,
                        (long) (MSG_DONTWAIT | MSG_NOSIGNAL), 0L, 0L);
                if (bytes >= 0) {
                    return bytes;
                }
                int error = errno();
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
                int error = errno();
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
