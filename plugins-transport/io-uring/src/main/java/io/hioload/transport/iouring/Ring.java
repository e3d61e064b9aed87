package io.hioload.transport.iouring;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import io.hioload.transport.TransportException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * One io_uring: the submission and completion queues that are shared with the kernel (io_uring(7)). The thread that opens
 * it is the only one that may call it (IORING_SETUP_SINGLE_ISSUER). It owns the ring's descriptor and mappings.
 *
 * <p>Completions are made only while the thread is inside {@link #enter} (IORING_SETUP_DEFER_TASKRUN): between two calls
 * nothing is received or accepted.
 *
 * <p>Memory order: the kernel is the other side of both queues. Tails that we write are releases and tails that we read are
 * acquires, as in io_uring(7); so are the heads.
 *
 * <p>Cost: a submission is 8 writes to one cache line, a completion 3 reads. {@link #enter} is a system call.
 */
final class Ring {

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    /** What the rest of this bundle relies on; the newest of these is of Linux 6.1. */
    private static final int REQUIRED = Abi.SETUP_CQSIZE | Abi.SETUP_CLAMP | Abi.SETUP_SUBMIT_ALL | Abi.SETUP_TASKRUN_FLAG
            | Abi.SETUP_SINGLE_ISSUER | Abi.SETUP_DEFER_TASKRUN;

    /** The kernel takes no submissions only while it has no memory for a few hundred bytes. */
    private static final int MOST_ATTEMPTS = 1000;

    private static final int EXT_ARG_BYTES = 24;
    private static final int TIMESPEC_BYTES = 16;
    private static final int UPDATE_BYTES = 16;
    private static final int EBADR = 53;

    private final Syscalls sys;
    private final UringCounters counters;
    private final Features features;
    private final int fd;
    private final int enterFd;
    private final int enterFlags;

    private final long queues;
    private final long queuesBytes;
    private final long sqes;
    private final long sqesBytes;
    private final int sqEntries;
    private final int sqMask;
    private final long sqHead;
    private final long sqTail;
    private final long sqFlags;
    private final int cqMask;
    private final long cqHead;
    private final long cqTail;
    private final long cqes;

    private final long argument;
    private final long timespec;
    private final long update;

    private int tail;
    private int submitted;
    private int head;

    /**
     * Opens a ring.
     *
     * @param sys      of the calling thread
     * @param arena    must live as long as the ring
     * @param entries  length of the submission queue, a power of two
     * @param wanted   what to make use of if it is there
     * @param counters are counted up
     * @throws TransportException if the kernel refuses; says why
     */
    Ring(Syscalls sys, Arena arena, int entries, Features wanted, UringCounters counters) throws TransportException {
        this.sys = sys;
        this.counters = counters;
        long params = arena.allocate(Abi.PARAMS_BYTES, 8).address();
        boolean noSqArray = wanted.noSqArray();
        int result = setup(params, entries, noSqArray);
        if (result == -Errno.EINVAL && noSqArray) {
            noSqArray = false;
            result = setup(params, entries, false);
        }
        if (result < 0) {
            throw new TransportException(Refusal.ofSetup(-result));
        }
        fd = result;
        sqEntries = Memory.getInt(params);
        int cqEntries = Memory.getInt(params + 4);
        int indexArray = Memory.getInt(params + 64);
        int completions = Memory.getInt(params + 100);
        queuesBytes = Math.max(completions + (long) Abi.CQE_BYTES * cqEntries, noSqArray ? 0 : indexArray + 4L * sqEntries);
        sqesBytes = (long) Abi.SQE_BYTES * sqEntries;
        queues = sys.map(fd, queuesBytes, 0);
        sqes = queues < 0 ? queues : sys.map(fd, sqesBytes, Abi.OFFSET_SQES);
        if (sqes < 0) {
            sys.close(fd);
            throw new TransportException("mapping the queues of io_uring: " + Errno.text((int) -sqes));
        }
        sqHead = queues + Memory.getInt(params + 40);
        sqTail = queues + Memory.getInt(params + 44);
        sqMask = Memory.getInt(queues + Memory.getInt(params + 48));
        sqFlags = queues + Memory.getInt(params + 56);
        cqHead = queues + Memory.getInt(params + 80);
        cqTail = queues + Memory.getInt(params + 84);
        cqMask = Memory.getInt(queues + Memory.getInt(params + 88));
        cqes = queues + completions;
        if (!noSqArray) {
            for (int i = 0; i < sqEntries; i++) {
                Memory.putInt(queues + indexArray + 4L * i, i);
            }
        }
        argument = arena.allocate(EXT_ARG_BYTES + TIMESPEC_BYTES, 8).address();
        timespec = argument + EXT_ARG_BYTES;
        Memory.zero(argument, EXT_ARG_BYTES);
        Memory.putLong(argument + 16, timespec);
        update = arena.allocate(UPDATE_BYTES, 8).address();
        boolean registered = wanted.registeredRing() && registerFd(Abi.REGISTER_RING_FDS, -1, fd) == 1;
        enterFd = registered ? Memory.getInt(update) : fd;
        enterFlags = Abi.ENTER_GETEVENTS | (registered ? Abi.ENTER_REGISTERED_RING : 0);
        features = wanted.withNoSqArray(noSqArray).withRegisteredRing(registered);
    }

    private int setup(long params, int entries, boolean noSqArray) {
        Memory.zero(params, Abi.PARAMS_BYTES);
        Memory.putInt(params + 4, entries * UringSettings.COMPLETIONS_PER_ENTRY);
        Memory.putInt(params + 8, REQUIRED | (noSqArray ? Abi.SETUP_NO_SQARRAY : 0));
        return sys.setup(entries, params);
    }

    /** {@code struct io_uring_rsrc_update}, io_uring_register(2), IORING_REGISTER_RING_FDS. */
    private int registerFd(int operation, int offset, int data) {
        Memory.putInt(update, offset);
        Memory.putInt(update + 4, 0);
        Memory.putLong(update + 8, data);
        return sys.register(fd, operation, update, 1);
    }

    Features features() {
        return features;
    }

    int register(int operation, long argument, int count) {
        return sys.register(fd, operation, argument, count);
    }

    // ---- submissions

    /**
     * Takes the next submission; enters the kernel when the queue is full. It belongs to the kernel from the next
     * {@link #enter} or from the next full queue on, so the caller fills it in at once.
     *
     * @param code   IORING_OP_…
     * @param flags  IOSQE_…
     * @param target descriptor
     * @param data   user data
     * @return address of the submission; all that is not passed is 0
     */
    long prepare(int code, int flags, int target, long data) {
        if (tail - submitted == sqEntries) {
            submit();
        }
        long sqe = sqes + ((long) (tail++ & sqMask) << 6);
        Memory.putLong(sqe, code & 0xffL | (long) flags << 8 | (long) target << 32);
        Memory.putLong(sqe + 8, 0);
        Memory.putLong(sqe + 16, 0);
        Memory.putLong(sqe + 24, 0);
        Memory.putLong(sqe + 32, data);
        Memory.putLong(sqe + 40, 0);
        Memory.putLong(sqe + 48, 0);
        Memory.putLong(sqe + 56, 0);
        return sqe;
    }

    /**
     * The place of the submission that {@link #prepare} gave last.
     *
     * @return a number for {@link #isSubmitted}
     */
    int lastPrepared() {
        return tail - 1;
    }

    /**
     * Whether the kernel has taken a submission.
     *
     * @param place from {@link #lastPrepared}
     * @return true if it has
     */
    boolean isSubmitted(int place) {
        return place - submitted < 0;
    }

    /**
     * Makes a submission that the kernel has not taken one that does nothing. Searches for it: cold.
     *
     * @param data its user data
     * @return false if the kernel has it
     */
    boolean withdraw(long data) {
        for (int place = submitted; place != tail; place++) {
            long sqe = sqes + ((long) (place & sqMask) << 6);
            if (Memory.getLong(sqe + 32) == data) {
                Memory.zero(sqe, Abi.SQE_BYTES);
                Memory.putLong(sqe, Abi.OP_NOP | (long) Abi.SQE_CQE_SKIP_SUCCESS << 8);
                return true;
            }
        }
        return false;
    }

    boolean hasUnsubmitted() {
        return tail != submitted;
    }

    /** Makes the kernel take all submissions; it does nothing else, so nothing is received or accepted. */
    void submit() {
        for (int attempt = 0; tail != submitted; attempt++) {
            if (attempt == MOST_ATTEMPTS) {
                throw new IllegalStateException("io_uring takes no submissions");
            }
            enter(enterFlags & ~Abi.ENTER_GETEVENTS, 0, 0, 0);
        }
    }

    /**
     * Submits and reaps. When it returns, each operation that can be done without waiting has been done.
     *
     * @param wait      whether to wait for a completion
     * @param timeoutNs how long at the most, negative for ever
     */
    void enter(boolean wait, long timeoutNs) {
        if (wait && timeoutNs >= 0) {
            Memory.putLong(timespec, timeoutNs / 1_000_000_000L);
            Memory.putLong(timespec + 8, timeoutNs % 1_000_000_000L);
            enter(enterFlags | Abi.ENTER_EXT_ARG, 1, argument, EXT_ARG_BYTES);
        } else {
            enter(enterFlags, wait ? 1 : 0, 0, 0);
        }
    }

    private void enter(int flags, int complete, long arg, int argBytes) {
        INT.setRelease(Memory.ALL, sqTail, tail);
        INT.setRelease(Memory.ALL, cqHead, head);
        counters.enters.increment();
        int result = sys.enter(enterFd, tail - submitted, complete, flags, arg, argBytes);
        submitted = (int) INT.getAcquire(Memory.ALL, sqHead);
        if (result < 0) {
            refused(-result);
        }
    }

    private void refused(int errno) {
        switch (errno) {
            // The time is over, or a signal came, or there is no memory just now: the next turn enters again.
            case Errno.ETIME -> {
            }
            case Errno.EINTR, Errno.EAGAIN, Errno.EBUSY, Errno.ENOMEM -> counters.enterRetries.increment();
            case EBADR -> throw new IllegalStateException("io_uring has lost completions for want of memory");
            default -> throw new IllegalStateException("io_uring_enter: " + Errno.text(errno));
        }
    }

    // ---- completions

    /**
     * Whether the kernel has to be entered for completions that wait outside of the queue.
     *
     * @return true if there are some
     */
    boolean holdsBack() {
        return ((int) INT.getOpaque(Memory.ALL, sqFlags) & (Abi.SQ_TASKRUN | Abi.SQ_CQ_OVERFLOW)) != 0;
    }

    boolean overflowed() {
        return ((int) INT.getOpaque(Memory.ALL, sqFlags) & Abi.SQ_CQ_OVERFLOW) != 0;
    }

    boolean hasCompletions() {
        return head != completionsEnd();
    }

    /** The place of the first completion that was not yet {@link #advanceTo passed}. */
    int completions() {
        return head;
    }

    /** The place behind the last completion; newer ones come only while entering. */
    int completionsEnd() {
        return (int) INT.getAcquire(Memory.ALL, cqTail);
    }

    /**
     * A completion.
     *
     * @param place from {@link #completions} to before {@link #completionsEnd}
     * @return address of user data (8 bytes), result (4 bytes) and flags (4 bytes)
     */
    long completion(int place) {
        return cqes + ((long) (place & cqMask) << 4);
    }

    /** Gives the places of completions back; the kernel learns of it when it is entered. */
    void advanceTo(int place) {
        head = place;
    }

    /** Closes the ring. What is still under way is cancelled by the kernel, not necessarily before this returns. */
    void close() {
        if (features.registeredRing()) {
            registerFd(Abi.UNREGISTER_RING_FDS, enterFd, 0);
        }
        sys.unmap(sqes, sqesBytes);
        sys.unmap(queues, queuesBytes);
        sys.close(fd);
    }
}
