package io.hioload.transport.iouring;

import io.hioload.ffm.Errno;
import io.hioload.ffm.socket.Sockets;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;

/**
 * The listening sockets of one loop by number, each under a multishot accept. The loop's thread only. Owns the
 * descriptors.
 *
 * <p>Socket options are set on the listening socket and inherited by what it accepts, also after it moved to another
 * loop.
 */
final class Listeners {

    /** How long a listener rests when the process is out of descriptors: the connection stays in the queue. */
    static final long BACKOFF_NS = 100_000_000;

    private static final int NO_FD = -1;

    private final Sockets sockets;
    private final Submissions submissions;
    private final UringCounters counters;
    private final int busyPollUs;
    private int[] fds = {NO_FD, NO_FD, NO_FD, NO_FD};
    private int[] generations = new int[4];
    private int[] detached = new int[4];
    private boolean[] accepting = new boolean[4];
    private boolean[] resting = new boolean[4];
    private boolean anyResting;
    private long resumeNs;

    Listeners(Sockets sockets, Submissions submissions, UringCounters counters, int busyPollUs) {
        this.sockets = sockets;
        this.submissions = submissions;
        this.counters = counters;
        this.busyPollUs = busyPollUs;
    }

    private int fd(int number) {
        return number >= 0 && number < fds.length ? fds[number] : NO_FD;
    }

    int count() {
        return fds.length;
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
        int fd = sockets.openListener(address, options.backlog(), options.reusePort(), options.noDelay(), options.sendBufferBytes(),
                options.receiveBufferBytes());
        if (fd < 0) {
            return Status.ofErrno(-fd);
        }
        if (busyPollUs > 0) {
            // inherited by what it accepts; a process without CAP_NET_ADMIN does without
            sockets.setOption(fd, Sockets.SOL_SOCKET, Sockets.SO_BUSY_POLL, busyPollUs);
        }
        put(number, fd);
        return Status.OK;
    }

    int adopt(int number, int fd) {
        if (fd(number) >= 0) {
            return Status.ADDRESS_IN_USE;
        }
        int result = sockets.setNonBlocking(fd);
        if (result < 0) {
            return Status.ofErrno(-result);
        }
        put(number, fd);
        return Status.OK;
    }

    private void put(int number, int fd) {
        int before = fds.length;
        if (number >= before) {
            int after = Math.max(number + 1, before * 2);
            fds = Arrays.copyOf(fds, after);
            generations = Arrays.copyOf(generations, after);
            detached = Arrays.copyOf(detached, after);
            accepting = Arrays.copyOf(accepting, after);
            resting = Arrays.copyOf(resting, after);
            Arrays.fill(fds, before, after, NO_FD);
        }
        fds[number] = fd;
        generations[number]++;
        resting[number] = false;
        arm(number);
    }

    private void arm(int number) {
        accepting[number] = true;
        submissions.accept(fds[number], generations[number], number);
    }

    /**
     * Closes a listener. It stops listening at once, although the kernel keeps the socket until its accept is cancelled;
     * what waits in its queue is reset.
     *
     * @param number listener
     * @return OK or CLOSED
     */
    int unlisten(int number) {
        int fd = fd(number);
        if (fd < 0) {
            return Status.CLOSED;
        }
        fds[number] = NO_FD;
        sockets.shutdown(fd, Sockets.SHUT_RDWR);
        cancel(number);
        sockets.close(fd);
        return Status.OK;
    }

    /**
     * Takes a listener out of the loop. What was accepted before still has to be delivered.
     *
     * @param number listener
     * @return its descriptor, the caller's now, or CLOSED
     */
    int detach(int number) {
        int fd = fd(number);
        if (fd < 0) {
            return Status.CLOSED;
        }
        fds[number] = NO_FD;
        detached[number] = generations[number];
        cancel(number);
        return fd;
    }

    private void cancel(int number) {
        if (accepting[number] && submissions.cancelAccept(generations[number], number)) {
            accepting[number] = false;
        }
    }

    /**
     * Whether the kernel still accepts for a number.
     *
     * @param number listener, open or taken out
     * @return true until its accept has completed for the last time
     */
    boolean isAccepting(int number) {
        return accepting[number];
    }

    SocketAddress localAddress(int number) {
        int fd = fd(number);
        return fd < 0 ? null : sockets.localAddress(fd);
    }

    /**
     * Takes the completion of an accept.
     *
     * @param data   its user data
     * @param result its result
     * @param last   whether the accept has ended with it
     * @return the descriptor of a connection that is to be served, or negative
     */
    int completed(long data, int result, boolean last) {
        int number = Operation.place(data);
        boolean current = Operation.isOf(data, generations[number]);
        boolean listens = current && fds[number] >= 0;
        if (last) {
            submissions.ended();
            if (current) {
                accepting[number] = false;
            }
            if (listens && !isShortage(-result)) {
                arm(number);
            }
        }
        if (result < 0) {
            if (listens) {
                counters.errors.increment();
                if (isShortage(-result)) {
                    rest(number);
                }
            }
            return result;
        }
        if (!listens && !Operation.isOf(data, detached[number])) {
            sockets.close(result);
            return Status.CLOSED;
        }
        return result;
    }

    /** All but the errors of single connections (accept(2)): to try again at once would not help. */
    private static boolean isShortage(int errno) {
        return switch (errno) {
            case Errno.ECONNABORTED, Errno.EPROTO, Errno.EINTR, Errno.ENETDOWN, Errno.ENETUNREACH, Errno.EHOSTUNREACH,
                    Errno.ENOPROTOOPT, Errno.EPERM ->
                false;
            default -> errno > 0;
        };
    }

    private void rest(int number) {
        counters.acceptBackoffs.increment();
        resting[number] = true;
        anyResting = true;
        resumeNs = System.nanoTime() + BACKOFF_NS;
    }

    /**
     * Shortens a wait to the end of the rest, and ends the rest when it is over.
     *
     * @param timeoutNs wanted wait, negative for no limit
     * @return wait in ns
     */
    long bound(long timeoutNs) {
        if (!anyResting) {
            return timeoutNs;
        }
        long leftNs = resumeNs - System.nanoTime();
        if (leftNs > 0) {
            return timeoutNs < 0 ? leftNs : Math.min(timeoutNs, leftNs);
        }
        anyResting = false;
        for (int number = 0; number < fds.length; number++) {
            if (resting[number]) {
                resting[number] = false;
                if (fds[number] >= 0) {
                    arm(number);
                }
            }
        }
        return timeoutNs;
    }
}
