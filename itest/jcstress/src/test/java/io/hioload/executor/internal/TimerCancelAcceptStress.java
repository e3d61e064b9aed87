package io.hioload.executor.internal;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A timer is cancelled while its scheduler takes it in: the scheduler finds it cancelled at once, or gets it back. */
@JCStressTest
@Outcome(id = "true, false, false", expect = Expect.ACCEPTABLE, desc = "Cancelled before it was accepted.")
@Outcome(id = "true, true, true", expect = Expect.ACCEPTABLE, desc = "Cancelled while it waited, and sent back.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Not cancelled, or its slot is lost or comes twice.")
@State
public class TimerCancelAcceptStress {

    private final TimerSlots slots = new TimerSlots();
    private final long timer = slots.open(() -> {
    }, 0);

    @Actor
    public void cancels(ZZZ_Result r) {
        r.r1 = slots.cancel(timer);
    }

    @Actor
    public void accepts(ZZZ_Result r) {
        r.r2 = slots.accept(slots.takeSent());
    }

    @Arbiter
    public void end(ZZZ_Result r) {
        r.r3 = slots.takeSent() == (int) timer;
    }
}
