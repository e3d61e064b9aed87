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
 */
final class Sends {

    private static final int MSG_FLAGS = 0x40 | 0x100 | 0x4000; // MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL
    private static final int ADDRESS_OFFSET = 16;
    private static final int LENGTH_OFFSET = 24;

    private final Ring ring;
    private final ConnectionTable table;
    private final SendQueues queues;
    private final UringCounters counters;
    private final GatherMemory gather;

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

    Sends(Ring ring, Arena arena, ConnectionTable table, SendQueues queues, UringCounters counters) {
        this.ring = ring;
        this.table = table;
        this.queues = queues;
        this.counters = counters;
        gather = new GatherMemory(arena);
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
     * @return how many, counting those to be prepared
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
        if (prepared == finished) {
            prepared = 0;
            through = 0;
            finished = 0;
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
        int index = prepared;
        if (index == slots.length) {
            grow();
        }
        long data = Operation.data(Operation.SEND, 0, index);
        int first = queues.first(slot);
        long header = queues.after(first) < 0 ? 0 : gather.gather(queues, slot);
        long sqe;
        int length;
        if (header != 0) {
            sqe = ring.prepare(Abi.OP_SENDMSG, Abi.SQE_CQE_SKIP_SUCCESS, table.fd(slot), data);
            length = gather.length();
            Memory.putLong(sqe + ADDRESS_OFFSET, header);
            Memory.putLong(sqe + LENGTH_OFFSET, 1 | (long) MSG_FLAGS << 32);
        } else {
            sqe = ring.prepare(Abi.OP_SEND, Abi.SQE_CQE_SKIP_SUCCESS, table.fd(slot), data);
            length = queues.length(first);
            Memory.putLong(sqe + ADDRESS_OFFSET, queues.buffer(first).address() + queues.offset(first));
            Memory.putLong(sqe + LENGTH_OFFSET, length | (long) MSG_FLAGS << 32);
        }
        slots[index] = slot;
        places[index] = ring.lastPrepared();
        lengths[index] = length;
        results[index] = length;
        prepared = index + 1;
        table.set(slot, ConnectionTable.SENDING);
        counters.sendOperations.increment();
    }

    private void grow() {
        int after = slots.length * 2;
        slots = Arrays.copyOf(slots, after);
        places = Arrays.copyOf(places, after);
        lengths = Arrays.copyOf(lengths, after);
        results = Arrays.copyOf(results, after);
    }

    /**
     * Learns how the submitted operations ended, after entering and before any completion of it is processed.
     *
     * @return whether {@link #next} may be asked: not while completions wait outside of the queue, because one of them may
     *         say that a send failed
     */
    boolean collect() {
        if (prepared == finished) {
            return false;
        }
        int end = ring.completionsEnd();
        int place = ring.completions();
        if (scanned - place > 0) {
            place = scanned;
        }
        for (; place != end; place++) {
            long completion = ring.completion(place);
            long data = Memory.getLong(completion);
            if (Operation.of(data) == Operation.SEND) {
                results[Operation.place(data)] = Memory.getInt(completion + 8);
            }
        }
        scanned = end;
        if (ring.overflowed()) {
            return false;
        }
        while (through != prepared && ring.isSubmitted(places[through])) {
            through++;
        }
        return true;
    }

    /**
     * The next operation that is through.
     *
     * @return a number for the accessors below, or -1
     */
    int next() {
        return finished != through ? finished++ : -1;
    }

    int slot(int operation) {
        return slots[operation];
    }

    int length(int operation) {
        return lengths[operation];
    }

    /**
     * How it ended.
     *
     * @param operation from {@link #next}
     * @return bytes sent, or {@code -errno}
     */
    int result(int operation) {
        return results[operation];
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
