package io.hioload.reactor.internal;

import io.hioload.concurrent.Cancelable;
import io.hioload.reactor.RebalancePolicy;
import java.util.concurrent.RejectedExecutionException;

/**
 * Looks at the reactors' loads in every period and sends connections from the busiest to the idlest, as the policy says. Runs
 * as a timer of reactor 0, whose thread it belongs to.
 *
 * <p>How many: half of the difference, as a part of the busy reactor's connections; which of them are busy is not known, and
 * need not be when there are many. A single connection that keeps a reactor busy is left alone: it would be as much on the
 * other one. When a move has not brought the difference down, the rest behind the next one is twice as long, up to
 * {@link #MOST_RESTS} times.
 */
final class Rebalancer implements Runnable {

    private static final int MOST_RESTS = 32;

    private final EventLoopGroup group;
    private RebalancePolicy policy = RebalancePolicy.OFF;
    private Cancelable timer;
    private long[] busyNs = {};
    private long lookedNs;
    private int rest;
    private int rests = 1;
    private int differenceBefore;

    Rebalancer(EventLoopGroup group) {
        this.group = group;
    }

    /** On reactor 0: goes on by another policy. */
    void policy(RebalancePolicy next) {
        if (next.equals(policy)) {
            return;
        }
        policy = next;
        rest = 0;
        rests = 1;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (policy.periodNs() > 0) {
            read(group.loops());
            again();
        }
    }

    private void again() {
        try {
            timer = group.loops()[0].schedule(this, policy.periodNs());
        } catch (RejectedExecutionException e) {
            timer = null; // the reactor ends
        }
    }

    private void read(EventLoop[] loops) {
        busyNs = new long[loops.length];
        for (int i = 0; i < loops.length; i++) {
            busyNs[i] = loops[i].count().busyNs.get();
        }
        lookedNs = System.nanoTime();
    }

    @Override
    public void run() {
        EventLoop[] loops = group.loops();
        long[] before = busyNs;
        long sinceNs = Math.max(1, System.nanoTime() - lookedNs);
        read(loops);
        // With another number of reactors than before, this period tells nothing.
        if (before.length == loops.length && loops.length > 1) {
            judge(loops, before, sinceNs);
        }
        again();
    }

    private void judge(EventLoop[] loops, long[] before, long sinceNs) {
        int busiest = 0;
        int idlest = 0;
        int[] percent = new int[loops.length];
        for (int i = 0; i < loops.length; i++) {
            percent[i] = (int) Math.min(100, (busyNs[i] - before[i]) * 100 / sinceNs);
            busiest = percent[i] > percent[busiest] ? i : busiest;
            idlest = percent[i] < percent[idlest] ? i : idlest;
        }
        int difference = percent[busiest] - percent[idlest];
        if (rest > 0) {
            rest--;
            return;
        }
        boolean wanted = percent[busiest] >= policy.busyPercent() && difference >= policy.differencePercent();
        long connections = loops[busiest].count().connections.get();
        int count = wanted ? (int) (connections * difference / (2 * percent[busiest])) : 0;
        if (count == 0) {
            rests = 1;
            differenceBefore = 0;
            return;
        }
        rests = differenceBefore > 0 && difference >= differenceBefore ? Math.min(MOST_RESTS, rests * 2) : 1;
        differenceBefore = difference;
        rest = policy.restPeriods() * rests;
        EventLoop from = loops[busiest];
        EventLoop to = loops[idlest];
        Question.ask(from, null, () -> {
            from.count().rebalances.increment();
            from.transports().departures().shed(count, to);
            return null;
        });
    }
}
