package io.hioload.buffer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two holders let go: the slot goes home once, and who takes it home sees what both wrote. */
@JCStressTest
@Outcome(id = "1, 3", expect = Expect.ACCEPTABLE, desc = "Home once, both writes seen.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, or a write that comes later.")
@State
public class BufferReleaseStress implements Buffer.Home {

    private final Buffer buffer = new Buffer(this, 1 << 20, 64, 0);
    private int first;
    private int second;
    private int recycled;
    private int seen;

    public BufferReleaseStress() {
        buffer.open();
        buffer.retain();
    }

    @Override
    public void recycle(Buffer released) {
        recycled++;
        seen = first + second;
    }

    @Actor
    public void first() {
        first = 1;
        buffer.release();
    }

    @Actor
    public void second() {
        second = 2;
        buffer.release();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = recycled;
        r.r2 = seen;
    }
}
