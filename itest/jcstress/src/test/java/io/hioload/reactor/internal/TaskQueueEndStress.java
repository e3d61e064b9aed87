package io.hioload.reactor.internal;

import io.hioload.control.Counters;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** A task is offered while the reactor ends: either it was accepted and has run, or it was rejected and will not. */
@JCStressTest
@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "Accepted and run.")
@Outcome(id = "false, 0", expect = Expect.ACCEPTABLE, desc = "Rejected and not run.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Accepted and lost, or rejected and run.")
@State
public class TaskQueueEndStress {

    private static final LoopCounters COUNT = new LoopCounters(new Counters());

    private final TaskQueue tasks = new TaskQueue(4, 4, COUNT);
    private volatile int ran;

    @Actor
    public void producer(ZI_Result r) {
        r.r1 = tasks.offer(() -> ran++);
    }

    @Actor
    public void reactor() {
        tasks.end();
    }

    @Arbiter
    public void end(ZI_Result r) {
        r.r2 = ran;
    }
}
