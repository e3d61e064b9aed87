package io.hioload.executor.internal;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two tasks for one place: one is refused, the other is there once. */
@JCStressTest
@Outcome(id = {"true, false, 1", "false, true, 1"}, expect = Expect.ACCEPTABLE, desc = "One is queued.")
@Outcome(id = "false, false, 0", expect = Expect.FORBIDDEN, desc = "Both refused.")
@Outcome(expect = Expect.FORBIDDEN, desc = "More than the limit, or lost.")
@State
public class NodeQueueStress {

    private static final Runnable NOTHING = () -> {
    };

    private final NodeQueue queue = new NodeQueue(0, 1);

    @Actor
    public void first(ZZI_Result r) {
        r.r1 = queue.offer(NOTHING);
    }

    @Actor
    public void second(ZZI_Result r) {
        r.r2 = queue.offer(NOTHING);
    }

    @Arbiter
    public void end(ZZI_Result r) {
        while (queue.poll() != null) {
            r.r3++;
        }
    }
}
