package io.hioload.buffer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** One holder passes a reference on while the other lets go: the slot stays out until the last one has come back. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Not home while a reference is out, home once afterwards.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Home too early, never or twice.")
@State
public class BufferRetainStress implements Buffer.Home {

    private final Buffer buffer = new Buffer(this, 1 << 20, 64, 0);
    private volatile int recycled;

    public BufferRetainStress() {
        buffer.open();
        buffer.retain();
    }

    @Override
    public void recycle(Buffer released) {
        recycled++;
    }

    @Actor
    public void shares() {
        buffer.retain();
        buffer.release();
    }

    @Actor
    public void leaves() {
        buffer.release();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = recycled;
        buffer.release();
        r.r2 = recycled;
    }
}
