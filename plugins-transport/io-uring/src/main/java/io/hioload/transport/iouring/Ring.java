package io.hioload.transport.iouring;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import io.hioload.transport.TransportException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * One io_uring: the submission and completion queues that are shared with the kernel (io_uring(7)). The thread that opens
 * it is the only one that may call it (IORING_SETUP_SINGLE_ISSUER). It owns the ring's descriptor and mappings.
 *
 * <p>Completions are made only while the thread is inside {@link #enter} (IORING_SETUP_DEFER_TASKRUN): between two calls
 * nothing is received or accepted. If a kernel thread takes the submissions (IORING_SETUP_SQPOLL) it is the other way
 * round: it does everything, and {@link #enter} is a system call only to wake it or to wait.
 *
 * <p>Memory order: the kernel is the other side of both queues. Tails that we write are releases and tails that we read are
 * acquires, as in io_uring(7); so are the heads. The kernel posts the completions of what it has taken before it moves the
 * submission queue's head, so whoever reads that head first sees all of them. The full fence between writing the tail and
 * asking whether the kernel thread sleeps pairs with the one that it makes between saying so and looking at the tail.
 *
 * <p>Cost: a submission is 8 writes to one cache line, a completion 3 reads. {@link #enter} is a system call.
 */
final class Ring {

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    /** What the rest of this bundle relies on. */
    private static final int REQUIRED = Abi.SETUP_CQSIZE | Abi.SETUP_CLAMP | Abi.SETUP_SUBMIT_ALL | Abi.SETUP_SINGLE_ISSUER;

    /** And this, unless a kernel thread does the work; of Linux 6.1. */
    private static final int DEFERRED = Abi.SETUP_TASKRUN_FLAG | Abi.SETUP_DEFER_TASKRUN;

    /** The kernel takes no submissions only while it has no memory for a few hundred bytes. */
    private static final int MOST_ATTEMPTS = 1000;

    /** Enough to hand many connections over soon; 256 were slower at 1,000 busy connections, in the one noisy run there was. */
    private static final int MOST_KEPT = 64;

    private static final int EXT_ARG_BYTES = 24;
    private static final int TIMESPEC_BYTES = 16;
    private static final int UPDATE_BYTES = 16;
    private static final int PROBE_HEADER_BYTES = 16;
    private static final int PROBE_OP_BYTES = 8;
    private static final int EBADR = 53;

    private final Syscalls sys;
    private final UringCounters counters;
    private final Features features;
    private final int fd;
    private final int enterFd;
    private final int enterFlags;
    private final boolean polled;

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
    private int published;
    private int submitted;
    private int head;
    private int returned;
    private int mostKept;

    /**
     * Opens a ring.
     *
     * @param sys      of the calling thread
     * @param arena    must live as long as the ring
     * @param settings how long the queues are, and what to make use of if it is there
     * @param counters are counted up
     * @throws TransportException if the kernel refuses; says why
     */
    Ring(Syscalls sys, Arena arena, UringSettings settings, UringCounters counters) throws TransportException {
        this.sys = sys;
        this.counters = counters;
        long params = arena.allocate(Abi.PARAMS_BYTES, 8).address();
        Features wanted = settings.wanted().with(Feature.SQPOLL, settings.sqPoll() && settings.wanted().has(Feature.SQPOLL));
        Features there = wanted;
        int result = -Errno.EINVAL;
        // The plainest last: what the kernel says to that one is the reason.
        for (Features attempt : List.of(wanted, wanted.with(Feature.NO_SQARRAY, false), wanted.with(Feature.SQPOLL, false),
                wanted.with(Feature.SQPOLL, false).with(Feature.NO_SQARRAY, false))) {
            if (result < 0) {
                there = attempt;
                result = setup(params, settings, attempt);
            }
        }
        if (result < 0) {
            throw new TransportException(new Refusal(sys).of("io_uring_setup", -result));
        }
        fd = result;
        polled = there.has(Feature.SQPOLL);
        mostKept = polled ? 0 : Math.min(MOST_KEPT, settings.entries());
        boolean noSqArray = there.has(Feature.NO_SQARRAY);
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
            throw new TransportException(new Refusal(sys).of("mapping the queues of io_uring", (int) -sqes));
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
        boolean registered = there.has(Feature.REGISTERED_RING) && registerFd(Abi.REGISTER_RING_FDS, -1, fd) == 1;
        enterFd = registered ? Memory.getInt(update) : fd;
        enterFlags = Abi.ENTER_GETEVENTS | (registered ? Abi.ENTER_REGISTERED_RING : 0);
        features = there.with(Feature.REGISTERED_RING, registered)
                .with(Feature.SEND_ZC, there.has(Feature.SEND_ZC) && supports(arena, Abi.OP_SEND_ZC) && supports(arena, Abi.OP_SENDMSG_ZC));
    }

    private int setup(long params, UringSettings settings, Features with) {
        boolean sqPoll = with.has(Feature.SQPOLL);
        Memory.zero(params, Abi.PARAMS_BYTES);
        Memory.putInt(params + 4, settings.entries() * UringSettings.COMPLETIONS_PER_ENTRY);
        Memory.putInt(params + 8, REQUIRED | (sqPoll ? Abi.SETUP_SQPOLL : DEFERRED)
                | (sqPoll && settings.sqPollCpu() >= 0 ? Abi.SETUP_SQ_AFF : 0) | (with.has(Feature.NO_SQARRAY) ? Abi.SETUP_NO_SQARRAY : 0));
        Memory.putInt(params + 12, Math.max(0, settings.sqPollCpu()));
        Memory.putInt(params + 16, settings.sqPollIdleMs());
        return sys.setup(settings.entries(), params);
    }

    /** {@code struct io_uring_probe}, io_uring_register(2), IORING_REGISTER_PROBE. */
    private boolean supports(Arena arena, int code) {
        long probe = arena.allocate(PROBE_HEADER_BYTES + PROBE_OP_BYTES * (code + 1L), 8).address();
        Memory.zero(probe, PROBE_HEADER_BYTES + PROBE_OP_BYTES * (code + 1L));
        return sys.register(fd, Abi.REGISTER_PROBE, probe, code + 1) == 0
                && (Memory.getShort(probe + PROBE_HEADER_BYTES + (long) PROBE_OP_BYTES * code + 2) & Abi.PROBE_OP_SUPPORTED) != 0;
    }

    /** {@code struct io_uring_rsrc_update}, io_uring_register(2), IORING_REGISTER_RING_FDS. */
    private int registerFd(int operation, int offset, int data) {
        Memory.putInt(update, offset);
        Memory.putInt(update + 4, 0);
        Memory.putLong(update + 8, data);
        return sys.register(fd, operation, update, 1);
    }

    /**
     * Lets waits poll the device that the sockets' packets come from: {@code struct io_uring_napi}, io_uring_register(2).
     * The loopback has none.
     *
     * @return false if the kernel does not take it
     */
    boolean busyPoll(int microseconds) {
        Memory.zero(update, UPDATE_BYTES);
        Memory.putInt(update, microseconds);
        return sys.register(fd, Abi.REGISTER_NAPI, update, 1) >= 0;
    }

    Features features() {
        return features;
    }

    /** Why a call for this ring was refused. */
    String refusal(String call, int errno) {
        return new Refusal(sys).of(call, errno);
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
            submitFullQueue();
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
        for (int place = polled ? published : submitted; place != tail; place++) {
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

    /** Whether {@link #enter} would do anything without waiting. */
    boolean isDue() {
        return tail != submitted || holdsBack() || polled && head != returned;
    }

    /** Makes the kernel take submissions; it does nothing else, so nothing is received or accepted. */
    void submit() {
        enter(enterFlags & ~Abi.ENTER_GETEVENTS, 0, 0, 0);
    }

    /** The same until there is room for one. */
    private void submitFullQueue() {
        int flags = polled ? Abi.ENTER_SQ_WAIT | enterFlags & ~Abi.ENTER_GETEVENTS : enterFlags & ~Abi.ENTER_GETEVENTS;
        for (int attempt = 0; tail - submitted == sqEntries; attempt++) {
            if (attempt == MOST_ATTEMPTS) {
                throw new IllegalStateException("io_uring takes no submissions");
            }
            enter(flags, 0, 0, 0);
        }
    }

    /**
     * Submits and reaps. When it returns, each operation that can be done without waiting has been done, unless a kernel
     * thread does it: then it was told.
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

    /**
     * Gives the places of processed completions back, but for some. The kernel runs as many pieces of deferred work in one
     * call as completions are asked for, and 20 if those are fewer. The kept ones are asked for once more: they are there, so
     * nothing is waited for, and more work is done in one call.
     */
    private void giveBack() {
        if (head - returned > mostKept || overflowed()) {
            returned = overflowed() ? head : head - mostKept;
            INT.setRelease(Memory.ALL, cqHead, returned);
        }
    }

    /** Does less at once from now on: what came in did not fit into the buffers. */
    void reapFewer() {
        mostKept /= 2;
    }

    private void enter(int flags, int complete, long arg, int argBytes) {
        INT.setRelease(Memory.ALL, sqTail, tail);
        giveBack();
        published = tail;
        int how = flags;
        if (polled) {
            VarHandle.fullFence();
            int state = (int) INT.getOpaque(Memory.ALL, sqFlags);
            boolean sleeps = (state & Abi.SQ_NEED_WAKEUP) != 0 && tail != submitted;
            if (!sleeps && complete == 0 && (flags & Abi.ENTER_SQ_WAIT) == 0 && (state & Abi.SQ_CQ_OVERFLOW) == 0) {
                submitted = (int) INT.getAcquire(Memory.ALL, sqHead);
                return;
            }
            how |= sleeps ? Abi.ENTER_SQ_WAKEUP : 0;
        }
        counters.enters.increment();
        int result = sys.enter(enterFd, tail - submitted, complete + head - returned, how, arg, argBytes);
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
            default -> throw new IllegalStateException(refusal("io_uring_enter", errno));
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

    /** The place behind the last completion; newer ones come only while entering, or from a kernel thread. */
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

    /**
     * Gives the places of completions back; the kernel learns of it when it is entered. Never past the tail: a kernel that
     * finds the head beyond it waits for ever and cannot even be killed (seen on 6.18).
     */
    void advanceTo(int place) {
        head = place;
    }

    /** Closes the ring. What is still under way is cancelled by the kernel, not necessarily before this returns. */
    void close() {
        if (features.has(Feature.REGISTERED_RING)) {
            registerFd(Abi.UNREGISTER_RING_FDS, enterFd, 0);
        }
        sys.unmap(sqes, sqesBytes);
        sys.unmap(queues, queuesBytes);
        sys.close(fd);
    }
}
