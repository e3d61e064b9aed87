package io.hioload.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Either the consumer finds the element or the producer has to wake it: nothing is left lying beside a sleeper. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "Found before sleeping.")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Woken.")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Found, and woken needlessly.")
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "Asleep beside an element.")
@State
public class SleepFlagStress {

    private final SleepFlag flag = new SleepFlag();
    private final Ring<Integer> ring = Rings.mpsc(4);

    @Actor
    public void consumer(ZZ_Result r) {
        flag.fallAsleep();
        r.r1 = !ring.isEmpty();
    }

    @Actor
    public void producer(ZZ_Result r) {
        ring.offer(1);
        r.r2 = flag.takeWakeup();
    }
}
