package io.hioload.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Of two producers one wakes the sleeper. */
@JCStressTest
@Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "One wakes.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both or none.")
@State
public class SleepFlagWakeupStress {

    private final SleepFlag flag = new SleepFlag();

    public SleepFlagWakeupStress() {
        flag.fallAsleep();
    }

    @Actor
    public void first(ZZ_Result r) {
        r.r1 = flag.takeWakeup();
    }

    @Actor
    public void second(ZZ_Result r) {
        r.r2 = flag.takeWakeup();
    }
}
