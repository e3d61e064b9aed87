package io.hioload.executor.internal;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two threads start timers while another timer's slot comes free: nobody shares a slot, and both arrive. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Two slots, both sent.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A slot was given out twice, or lost on its way.")
@State
public class TimerOpenStress {

    private static final Runnable NOTHING = () -> {
    };

    private final TimerSlots slots = new TimerSlots();
    private final int waiting;
    private long first;
    private long second;

    public TimerOpenStress() {
        slots.open(NOTHING, 0);
        waiting = slots.takeSent();
        slots.accept(waiting);
    }

    @Actor
    public void first() {
        first = slots.open(NOTHING, 1);
    }

    @Actor
    public void second() {
        slots.fire(waiting);
        second = slots.open(NOTHING, 2);
    }

    @Arbiter
    public void end(ZZ_Result r) {
        r.r1 = (int) first != (int) second;
        int one = slots.takeSent();
        int other = one < 0 ? one : slots.next(one);
        r.r2 = one != other && one >= 0 && other >= 0 && slots.next(other) < 0;
    }
}
