package io.hioload.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two elements and two consumers, one of which adds another: each element comes once, published. */
@JCStressTest
@Outcome(id = {"1, 2, 4", "2, 1, 4"}, expect = Expect.ACCEPTABLE, desc = "Each once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled or not published.")
@State
public class MpmcRingStress {

    private final Ring<int[]> ring = Rings.mpmc(4);

    public MpmcRingStress() {
        ring.offer(new int[]{1});
        ring.offer(new int[]{2});
    }

    @Actor
    public void first(III_Result r) {
        r.r1 = ring.poll()[0];
        ring.offer(new int[]{4});
    }

    @Actor
    public void second(III_Result r) {
        r.r2 = ring.poll()[0];
    }

    @Arbiter
    public void rest(III_Result r) {
        for (int[] left = ring.poll(); left != null; left = ring.poll()) {
            r.r3 += left[0];
        }
    }
}
