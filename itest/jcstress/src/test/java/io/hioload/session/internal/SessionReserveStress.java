package io.hioload.session.internal;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two threads want room for 60 bytes each where 100 may wait: one gets it. */
@JCStressTest
@Outcome(id = {"true, false, 1060", "false, true, 1060"}, expect = Expect.ACCEPTABLE, desc = "One has room.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both, none, or bytes and a count that nobody has.")
@State
public class SessionReserveStress extends SessionFlags {

    @Actor
    public void first(ZZI_Result r) {
        r.r1 = reserve(60, 1, 100);
    }

    @Actor
    public void second(ZZI_Result r) {
        r.r2 = reserve(60, 1, 100);
    }

    @Arbiter
    public void end(ZZI_Result r) {
        r.r3 = 1000 * pendingCount() + pendingBytes();
    }
}
