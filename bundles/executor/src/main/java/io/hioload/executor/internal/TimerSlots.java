package io.hioload.executor.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The timers of a scheduler by number, and how they come and go between threads. A slot is, one after the other:
 * <em>free</em>; <em>sent</em> by {@link #open}, on its way to the scheduler's thread; <em>waiting</em> in its wheel;
 * then free again because it fired, or <em>cancelled</em> and on its way back. Who wins the compare-and-swap of a slot's state
 * decides whether its task runs.
 *
 * <p>Threads: {@link #open} and {@link #cancel} any; {@link #takeSent}, {@link #next}, {@link #accept}, {@link #fire} and
 * {@link #free} the scheduler's; {@link #hasSent} any.
 *
 * <p>Both lists are Treiber's stacks linked through the slots (IBM RJ 5118, 1986). Slots are taken off the free list by many
 * threads, so its head has a tag against ABA; sent ones are taken all at once, which needs none. A slot is in one list at the
 * most. The compare-and-swap on a head publishes what was stored in the slot before it.
 *
 * <p>Memory comes in chunks of 4,096 slots, 24 bytes each, and is kept.
 */
final class TimerSlots {

    private static final int CHUNK_BITS = 12;
    private static final int CHUNK_SLOTS = 1 << CHUNK_BITS;
    private static final int NONE = -1;

    // The low bits of a state; the generation stands above them.
    private static final int PHASE_BITS = 2;
    private static final long PHASE = (1 << PHASE_BITS) - 1;
    private static final long FREE = 0;
    private static final long SENT = 1;
    private static final long WAITING = 2;
    private static final long CANCELLED = 3;
    private static final long GENERATIONS = (1L << 31) - 1;

    private static final VarHandle STATES = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle FREE_HEAD;
    private static final VarHandle SENT_HEAD;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            FREE_HEAD = lookup.findVarHandle(TimerSlots.class, "freeHead", long.class);
            SENT_HEAD = lookup.findVarHandle(TimerSlots.class, "sentHead", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Chunk {
        final long[] states = new long[CHUNK_SLOTS];
        final long[] deadlines = new long[CHUNK_SLOTS];
        final Runnable[] tasks = new Runnable[CHUNK_SLOTS];
        final int[] links = new int[CHUNK_SLOTS];
    }

    /** Copied when it grows, under the lock of this object. */
    private volatile Chunk[] chunks = {};
    /** Tag in the high half, slot + 1 in the low one. */
    private volatile long freeHead;
    private volatile int sentHead = NONE;

    /**
     * Takes a slot and sends it to the scheduler.
     *
     * @param task       what to run
     * @param deadlineNs when, on the scheduler's clock
     * @return the timer: generation &lt;&lt; 32 | slot
     */
    long open(Runnable task, long deadlineNs) {
        int slot = takeFree();
        Chunk chunk = chunkOf(slot);
        int i = slot & CHUNK_SLOTS - 1;
        long generation = (long) STATES.getAcquire(chunk.states, i) >>> PHASE_BITS;
        chunk.tasks[i] = task;
        chunk.deadlines[i] = deadlineNs;
        STATES.setRelease(chunk.states, i, generation << PHASE_BITS | SENT);
        send(chunk, slot);
        return generation << 32 | slot;
    }

    private int takeFree() {
        while (true) {
            long head = freeHead;
            int slot = (int) head - 1;
            if (slot == NONE) {
                grow(head);
                continue;
            }
            // May be read while another thread has the slot already; then the tag differs and the swap fails.
            int behind = chunkOf(slot).links[slot & CHUNK_SLOTS - 1];
            if (FREE_HEAD.compareAndSet(this, head, nextTag(head) | behind + 1)) {
                return slot;
            }
        }
    }

    private static long nextTag(long head) {
        return (head >>> 32) + 1 << 32;
    }

    private synchronized void grow(long seen) {
        if (freeHead != seen) {
            return;
        }
        Chunk chunk = new Chunk();
        int first = chunks.length << CHUNK_BITS;
        for (int i = 0; i < CHUNK_SLOTS - 1; i++) {
            chunk.links[i] = first + i + 1;
        }
        Chunk[] more = Arrays.copyOf(chunks, chunks.length + 1);
        more[chunks.length] = chunk;
        chunks = more;
        pushFree(chunk, first, first + CHUNK_SLOTS - 1);
    }

    private void pushFree(Chunk chunk, int first, int last) {
        long head;
        do {
            head = freeHead;
            chunk.links[last & CHUNK_SLOTS - 1] = (int) head - 1;
        } while (!FREE_HEAD.compareAndSet(this, head, nextTag(head) | first + 1));
    }

    private void send(Chunk chunk, int slot) {
        int head;
        do {
            head = sentHead;
            chunk.links[slot & CHUNK_SLOTS - 1] = head;
        } while (!SENT_HEAD.compareAndSet(this, head, slot));
    }

    /**
     * Calls a timer off.
     *
     * @param timer from {@link #open}, or any other number
     * @return true if it will not run because of this call
     */
    boolean cancel(long timer) {
        int slot = (int) timer;
        Chunk[] now = chunks;
        if (timer < 0 || slot < 0 || slot >>> CHUNK_BITS >= now.length) {
            return false;
        }
        Chunk chunk = now[slot >>> CHUNK_BITS];
        int i = slot & CHUNK_SLOTS - 1;
        long mine = timer >>> 32 << PHASE_BITS;
        while (true) {
            long state = (long) STATES.getVolatile(chunk.states, i);
            if (state != (mine | SENT) && state != (mine | WAITING)) {
                return false;
            }
            if (STATES.compareAndSet(chunk.states, i, state, mine | CANCELLED)) {
                if (state == (mine | WAITING)) {
                    send(chunk, slot);
                }
                return true;
            }
        }
    }

    /** Whether something was sent. Ordered after every volatile write that the caller made before. */
    boolean hasSent() {
        return sentHead != NONE;
    }

    /** Takes all that was sent: the first slot, or a negative number; {@link #next} leads on. */
    int takeSent() {
        return (int) SENT_HEAD.getAndSet(this, NONE);
    }

    /** The slot behind a sent one; to be asked before anything is done with that. */
    int next(int slot) {
        return chunkOf(slot).links[slot & CHUNK_SLOTS - 1];
    }

    long deadlineNs(int slot) {
        return chunkOf(slot).deadlines[slot & CHUNK_SLOTS - 1];
    }

    /** A sent slot begins to wait; false if it is cancelled, and then it is to be freed. */
    boolean accept(int slot) {
        long[] states = chunkOf(slot).states;
        int i = slot & CHUNK_SLOTS - 1;
        long state = (long) STATES.getVolatile(states, i);
        return (state & PHASE) == SENT && STATES.compareAndSet(states, i, state, state ^ SENT ^ WAITING);
    }

    /**
     * The end of a waiting slot's time. It is free afterwards.
     *
     * @return its task, or {@code null} if it is cancelled: then it is sent, or about to be
     */
    Runnable fire(int slot) {
        Chunk chunk = chunkOf(slot);
        int i = slot & CHUNK_SLOTS - 1;
        long state = (long) STATES.getVolatile(chunk.states, i);
        if ((state & PHASE) != WAITING || !STATES.compareAndSet(chunk.states, i, state, freeAgain(state))) {
            return null;
        }
        Runnable task = chunk.tasks[i];
        chunk.tasks[i] = null;
        pushFree(chunk, slot, slot);
        return task;
    }

    /** Frees a cancelled slot that was sent. */
    void free(int slot) {
        Chunk chunk = chunkOf(slot);
        int i = slot & CHUNK_SLOTS - 1;
        chunk.tasks[i] = null;
        STATES.setRelease(chunk.states, i, freeAgain((long) STATES.getVolatile(chunk.states, i)));
        pushFree(chunk, slot, slot);
    }

    private static long freeAgain(long state) {
        return ((state >>> PHASE_BITS) + 1 & GENERATIONS) << PHASE_BITS | FREE;
    }

    private Chunk chunkOf(int slot) {
        return chunks[slot >>> CHUNK_BITS];
    }

    /** Slots for which there is memory. Any thread. */
    int capacity() {
        return chunks.length << CHUNK_BITS;
    }
}
