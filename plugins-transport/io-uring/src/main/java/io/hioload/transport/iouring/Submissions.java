package io.hioload.transport.iouring;

import io.hioload.ffm.Memory;
import io.hioload.ffm.socket.Sockets;

/**
 * The operations that stay with the kernel until something happens: receives, accepts, waits. The loop's thread only.
 * It counts them, because buffers and memory may go only when there are none left.
 */
final class Submissions {

    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;

    private static final int IO_PRIORITY_OFFSET = 2;
    private static final int ADDRESS_OFFSET = 16;
    private static final int LENGTH_OFFSET = 24;
    private static final int FLAGS_OFFSET = 28;
    private static final int GROUP_OFFSET = 40;

    private final Ring ring;
    private final UringCounters counters;
    private int armed;

    Submissions(Ring ring, UringCounters counters) {
        this.ring = ring;
        this.counters = counters;
    }

    /** Receives again and again into the {@link BufferRing}; io_uring_prep_recv_multishot(3). */
    void receive(int fd, int generation, int slot) {
        long sqe = ring.prepare(Abi.OP_RECV, Abi.SQE_BUFFER_SELECT, fd, Operation.data(Operation.RECEIVE, generation, slot));
        Memory.putShort(sqe + IO_PRIORITY_OFFSET, (short) Abi.RECV_MULTISHOT);
        Memory.putShort(sqe + GROUP_OFFSET, (short) BufferRing.GROUP);
        counters.receiveArms.increment();
        armed++;
    }

    /** Completes once when the socket is connected or takes bytes, or broke; io_uring_prep_poll_add(3). */
    void writable(int fd, int generation, int slot) {
        long sqe = ring.prepare(Abi.OP_POLL_ADD, 0, fd, Operation.data(Operation.WRITABLE, generation, slot));
        Memory.putInt(sqe + FLAGS_OFFSET, POLLOUT);
        armed++;
    }

    /**
     * Completes once when the connection breaks, whoever still has something to read: the kernel reports POLLERR and POLLHUP
     * unasked, and the latter also when both sides have ended; io_uring_prep_poll_add(3).
     */
    void broken(int fd, int generation, int slot) {
        ring.prepare(Abi.OP_POLL_ADD, 0, fd, Operation.data(Operation.BROKEN, generation, slot));
        armed++;
    }

    /** Accepts again and again; io_uring_prep_multishot_accept(3). */
    void accept(int fd, int generation, int number) {
        long sqe = ring.prepare(Abi.OP_ACCEPT, 0, fd, Operation.data(Operation.ACCEPT, generation, number));
        Memory.putShort(sqe + IO_PRIORITY_OFFSET, (short) Abi.ACCEPT_MULTISHOT);
        Memory.putInt(sqe + FLAGS_OFFSET, Sockets.NONBLOCK | Sockets.CLOEXEC);
        armed++;
    }

    /** Completes at each write to an eventfd; io_uring_prep_poll_multishot(3). */
    void wake(int fd) {
        long sqe = ring.prepare(Abi.OP_POLL_ADD, 0, fd, Operation.data(Operation.WAKE, 0, 0));
        Memory.putInt(sqe + LENGTH_OFFSET, Abi.POLL_ADD_MULTI);
        Memory.putInt(sqe + FLAGS_OFFSET, POLLIN);
        armed++;
    }

    /**
     * Takes an operation of a slot back; it then completes for the last time. The cancel itself completes only when it does
     * not find the operation: that may have ended, or just be running.
     *
     * @param operation  of {@link Operation}
     * @param generation with which it was submitted
     * @param slot       with which it was submitted
     */
    void cancel(int operation, int generation, int slot) {
        cancel(Operation.data(operation, generation, slot), Operation.data(Operation.CANCEL, generation, slot));
    }

    private void cancel(long target, long data) {
        long sqe = ring.prepare(Abi.OP_ASYNC_CANCEL, Abi.SQE_CQE_SKIP_SUCCESS, -1, data);
        Memory.putLong(sqe + ADDRESS_OFFSET, target);
    }

    /**
     * Takes an accept back so that it accepts nothing from the next entering on.
     *
     * @param generation with which it was submitted
     * @param number     with which it was submitted
     * @return true if the kernel has not even seen it; else it still completes for the last time
     */
    boolean cancelAccept(int generation, int number) {
        long target = Operation.data(Operation.ACCEPT, generation, number);
        if (ring.withdraw(target)) {
            armed--;
            return true;
        }
        cancel(target, Operation.data(Operation.NONE, 0, 0));
        return false;
    }

    /** Takes everything back. */
    void cancelAll() {
        long sqe = ring.prepare(Abi.OP_ASYNC_CANCEL, Abi.SQE_CQE_SKIP_SUCCESS, -1, Operation.data(Operation.NONE, 0, 0));
        Memory.putInt(sqe + FLAGS_OFFSET, Abi.CANCEL_ALL | Abi.CANCEL_ANY);
    }

    /** Too much came in at once for the buffers. */
    void reapFewer() {
        ring.reapFewer();
    }

    /** An operation has completed for the last time. */
    void ended() {
        armed--;
    }

    /**
     * How many operations are with the kernel, or on their way there.
     *
     * @return those whose last completion was not processed
     */
    int armed() {
        return armed;
    }
}
