package io.hioload.session.internal;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two threads set the same flag, one of them takes another away: one is first, and no flag is lost. */
@JCStressTest
@Outcome(id = {"true, false, 2", "false, true, 2"}, expect = Expect.ACCEPTABLE, desc = "One was first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both or none was first, or a flag is wrong.")
@State
public class SessionFlagsStress extends SessionFlags {

    public SessionFlagsStress() {
        mark(DEFERRED);
    }

    @Actor
    public void first(ZZI_Result r) {
        r.r1 = (mark(CLOSE_ASKED) & NOT_OPEN) == 0;
    }

    @Actor
    public void second(ZZI_Result r) {
        r.r2 = (mark(CLOSE_ASKED) & NOT_OPEN) == 0;
        unmark(DEFERRED);
    }

    @Arbiter
    public void end(ZZI_Result r) {
        r.r3 = flags;
    }
}
