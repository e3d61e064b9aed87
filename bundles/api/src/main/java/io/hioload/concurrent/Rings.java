package io.hioload.concurrent;

import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;

/**
 * Makes rings: JCTools' array queues on VarHandles. Any thread; a ring belongs to who keeps it.
 *
 * <p>Cost: an array of a power of two of references, made at once. The class of a ring is its kind, so a place in the code
 * that sees one kind calls it directly.
 */
public final class Rings {

    /** The least that all three kinds can be. */
    private static final int LEAST_SLOTS = 4;

    private Rings() {
    }

    /**
     * One producer, one consumer. Wait-free on both sides, no locked instruction (Giacomoni, Moseley, Vachharajani:
     * FastForward, PPoPP 2008).
     *
     * @param <E>           what it carries
     * @param capacitySlots rounded up to a power of two, at least 4
     * @return an empty ring
     */
    public static <E> Ring<E> spsc(int capacitySlots) {
        return new Spsc<>(slots(capacitySlots));
    }

    /**
     * Many producers, one consumer. An offer is one compare-and-swap on the producer index and one release store of the
     * element; the consumer's side has no locked instruction.
     *
     * @param <E>           what it carries
     * @param capacitySlots rounded up to a power of two, at least 4
     * @return an empty ring
     */
    public static <E> Ring<E> mpsc(int capacitySlots) {
        return new Mpsc<>(slots(capacitySlots));
    }

    /**
     * Many producers, many consumers. One compare-and-swap on each side and a sequence number for each slot (Vyukov's
     * bounded MPMC queue).
     *
     * @param <E>           what it carries
     * @param capacitySlots rounded up to a power of two, at least 4
     * @return an empty ring
     */
    public static <E> Ring<E> mpmc(int capacitySlots) {
        return new Mpmc<>(slots(capacitySlots));
    }

    private static int slots(int wanted) {
        if (wanted < 1 || wanted > 1 << 30) {
            throw new IllegalArgumentException("a ring of " + wanted + " slots, must be 1 to " + (1 << 30));
        }
        return Math.max(LEAST_SLOTS, wanted);
    }

    private static <E> int drain(MessagePassingQueue<E> queue, Batch<E> batch) {
        int moved = 0;
        for (int room = batch.room(); moved < room; moved++) {
            E element = queue.relaxedPoll();
            if (element == null) {
                break;
            }
            batch.add(element);
        }
        return moved;
    }

    private static final class Spsc<E> extends SpscVarHandleArrayQueue<E> implements Ring<E> {
        Spsc(int slots) {
            super(slots);
        }

        @Override
        public int drain(Batch<E> batch) {
            return Rings.drain(this, batch);
        }
    }

    private static final class Mpsc<E> extends MpscVarHandleArrayQueue<E> implements Ring<E> {
        Mpsc(int slots) {
            super(slots);
        }

        @Override
        public int drain(Batch<E> batch) {
            return Rings.drain(this, batch);
        }
    }

    private static final class Mpmc<E> extends MpmcVarHandleArrayQueue<E> implements Ring<E> {
        Mpmc(int slots) {
            super(slots);
        }

        @Override
        public int drain(Batch<E> batch) {
            return Rings.drain(this, batch);
        }
    }
}
