package io.hioload.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The error number of native calls, by either of two ways.
 *
 * <p>After a {@link Native#critical} call: a platform thread asks for its {@link #location} once and then reads
 * {@link #at} right after each call that failed, in the next expression. The thread did not leave Java, so nothing of
 * the virtual machine ran in between save perhaps a safepoint, and library functions that succeed leave errno alone. Costs
 * one read.
 *
 * <p>After any call linked with {@link Native#CAPTURE_ERRNO}: {@link #captured} reads the segment that was passed. Costs 4
 * to 6 ns for each call. This way also serves virtual threads.
 *
 * <p>The constants are Linux's on x86-64 and AArch64 (asm-generic/errno.h), which differ from other systems' from
 * {@link #EAGAIN} on.
 */
public final class Errno {

    /** Operation not permitted. */
    public static final int EPERM = 1;
    /** No such file or directory. */
    public static final int ENOENT = 2;
    /** Interrupted by a signal. */
    public static final int EINTR = 4;
    /** Bad file descriptor. */
    public static final int EBADF = 9;
    /** Would block. */
    public static final int EAGAIN = 11;
    /** Out of memory. */
    public static final int ENOMEM = 12;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** Bad address. */
    public static final int EFAULT = 14;
    /** Device or resource busy. */
    public static final int EBUSY = 16;
    /** Exists already. */
    public static final int EEXIST = 17;
    /** No such device. */
    public static final int ENODEV = 19;
    /** Invalid argument. */
    public static final int EINVAL = 22;
    /** Too many open files in the system. */
    public static final int ENFILE = 23;
    /** Too many open files in the process. */
    public static final int EMFILE = 24;
    /** No space left. */
    public static final int ENOSPC = 28;
    /** Broken pipe. */
    public static final int EPIPE = 32;
    /** No such system call. */
    public static final int ENOSYS = 38;
    /** Timer expired. */
    public static final int ETIME = 62;
    /** Protocol error. */
    public static final int EPROTO = 71;
    /** Not a socket. */
    public static final int ENOTSOCK = 88;
    /** Message too long. */
    public static final int EMSGSIZE = 90;
    /** No such protocol option. */
    public static final int ENOPROTOOPT = 92;
    /** Operation not supported. */
    public static final int EOPNOTSUPP = 95;
    /** Address family not supported. */
    public static final int EAFNOSUPPORT = 97;
    /** Address in use. */
    public static final int EADDRINUSE = 98;
    /** Address not available. */
    public static final int EADDRNOTAVAIL = 99;
    /** Network down. */
    public static final int ENETDOWN = 100;
    /** Network unreachable. */
    public static final int ENETUNREACH = 101;
    /** Connection aborted. */
    public static final int ECONNABORTED = 103;
    /** Connection reset by peer. */
    public static final int ECONNRESET = 104;
    /** No buffer space. */
    public static final int ENOBUFS = 105;
    /** Connected already. */
    public static final int EISCONN = 106;
    /** Not connected. */
    public static final int ENOTCONN = 107;
    /** Connection timed out. */
    public static final int ETIMEDOUT = 110;
    /** Connection refused. */
    public static final int ECONNREFUSED = 111;
    /** Host unreachable. */
    public static final int EHOSTUNREACH = 113;
    /** In progress already. */
    public static final int EALREADY = 114;
    /** Connection being made. */
    public static final int EINPROGRESS = 115;
    /** Operation canceled. */
    public static final int ECANCELED = 125;

    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final long CAPTURED_OFFSET = CAPTURE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private Errno() {
    }

    /**
     * Where the calling thread's errno lives. Ask once, on the thread that will read.
     *
     * @return an address that is valid as long as the thread lives
     * @throws IllegalStateException if the thread is virtual: it has no errno of its own
     * @throws UnsatisfiedLinkError  if this system's C library does not tell
     */
    public static long location() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread has no errno of its own; link with CAPTURE_ERRNO");
        }
        try {
            long location = (long) Location.FUNCTION.invokeExact();
            // Reads it once: loading the classes that this takes opens files, and would change what a caller wants to read.
            at(location);
            return location;
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Reads errno, right after a critical call that reported failure.
     *
     * @param location from {@link #location}, of the calling thread
     * @return the error number
     */
    public static int at(long location) {
        return Memory.getInt(location);
    }

    /**
     * Makes the segment that calls linked with {@link Native#CAPTURE_ERRNO} write errno to. One for each thread will
     * do.
     *
     * @param arena owns it
     * @return the segment
     */
    public static MemorySegment newCapture(Arena arena) {
        return arena.allocate(CAPTURE);
    }

    /**
     * Reads errno as the last call left it, if that call reported failure.
     *
     * @param capture from {@link #newCapture}
     * @return the error number
     */
    public static int captured(MemorySegment capture) {
        return capture.get(ValueLayout.JAVA_INT, CAPTURED_OFFSET);
    }

    /**
     * What an error number means, by strerror(3). For messages to people: allocates.
     *
     * @param errno the error number
     * @return such as {@code Connection reset by peer (errno 104)}
     */
    public static String text(int errno) {
        return Text.of(errno) + " (errno " + errno + ")";
    }

    /** Linked when first asked for, so that constants and captures serve where the C library has no such function. */
    private static final class Location {
        static final MethodHandle FUNCTION = Native.critical(name(), FunctionDescriptor.of(ValueLayout.JAVA_LONG));

        private static String name() {
            return switch (Os.current()) {
                case MACOS -> "__error";
                case WINDOWS -> "_errno";
                case LINUX, OTHER -> "__errno_location";
            };
        }
    }

    private static final class Text {
        static final MethodHandle STRERROR = Native.downcall("strerror",
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

        static String of(int errno) {
            try {
                long text = (long) STRERROR.invokeExact(errno);
                return text == 0 ? "unknown error" : Memory.ALL.getString(text);
            } catch (Throwable t) {
                throw Native.rethrow(t);
            }
        }
    }
}
