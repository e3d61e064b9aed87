package io.hioload.executor.internal;

import io.hioload.concurrent.Ring;
import io.hioload.concurrent.Rings;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The tasks that wait for the workers of one NUMA node: bounded by a limit that can be changed at any time. Any thread.
 *
 * <p>The limit is a count, taken before a task is offered and given back after one is taken out, so a ring that has as many
 * slots as the limit never is full. A higher limit adds a longer ring behind those that are there; takers go from the oldest
 * to the newest, so nothing has to be moved and nothing gets lost under the hands of a producer. Rings double, so there are
 * never more than a few.
 *
 * <p>Cost: one locked instruction for the count and one for the ring, on each side.
 */
final class NodeQueue {

    private final int node;
    private final AtomicInteger queued = new AtomicInteger();
    private volatile Ring<Runnable>[] rings;
    private volatile int limit;
    /** Those that run this node's tasks first. Replaced as a whole. */
    private volatile Worker[] workers = {};

    @SuppressWarnings({"unchecked", "rawtypes"})
    NodeQueue(int node, int limit) {
        this.node = node;
        this.limit = limit;
        this.rings = new Ring[]{Rings.mpmc(limit)};
    }

    int node() {
        return node;
    }

    /** One thread at a time. */
    void limit(int most) {
        Ring<Runnable>[] now = rings;
        if (most > now[now.length - 1].capacity()) {
            Ring<Runnable>[] more = Arrays.copyOf(now, now.length + 1);
            more[now.length] = Rings.mpmc(most);
            rings = more;
        }
        limit = most;
    }

    Worker[] workers() {
        return workers;
    }

    void workers(Worker[] now) {
        workers = now;
    }

    /** False if as many wait as may. */
    boolean offer(Runnable task) {
        if (queued.getAndIncrement() >= limit) {
            queued.getAndDecrement();
            return false;
        }
        Ring<Runnable>[] now = rings;
        if (now[now.length - 1].offer(task)) {
            return true;
        }
        // The limit was raised, and its longer ring came, in between.
        queued.getAndDecrement();
        return false;
    }

    /** The oldest task, or {@code null}. */
    Runnable poll() {
        for (Ring<Runnable> ring : rings) {
            Runnable task = ring.poll();
            if (task != null) {
                queued.getAndDecrement();
                return task;
            }
        }
        return null;
    }

    boolean isEmpty() {
        for (Ring<Runnable> ring : rings) {
            if (!ring.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    int queued() {
        return queued.get();
    }

    /** Wakes one of its workers if one sleeps. */
    boolean wakeOne() {
        for (Worker worker : workers) {
            if (worker.wake()) {
                return true;
            }
        }
        return false;
    }
}
