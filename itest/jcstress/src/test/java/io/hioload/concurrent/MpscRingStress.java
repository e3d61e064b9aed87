package io.hioload.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two producers, one of which drains as well: each element comes once, published. */
@JCStressTest
@Outcome(id = {"0, 3", "1, 2", "2, 1", "3, 0"}, expect = Expect.ACCEPTABLE, desc = "Sum of what was drained, sum of the rest.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled or not published.")
@State
public class MpscRingStress {

    private final Ring<int[]> ring = Rings.mpsc(4);
    private final Batch<int[]> batch = new Batch<>(4);

    @Actor
    public void first() {
        ring.offer(new int[]{1});
    }

    @Actor
    public void second(II_Result r) {
        ring.offer(new int[]{2});
        ring.drain(batch);
        for (int i = 0; i < batch.size(); i++) {
            r.r1 += batch.get(i)[0];
        }
    }

    @Arbiter
    public void rest(II_Result r) {
        for (int[] left = ring.poll(); left != null; left = ring.poll()) {
            r.r2 += left[0];
        }
    }
}
