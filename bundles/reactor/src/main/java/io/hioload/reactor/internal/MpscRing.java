package io.hioload.reactor.internal;

import io.hioload.concurrent.Batch;
import io.hioload.concurrent.Ring;
import java.util.List;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * The way into a reactor: any thread offers, the reactor's thread alone drains and asks {@link #isEmpty}.
 *
 * <p>Cost: an offer is one compare-and-swap on the producer index and one release store of the element (JCTools' MPSC
 * array queue); a drain has no locked instruction. Draining does not wait for a producer that has claimed its place but
 * not stored its element yet; {@link #isEmpty} is false then, so the consumer comes back.
 *
 * @param <E> what it carries
 */
final class MpscRing<E> implements Ring<E> {

    private final MpscVarHandleArrayQueue<E> queue;

    /**
     * Makes an empty ring.
     *
     * @param capacitySlots rounded up to a power of two
     */
    MpscRing(int capacitySlots) {
        queue = new MpscVarHandleArrayQueue<>(Math.max(2, capacitySlots));
    }

    @Override
    public boolean offer(E element) {
        return queue.offer(element);
    }

    @Override
    public int drain(Batch<E> batch) {
        int moved = 0;
        for (int room = batch.capacity() - batch.size(); moved < room; moved++) {
            E element = queue.relaxedPoll();
            if (element == null) {
                break;
            }
            batch.add(element);
        }
        return moved;
    }

    /**
     * Empties it for the last time, also of what a producer is just storing: waits for that one, a few instructions long.
     *
     * @param into takes the elements
     */
    void drainAll(List<E> into) {
        for (E element = queue.poll(); element != null; element = queue.poll()) {
            into.add(element);
        }
    }

    @Override
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    @Override
    public int capacity() {
        return queue.capacity();
    }
}
