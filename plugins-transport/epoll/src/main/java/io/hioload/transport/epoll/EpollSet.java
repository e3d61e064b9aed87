package io.hioload.transport.epoll;

import java.lang.foreign.Arena;

/** One epoll instance, epoll(7), and its event array. The loop's thread only; owns the descriptor. */
final class EpollSet {

    private static final int MOST_EVENTS = 1024;

    private final Syscalls sys;
    private final int fd;
    private final EpollEvents ready;
    private final EpollEvents request;

    EpollSet(Syscalls sys, Arena arena, int fd) {
        this.sys = sys;
        this.fd = fd;
        ready = new EpollEvents(arena, MOST_EVENTS);
        request = new EpollEvents(arena, 1);
    }

    EpollEvents ready() {
        return ready;
    }

    int await(int limit, int timeoutMs) {
        return sys.epollWait(fd, ready.address, Math.clamp(limit, 1, MOST_EVENTS), timeoutMs);
    }

    /**
     * Lets waits poll the device that the sockets' packets come from, ioctl_eventpoll(2), Linux 6.9. The loopback has none.
     *
     * @return false if the kernel does not take it
     */
    boolean busyPoll(int microseconds) {
        return sys.setBusyPoll(fd, request.address, microseconds) >= 0;
    }

    int add(int socket, int mask, long data) {
        request.set(0, mask, data);
        return sys.epollControl(fd, Syscalls.CTL_ADD, socket, request.address);
    }

    int modify(int socket, int mask, long data) {
        request.set(0, mask, data);
        return sys.epollControl(fd, Syscalls.CTL_MOD, socket, request.address);
    }

    int remove(int socket) {
        return sys.epollControl(fd, Syscalls.CTL_DEL, socket, request.address);
    }

    void close() {
        sys.close(fd);
    }
}
