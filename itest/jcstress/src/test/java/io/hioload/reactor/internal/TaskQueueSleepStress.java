package io.hioload.reactor.internal;

import io.hioload.control.Counters;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** The reactor falls asleep while a task comes: it does not sleep, or the task is still to be had by whoever wakes it. */
@JCStressTest
@Outcome(id = {"true, 1", "false, 1"}, expect = Expect.ACCEPTABLE, desc = "Slept or not, the task ran when it was awake.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The task was lost.")
@State
public class TaskQueueSleepStress {

    private static final LoopCounters COUNT = new LoopCounters(new Counters());

    private final TaskQueue tasks = new TaskQueue(4, 4, COUNT);
    private volatile int ran;

    @Actor
    public void producer() {
        tasks.offer(() -> ran++);
    }

    @Actor
    public void reactor(ZI_Result r) {
        r.r1 = tasks.fallAsleep();
    }

    @Arbiter
    public void end(ZI_Result r) {
        tasks.awake();
        tasks.run();
        r.r2 = ran;
    }
}
