package io.hioload.transport.iouring;

import io.hioload.buffer.Buffer;
import java.util.Arrays;

/**
 * The buffers that the network may still read after their send is over: a zero-copy send keeps the pages until the peer has
 * acknowledged them, and only then comes its notification (io_uring_prep_send_zc(3)). The loop's thread only. Owns one
 * reference of each buffer beside that of the send queue, so the sender hears of the end as soon as of a copying send's,
 * and the memory is nobody else's before its time.
 *
 * <p>Cost: a retain and a release, and a few array accesses for each buffer.
 */
final class ZeroCopyHolds {

    private static final int NONE = -1;

    private Buffer[] buffers = new Buffer[0];
    private int[] operations = new int[0];
    private int[] next = new int[0];
    private int free = NONE;
    private int count;

    /**
     * Begins to hold the buffers of one send.
     *
     * @param operation the send
     * @return names what is held together
     */
    int begin(int operation) {
        int hold = take();
        operations[hold] = operation;
        count++;
        return hold;
    }

    private int take() {
        if (free == NONE) {
            int before = next.length;
            int after = Math.max(16, before * 2);
            buffers = Arrays.copyOf(buffers, after);
            operations = Arrays.copyOf(operations, after);
            next = Arrays.copyOf(next, after);
            for (int i = before; i < after; i++) {
                next[i] = i + 1 < after ? i + 1 : NONE;
            }
            free = before;
        }
        int place = free;
        free = next[place];
        next[place] = NONE;
        return place;
    }

    /**
     * Holds a buffer.
     *
     * @param hold   from {@link #begin}
     * @param buffer gets one more reference
     */
    void add(int hold, Buffer buffer) {
        if (buffers[hold] == null) {
            buffers[hold] = buffer.retain();
            return;
        }
        int place = take();
        buffers[place] = buffer.retain();
        next[place] = next[hold];
        next[hold] = place;
    }

    int operation(int hold) {
        return operations[hold];
    }

    /** The network is through with all that is held together. */
    void release(int hold) {
        count--;
        int place = hold;
        while (place != NONE) {
            Buffer buffer = buffers[place];
            buffers[place] = null;
            int after = next[place];
            next[place] = free;
            free = place;
            place = after;
            buffer.release();
        }
    }

    /**
     * How many sends are not notified.
     *
     * @return sends whose buffers are held
     */
    int count() {
        return count;
    }
}
