package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A slot that one of two takers gives back comes out once, to one of them. */
@JCStressTest
@Outcome(id = {"0, 0, 1", "0, 1, 0", "1, 0, 0"}, expect = Expect.ACCEPTABLE, desc = "To one of them, or still there.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost or given out twice.")
@State
public class SharedBinStress {

    private static final NodeSlabs SLABS = new NodeSlabs(null, 0, 1 << 16);

    private final SharedBin bin = new SharedBin(SLABS, 4096);
    private final Buffer slot = new Buffer(bin, 1 << 20, 4096, 0);

    @Actor
    public void first(III_Result r) {
        bin.recycle(slot);
        r.r1 = bin.poll() == slot ? 1 : 0;
    }

    @Actor
    public void second(III_Result r) {
        r.r2 = bin.poll() == slot ? 1 : 0;
    }

    @Arbiter
    public void rest(III_Result r) {
        r.r3 = bin.poll() == slot ? 1 : 0;
    }
}
