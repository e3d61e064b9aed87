package io.hioload.transport.iouring;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import io.hioload.transport.SendQueues;
import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * The sends of a turn: which connections have something to send, then the operations for all of them, submitted together.
 * The loop's thread only. Buffers are owned by the queues.
 *
 * <p>An operation sends all that a connection has queued, without waiting (MSG_DONTWAIT), so that it is over when the kernel
 * has taken it, and says nothing when all went out (IOSQE_CQE_SKIP_SUCCESS). MSG_WAITALL makes a short send a failure, and
 * failures complete. So after entering, what the kernel has taken and what did not complete was sent. Nothing of a
 * connection that waits for its peer is with the kernel. There is at most one operation for each connection: behind a
 * short one, another would put its bytes in the gap.
 *
 * <p>From a length on an operation sends without copying (IORING_OP_SEND_ZC). It always completes, in the same way; its
 * buffers are held until the notification that follows. When the kernel has no memory to pin (RLIMIT_MEMLOCK), this one and
 * the next {@value #COPIES_AFTER_SHORTAGE} copy before it is tried again: a message may be longer than the limit, so no
 * notification could tell that there is room. When the socket cannot do it, all of this loop copy.
 *
 * <p>Operations are numbered without end and lie in arrays whose length is a power of two.
 */
final class Sends {

    static final int COPIES_AFTER_SHORTAGE = 64;

    private static final int MSG_FLAGS = 0x40 | 0x100 | 0x4000; // MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL
    private static final int IO_PRIORITY_OFFSET = 2;
    private static final int ADDRESS_OFFSET = 16;
    private static final int LENGTH_OFFSET = 24;

    private final Ring ring;
    private final ConnectionTable table;
    private final SendQueues queues;
    private final UringCounters counters;
    private final GatherMemory gather;
    private final ZeroCopyHolds holds = new ZeroCopyHolds();
    private final short zeroCopyPriority;
    private int zeroCopyBytes;
    /** So many of those that need not copy still do. */
    private int copiesLeft;

    private int[] ready = new int[64];
    private int readyCount;

    private int[] slots = new int[64];
    private int[] places = new int[64];
    private int[] lengths = new int[64];
    private int[] results = new int[64];
    private int prepared;
    private int through;
    private int finished;
    private int scanned;
    private int current;

    /**
     * Makes the sends of a loop.
     *
     * @param ring          takes them
     * @param arena         must live as long as the ring
     * @param table         whose descriptors are sent on
     * @param queues        what is to be sent
     * @param zeroCopyBytes from how many on it is not copied; 0 for never
     * @param counters      are counted up
     */
    Sends(Ring ring, Arena arena, ConnectionTable table, SendQueues queues, int zeroCopyBytes, UringCounters counters) {
        this.ring = ring;
        this.table = table;
        this.queues = queues;
        this.counters = counters;
        gather = new GatherMemory(arena);
        this.zeroCopyBytes = zeroCopyBytes == 0 || !ring.features().has(Feature.SEND_ZC) ? Integer.MAX_VALUE : zeroCopyBytes;
        // Linux 6.2 can say whether it did copy; a ring without index array is of 6.6.
        zeroCopyPriority = (short) (ring.features().has(Feature.NO_SQARRAY) ? Abi.SEND_ZC_REPORT_USAGE : 0);
    }

    /** Makes a connection part of the next {@link #prepare}. */
    void ready(int slot) {
        if (table.has(slot, ConnectionTable.READY)) {
            return;
        }
        table.set(slot, ConnectionTable.READY);
        if (readyCount == ready.length) {
            ready = Arrays.copyOf(ready, readyCount * 2);
        }
        ready[readyCount++] = slot;
    }

    int readyCount() {
        return readyCount;
    }

    /**
     * Operations that are not through.
     *
     * @return how many, counting those to be prepared, but not those that are over while their buffers are held: a peer that
     *         reads nothing would keep them for ever
     */
    int inFlight() {
        return readyCount + prepared - finished;
    }

    /** Whether an operation was prepared whose outcome is not known. */
    boolean arePrepared() {
        return prepared != finished;
    }

    /** Makes an operation for each connection that has something to send. */
    void prepare() {
        int count = readyCount;
        if (count == 0) {
            return;
        }
        readyCount = 0;
        if (prepared == through) {
            gather.clear();
        }
        for (int i = 0; i < count; i++) {
            int slot = ready[i];
            // Without the mark the slot was freed meanwhile, or is in the list twice.
            if (table.has(slot, ConnectionTable.READY)) {
                table.clear(slot, ConnectionTable.READY);
                if (!queues.isEmpty(slot) && !table.has(slot, ConnectionTable.ENDING | ConnectionTable.DETACHING)) {
                    prepare(slot);
                }
            }
        }
    }

    private void prepare(int slot) {
        if (prepared - finished == slots.length) {
            grow();
        }
        int index = prepared & slots.length - 1;
        int first = queues.first(slot);
        long header = queues.after(first) < 0 ? 0 : gather.gather(queues, slot);
        int length = header != 0 ? gather.length() : queues.length(first);
        boolean zeroCopy = length >= zeroCopyBytes && mayZeroCopy();
        long sqe = zeroCopy ? zeroCopy(slot, header != 0 ? gather.pieces() : 1, header != 0)
                : ring.prepare(header != 0 ? Abi.OP_SENDMSG : Abi.OP_SEND, Abi.SQE_CQE_SKIP_SUCCESS, table.fd(slot),
                        Operation.data(Operation.SEND, 0, prepared));
        if (header != 0) {
            Memory.putLong(sqe + ADDRESS_OFFSET, header);
            Memory.putLong(sqe + LENGTH_OFFSET, 1 | (long) MSG_FLAGS << 32);
        } else {
            Memory.putLong(sqe + ADDRESS_OFFSET, queues.buffer(first).address() + queues.offset(first));
            Memory.putLong(sqe + LENGTH_OFFSET, length | (long) MSG_FLAGS << 32);
        }
        slots[index] = slot;
        places[index] = ring.lastPrepared();
        lengths[index] = length;
        results[index] = length;
        prepared++;
        table.set(slot, ConnectionTable.SENDING);
        counters.sendOperations.increment();
    }

    private boolean mayZeroCopy() {
        if (copiesLeft == 0) {
            return true;
        }
        copiesLeft--;
        return false;
    }

    private long zeroCopy(int slot, int pieces, boolean gathered) {
        int hold = holds.begin(prepared);
        int entry = queues.first(slot);
        for (int i = 0; i < pieces; i++) {
            holds.add(hold, queues.buffer(entry));
            entry = queues.after(entry);
        }
        counters.zeroCopySends.increment();
        long sqe = ring.prepare(gathered ? Abi.OP_SENDMSG_ZC : Abi.OP_SEND_ZC, 0, table.fd(slot),
                Operation.data(Operation.SEND_ZC, 0, hold));
        Memory.putShort(sqe + IO_PRIORITY_OFFSET, zeroCopyPriority);
        return sqe;
    }

    /** Moves the operations that are not through to where they belong in longer arrays. */
    private void grow() {
        slots = longer(slots);
        places = longer(places);
        lengths = longer(lengths);
        results = longer(results);
    }

    private int[] longer(int[] numbers) {
        int[] longer = new int[numbers.length * 2];
        for (int operation = finished; operation != prepared; operation++) {
            longer[operation & longer.length - 1] = numbers[operation & numbers.length - 1];
        }
        return longer;
    }

    /**
     * Learns how the submitted operations ended, after entering and before any completion of it is processed.
     *
     * @param end place behind the last completion, read after entering
     * @return whether {@link #next} may be asked: not while completions wait outside of the queue, because one of them may
     *         say that a send failed
     */
    boolean collect(int end) {
        if (prepared == finished) {
            return false;
        }
        int place = ring.completions();
        if (scanned - place > 0) {
            place = scanned;
        }
        for (; place != end; place++) {
            long completion = ring.completion(place);
            long data = Memory.getLong(completion);
            int operation = Operation.of(data);
            if (operation == Operation.SEND) {
                results[Operation.place(data) & results.length - 1] = Memory.getInt(completion + 8);
            } else if (operation == Operation.SEND_ZC) {
                collectZeroCopy(Operation.place(data), Memory.getInt(completion + 8), Memory.getInt(completion + 12));
            }
        }
        scanned = end;
        if (ring.overflowed()) {
            return false;
        }
        while (through != prepared && ring.isSubmitted(places[through & places.length - 1])) {
            through++;
        }
        return true;
    }

    private void collectZeroCopy(int hold, int result, int flags) {
        if ((flags & Abi.CQE_F_NOTIF) != 0) {
            return;
        }
        int place = holds.operation(hold) & results.length - 1;
        if (result == -Errno.ENOMEM || result == -Errno.ENOBUFS || result == -Errno.EOPNOTSUPP || result == -Errno.EINVAL) {
            counters.zeroCopyRefusals.increment();
            if (result == -Errno.EOPNOTSUPP || result == -Errno.EINVAL) {
                zeroCopyBytes = Integer.MAX_VALUE;
            } else {
                copiesLeft = 1 + COPIES_AFTER_SHORTAGE;
            }
            results[place] = -Errno.EAGAIN;
        } else {
            results[place] = result;
        }
        if ((flags & Abi.CQE_F_MORE) == 0) {
            holds.release(hold);
        }
    }

    /**
     * Takes the completion of a zero-copy send that says that the network is through with the buffers; those that
     * {@link #collect} has seen are passed over.
     *
     * @param hold   place of its user data
     * @param result of it
     * @param flags  of it
     */
    void notified(int hold, int result, int flags) {
        if ((flags & Abi.CQE_F_NOTIF) != 0) {
            if ((result & Abi.NOTIF_USAGE_COPIED) != 0) {
                counters.zeroCopyCopied.increment();
            }
            holds.release(hold);
        }
    }

    /**
     * How many sends the network may still read the buffers of.
     *
     * @return sends that are over but not notified
     */
    int held() {
        return holds.count();
    }

    /**
     * The next operation that is through.
     *
     * @return true if {@link #slot}, {@link #length} and {@link #result} tell of another one
     */
    boolean next() {
        if (finished == through) {
            return false;
        }
        current = finished++ & slots.length - 1;
        return true;
    }

    int slot() {
        return slots[current];
    }

    int length() {
        return lengths[current];
    }

    /**
     * How it ended.
     *
     * @return bytes sent, or {@code -errno}
     */
    int result() {
        return results[current];
    }

    /**
     * Whether a failed send is to be tried again when the socket takes bytes.
     *
     * @param result of it
     * @return true for EAGAIN and shortages
     */
    static boolean isPassing(int result) {
        return result >= 0 || result == -Errno.EAGAIN || result == -Errno.EINTR || result == -Errno.ENOBUFS
                || result == -Errno.ENOMEM;
    }
}
