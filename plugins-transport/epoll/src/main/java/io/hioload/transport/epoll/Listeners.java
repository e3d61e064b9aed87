package io.hioload.transport.epoll;

import io.hioload.ffm.Errno;
import io.hioload.ffm.socket.Sockets;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;

/**
 * The listening sockets of one loop by number. The loop's thread only. Owns the descriptors.
 *
 * <p>Socket options are set on the listening socket and inherited by what it accepts, also after it moved to another
 * loop.
 */
final class Listeners {

    /** How long a listener rests when it cannot accept, such as for want of descriptors. */
    static final long BACKOFF_NS = 100_000_000;

    /** Set in the epoll data of listeners, so that they differ from connections, whose ids are positive. */
    static final long TAG = Long.MIN_VALUE;

    private final Syscalls sys;
    private final EpollSet epoll;
    private final int busyPollUs;
    private int[] fds = {-1, -1, -1, -1};
    private boolean resting;
    private long resumeNs;

    Listeners(Syscalls sys, EpollSet epoll, int busyPollUs) {
        this.sys = sys;
        this.epoll = epoll;
        this.busyPollUs = busyPollUs;
    }

    int fd(int number) {
        return number >= 0 && number < fds.length ? fds[number] : -1;
    }

    int listen(int number, SocketAddress local, ListenOptions options) {
        if (!(local instanceof InetSocketAddress address)) {
            return Status.NOT_SUPPORTED;
        }
        if (address.isUnresolved()) {
            return Status.ADDRESS_NOT_AVAILABLE;
        }
        if (fd(number) >= 0) {
            return Status.ADDRESS_IN_USE;
        }
        int fd = sys.openListener(address, options.backlog(), options.reusePort(), options.noDelay(), options.sendBufferBytes(),
                options.receiveBufferBytes());
        if (fd < 0) {
            return Status.ofErrno(-fd);
        }
        if (busyPollUs > 0) {
            // inherited by what it accepts; a process without CAP_NET_ADMIN does without
            sys.setOption(fd, Sockets.SOL_SOCKET, Sockets.SO_BUSY_POLL, busyPollUs);
        }
        int status = put(number, fd);
        if (status != Status.OK) {
            sys.close(fd);
        }
        return status;
    }

    int adopt(int number, int fd) {
        if (fd(number) >= 0) {
            return Status.ADDRESS_IN_USE;
        }
        int result = sys.setNonBlocking(fd);
        return result < 0 ? Status.ofErrno(-result) : put(number, fd);
    }

    private int put(int number, int fd) {
        int result = epoll.add(fd, EpollEvents.IN, TAG | number);
        if (result < 0) {
            return Status.ofErrno(-result);
        }
        if (number >= fds.length) {
            int before = fds.length;
            fds = Arrays.copyOf(fds, Math.max(number + 1, before * 2));
            Arrays.fill(fds, before, fds.length, -1);
        }
        fds[number] = fd;
        return Status.OK;
    }

    /**
     * Takes a listener out of the loop.
     *
     * @param number listener
     * @return its descriptor, the caller's now, or CLOSED
     */
    int detach(int number) {
        int fd = fd(number);
        if (fd < 0) {
            return Status.CLOSED;
        }
        fds[number] = -1;
        epoll.remove(fd);
        return fd;
    }

    SocketAddress localAddress(int number) {
        int fd = fd(number);
        return fd < 0 ? null : sys.localAddress(fd);
    }

    /**
     * Whether an accept failed because of the connection at the head of the queue: accept(2) says to go on with the
     * next. Other failures, such as EMFILE, leave the queue as it is, so that a level-triggered epoll would report it
     * without a pause.
     *
     * @param errno of accept4
     * @return true if the next accept may do better
     */
    static boolean isOfOneConnection(int errno) {
        return switch (errno) {
            case Errno.ECONNABORTED, Errno.EPROTO, Errno.ENOPROTOOPT, Errno.EOPNOTSUPP, Errno.ENETDOWN, Errno.ENETUNREACH,
                    Errno.EHOSTUNREACH, Errno.EPERM ->
                true;
            default -> false;
        };
    }

    /** Stops asking for connections of one listener for {@link #BACKOFF_NS}. */
    void rest(int number, long nowNs) {
        epoll.modify(fds[number], 0, TAG | number);
        resting = true;
        resumeNs = nowNs + BACKOFF_NS;
    }

    /**
     * Shortens a wait to the end of the rest, and ends the rest when it is over.
     *
     * @param timeoutNs wanted wait, negative for no limit
     * @return wait in ns
     */
    long bound(long timeoutNs) {
        if (!resting) {
            return timeoutNs;
        }
        long leftNs = resumeNs - System.nanoTime();
        if (leftNs > 0) {
            return timeoutNs < 0 ? leftNs : Math.min(timeoutNs, leftNs);
        }
        resting = false;
        for (int number = 0; number < fds.length; number++) {
            if (fds[number] >= 0) {
                epoll.modify(fds[number], EpollEvents.IN, TAG | number);
            }
        }
        return timeoutNs;
    }

    void close() {
        for (int number = 0; number < fds.length; number++) {
            if (fds[number] >= 0) {
                sys.close(fds[number]);
                fds[number] = -1;
            }
        }
    }
}
