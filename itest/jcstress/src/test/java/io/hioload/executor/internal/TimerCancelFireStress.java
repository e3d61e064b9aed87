package io.hioload.executor.internal;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A timer is cancelled in the moment in which it is due: it runs or it was cancelled, and its slot comes back once. */
@JCStressTest
@Outcome(id = "true, false, true", expect = Expect.ACCEPTABLE, desc = "Cancelled, and on its way back.")
@Outcome(id = "false, true, false", expect = Expect.ACCEPTABLE, desc = "Too late: it ran.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both or neither, or the slot is lost.")
@State
public class TimerCancelFireStress {

    private final TimerSlots slots = new TimerSlots();
    private final long timer;

    public TimerCancelFireStress() {
        timer = slots.open(() -> {
        }, 0);
        slots.accept(slots.takeSent());
    }

    @Actor
    public void cancels(ZZZ_Result r) {
        r.r1 = slots.cancel(timer);
    }

    @Actor
    public void fires(ZZZ_Result r) {
        r.r2 = slots.fire((int) timer) != null;
    }

    @Arbiter
    public void end(ZZZ_Result r) {
        r.r3 = slots.takeSent() == (int) timer;
    }
}
