package io.hioload.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** What was stored in an element before the offer is seen by who takes it; elements come in order. */
@JCStressTest
@Outcome(id = {"0, 0", "1, 0", "1, 2"}, expect = Expect.ACCEPTABLE, desc = "As far as the producer was.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The first came between the two looks.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Out of order or not published.")
@State
public class SpscRingStress {

    private final Ring<int[]> ring = Rings.spsc(4);

    @Actor
    public void producer() {
        ring.offer(new int[]{1});
        ring.offer(new int[]{2});
    }

    @Actor
    public void consumer(II_Result r) {
        int[] first = ring.poll();
        int[] second = ring.poll();
        r.r1 = first == null ? 0 : first[0];
        r.r2 = second == null ? 0 : second[0];
    }
}
