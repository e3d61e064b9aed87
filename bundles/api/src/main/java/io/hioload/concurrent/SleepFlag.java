package io.hioload.concurrent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Says whether the consumer of a queue sleeps or is about to, so that a producer pays for a wake-up only then. One for each
 * consumer; {@link #fallAsleep} and {@link #awake} are for the consumer, {@link #takeWakeup} for any thread.
 *
 * <p>It is Dekker's pattern. The consumer stores the flag and then looks into its queue; a producer stores into the queue
 * and then looks at the flag. Each side puts a full fence between its store and its load, so at least one of them sees
 * the other's store: either the consumer finds the element, or the producer finds the flag and wakes the consumer. Release
 * and acquire would not do: they let a load pass an earlier store to another place.
 *
 * <p>Cost: one full fence for each sleep and one for each element offered; the wake-up itself is taken by one
 * producer only, by compare-and-swap.
 */
public final class SleepFlag {

    private static final VarHandle ASLEEP;

    static {
        try {
            ASLEEP = MethodHandles.lookup().findVarHandle(SleepFlag.class, "asleep", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private boolean asleep;

    /** Makes the flag of a consumer that is awake. */
    public SleepFlag() {
    }

    /** Consumer: from now on producers wake. The queue must be looked into after this and before sleeping. */
    public void fallAsleep() {
        ASLEEP.setOpaque(this, true);
        VarHandle.fullFence();
    }

    /** Consumer: awake again. Pairs with nothing: a producer that still sees the flag makes a needless wake-up. */
    public void awake() {
        ASLEEP.setOpaque(this, false);
    }

    /**
     * Producer: to be asked after its element is in the queue.
     *
     * @return true if the caller, and only the caller, has to wake the consumer
     */
    public boolean takeWakeup() {
        VarHandle.fullFence();
        return (boolean) ASLEEP.getOpaque(this) && ASLEEP.compareAndSet(this, true, false);
    }
}
