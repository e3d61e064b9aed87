package io.hioload.transport.epoll;

import io.hioload.ffm.Errno;
import io.hioload.transport.Status;

/** What error numbers mean to users of a transport. */
final class ErrnoStatus {

    private ErrnoStatus() {
    }

    /**
     * The status for an error number.
     *
     * @param errno the error number, positive
     * @return a negative {@link Status}
     */
    static int of(int errno) {
        return switch (errno) {
            case Errno.EAGAIN -> Status.BACK_PRESSURED;
            case Errno.ECONNREFUSED -> Status.REFUSED;
            case Errno.ECONNRESET, Errno.EPIPE, Errno.ENOTCONN, Errno.ECONNABORTED -> Status.RESET;
            case Errno.ETIMEDOUT -> Status.TIMED_OUT;
            case Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.ENETDOWN -> Status.UNREACHABLE;
            case Errno.EADDRINUSE -> Status.ADDRESS_IN_USE;
            case Errno.EADDRNOTAVAIL -> Status.ADDRESS_NOT_AVAILABLE;
            case Errno.EACCES, Errno.EPERM -> Status.NOT_PERMITTED;
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM, Errno.ENOSPC -> Status.NO_RESOURCES;
            case Errno.EAFNOSUPPORT, Errno.EOPNOTSUPP, Errno.ENOPROTOOPT -> Status.NOT_SUPPORTED;
            case Errno.EBADF, Errno.ENOTSOCK -> Status.CLOSED;
            default -> Status.OS_ERROR;
        };
    }
}
