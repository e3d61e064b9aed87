package io.hioload.reactor.internal;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIZ_Result;

/** What other threads see of a connection: unsent bytes never go back in time, and an end is an end. */
@JCStressTest
@Outcome(id = {"0, 0, .*", "0, 5, .*", "5, 5, .*", "0, 9, .*", "5, 9, .*", "9, 9, .*"}, expect = Expect.ACCEPTABLE, desc = "In order.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Back in time, or a value that never was.")
@State
public class ReactorConnectionStress {

    private final ReactorConnection connection = new ReactorConnection(null, 1, null, ReactorConnection.OPEN);

    @Actor
    public void reactor() {
        connection.held(5);
        connection.held(9);
        connection.clear(ReactorConnection.OPEN);
    }

    @Actor
    public void other(IIZ_Result r) {
        r.r1 = connection.unsentBytes();
        r.r2 = connection.unsentBytes();
        r.r3 = connection.isOpen();
    }
}
